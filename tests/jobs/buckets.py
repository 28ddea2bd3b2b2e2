"""A server in a process of its own that speaks S3, with one bucket."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any

import httpx

NAME = "lumiku-test"
PATIENCE = 60.0


@dataclass(frozen=True)
class Peer:
    """Where it listens."""

    endpoint: str

    def settings(self, prefix: str) -> dict[str, Any]:
        """What makes a kernel keep its files there."""
        return {
            "artifacts_url": f"s3://{NAME}/{prefix}",
            "artifacts_endpoint": self.endpoint,
            "artifacts_key_id": "test",
            "artifacts_secret": "test-secret",
            "artifacts_region": "us-east-1",
        }

    def environment(self, prefix: str) -> dict[str, str]:
        """The same, for a process."""
        return {f"LUMIKU_{k.upper()}": v for k, v in self.settings(prefix).items()}


@contextmanager
def peer_in(folder: Path) -> Iterator[Peer]:
    """Run it for as long as it is needed."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = "from moto.server import main; import sys; main(sys.argv[1:])"
    with (folder / "peer.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", program, "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
            env={k: v for k, v in os.environ.items() if "proxy" not in k.lower()},
        )
    peer = Peer(f"http://127.0.0.1:{port}")
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                made = httpx.put(f"{peer.endpoint}/{NAME}", trust_env=False)
            except httpx.TransportError:
                assert time.monotonic() < until, (folder / "peer.log").read_text()
                time.sleep(0.1)
                continue
            assert made.is_success, made.text
            break
        yield peer
    finally:
        process.kill()
        process.wait()
