"""Real processes on a data folder of their own, and what /proc says of them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import httpx

TICK = os.sysconf("SC_CLK_TCK")
TRIAL = Path(__file__).parents[1] / "tests" / "faults" / "trial"
PATIENCE = 300.0


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, its own threads only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_bytes(pid: int) -> int:
    """The most memory it has held."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def children(pid: int) -> dict[int, str]:
    """The children of a process and their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue
        if int(stat[1]) == pid:
            found[int(entry.name)] = words
    return found


class Site:
    """`lumiku up` on a folder; `start` may be called again after `stop`."""

    def __init__(
        self,
        folder: Path,
        *,
        plugins: str | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Nothing runs yet."""
        self._folder = folder
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_"))
        }
        self._environment = {
            **kept,
            "LUMIKU_DATA_DIR": str(folder / "data"),
            "LUMIKU_STOP_SECONDS": "1",
            "LUMIKU_RATE_LIMITS": "off",
            **settings,
        }
        if plugins is not None:
            self._environment["LUMIKU_PLUGINS"] = plugins
            self._environment["PYTHONPATH"] = str(TRIAL)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> float:
        """Start everything; seconds until it said that it is ready."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / "up.log"
        began = time.monotonic()
        with path.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lumiku_kernel.cli", "up", "--port", "0"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while time.monotonic() - began < PATIENCE:
            found = re.search(r"^ready (\S+)$", path.read_text(), re.MULTILINE)
            if found:
                self.url = found[1]
                return time.monotonic() - began
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(path.read_text())

    def stop(self) -> None:
        """End everything."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def command(self, *arguments: str) -> str:
        """What a command says."""
        return subprocess.run(
            [sys.executable, "-m", "lumiku_kernel.cli", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def client(self, *whose: str) -> httpx.Client:
        """The first operator's program, or that of somebody (`--as`, EMAIL)."""
        key = self.command("keys", "create", "bench", "--quiet", *whose)
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.Client(
            base_url=self.url, headers=headers, timeout=120, trust_env=False
        )

    def pid(self, command: str) -> int:
        """The server's (`serve`) or the worker process's (`work`)."""
        assert self._process is not None
        return self._named(self._process.pid, f"cli {command}")

    def runner(self) -> int:
        """The worker process's first runner."""
        return self._named(self.pid("work"), "jobs.runner")

    def runners(self) -> list[int]:
        """All of the worker process's runners."""
        found = children(self.pid("work"))
        return [pid for pid, words in found.items() if "jobs.runner" in words]

    def _named(self, parent: int, words: str) -> int:
        found = children(parent)
        for pid in sorted(found):
            if words in found[pid]:
                return pid
        raise RuntimeError(f"no {words} among {json.dumps(found)}")


@contextmanager
def site(
    folder: Path,
    *,
    plugins: str | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Site]:
    """A site that is stopped at the end; `settings` go into its environment."""
    made = Site(folder, plugins=plugins, settings=settings)
    try:
        yield made
    finally:
        made.stop()
