"""The production set as processes of this machine, told what `compose.yaml` says."""

import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.backends import Cluster, RedisServer, free_port, postgres, redis_server
from tests.deploy.composed import command, dotenv, environment
from tests.deploy.dockerfile import ROOT, Image
from tests.deploy.proxy import Nginx
from tests.faults.house import DIE_WITH_US

PATIENCE = 240.0
"""Seconds after which something will not happen any more, on however busy a machine."""
PROXY = "127.0.0.2"
"""Where our nginx comes from; viewers come from elsewhere."""


def until(holds: Callable[[], Any], what: str) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)
    return found


@dataclass
class Stage:
    """An image, its servers, and the processes started from it."""

    image: Image
    cluster: Cluster
    redis: RedisServer
    nginx: Nginx
    port: int = field(default_factory=free_port)
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Write the env file as an operator does, and set PostgreSQL up as told."""
        first = [str(ROOT / "deploy" / "first-env"), self.nginx.url]
        said = subprocess.run(first, check=True, capture_output=True, text=True)
        self.known = dotenv(said.stdout)
        told = environment("postgres", self.known)
        name, secret = told["POSTGRES_USER"], told["POSTGRES_PASSWORD"]
        self.cluster.ask(f"CREATE ROLE {name} LOGIN PASSWORD '{secret}'")
        self.cluster.ask(f"CREATE DATABASE {told['POSTGRES_DB']} OWNER {name}")
        (self.cluster.folder / "data" / "pg_hba.conf").write_text(
            "host all postgres 127.0.0.1/32 trust\n"
            "host all all 127.0.0.1/32 scram-sha-256\n"
        )
        self.cluster.ask("SELECT pg_reload_conf()")

    def environment(self, service: str) -> dict[str, str]:
        """What a container would have, with the places where these things are here."""
        told = self.image.environment | environment(service, self.known)
        here = {
            "@postgres:5432/": f"@127.0.0.1:{self.cluster.port}/",
            "redis://redis:6379/0": self.redis.url,
            "172.31.250.0/24": f"{PROXY}/32",
        }
        for name, value in told.items():
            for there, place in here.items():
                told[name] = told[name].replace(there, place)
            if name == "LUMIKU_DATA_DIR":
                told[name] = self.image.inside(value)
        return told | {"LUMIKU_HOST": "127.0.0.1", "LUMIKU_PORT": str(self.port)}

    def run(
        self, service: str, *words: str, said: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """`compose run --rm SERVICE WORDS`, to its end."""
        return subprocess.run(
            [self.image.inside("/image/entry"), *(words or command(service))],
            env=self.environment(service),
            cwd=self.image.inside("/data"),
            input=said,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, service: str) -> subprocess.Popen[bytes]:
        """`compose up --detach SERVICE`."""
        with self.log(service).open("ab") as log:
            self.started[service] = subprocess.Popen(
                [*DIE_WITH_US, self.image.inside("/image/entry"), *command(service)],
                env=self.environment(service),
                cwd=self.image.inside("/data"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.started[service]

    def log(self, service: str) -> Path:
        """Where a service's output goes."""
        return self.image.root / f"{service}.log"

    def health(self, service: str) -> subprocess.CompletedProcess[str]:
        """What its health check says, as the engine would ask it."""
        role = "serve" if service == "server" else "work"
        return subprocess.run(
            [self.image.inside("/image/healthcheck"), role],
            env=self.environment(service),
            cwd=self.image.inside("/data"),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def well(self, service: str) -> bool:
        """Whether it is healthy; fails if it has ended meanwhile."""
        process = self.started[service]
        assert process.poll() is None, self.log(service).read_text()[-3000:]
        return self.health(service).returncode == 0

    def stop(self, service: str) -> int:
        """As the engine does; its exit status."""
        process = self.started.pop(service)
        process.send_signal(signal.SIGTERM)
        return process.wait(PATIENCE)

    def client(self, **options: Any) -> httpx.Client:
        """A viewer's browser, behind nginx."""
        return httpx.Client(
            base_url=self.nginx.url,
            verify=self.trusting(),
            timeout=PATIENCE,
            trust_env=False,
            **options,
        )

    def trusting(self) -> ssl.SSLContext:
        """TLS that believes the certificate of this stage, and nothing else."""
        return ssl.create_default_context(cafile=str(self.nginx.certificate))

    def leave(self) -> None:
        """End everything that was started here."""
        for process in self.started.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def staged(image: Image) -> Iterator[Stage]:
    """A stage on which nothing of ours runs yet; nginx answers for nobody."""
    shutil.rmtree(image.inside("/data"))
    Path(image.inside("/data")).mkdir()
    with postgres() as cluster, redis_server() as redis:
        port = free_port()
        with Nginx.running(image.root / f"nginx-{port}", port, PROXY) as nginx:
            stage = Stage(image, cluster, redis, nginx, port)
            stage.prepare()
            try:
                yield stage
            finally:
                stage.leave()
