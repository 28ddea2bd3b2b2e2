"""An installation behind nginx, with processes of several releases, under load."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.backends import Backend, free_port
from tests.faults.house import DIE_WITH_US, OWN, until
from tests.operations.front import Nginx
from tests.operations.release import Release


class Stage:
    """The data, the front, and the processes that were started."""

    def __init__(self, folder: Path, backend: Backend, **settings: str) -> None:
        """Nothing runs yet."""
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.front = Nginx(folder / "nginx")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OWN)}
        kept.pop("PYTHONPATH", None)
        self.environment = {
            **kept,
            "LUMIKU_DATA_DIR": str(folder / "data"),
            "LUMIKU_STOP_SECONDS": "10",
            "LUMIKU_RATE_LIMITS": "off",
            "LUMIKU_WORKER_CONCURRENCY": "3",
            "LUMIKU_CPU_SLOTS": "1",
            "LUMIKU_REGISTRATION": "open",
            "LUMIKU_PUBLIC_URL": self.front.url,
            **backend.environment,
            **settings,
        }
        self._started: list[subprocess.Popen[bytes]] = []

    def shell(self, release: Release, command: str) -> subprocess.CompletedProcess[str]:
        """What a command line says, with a release's programs on the path."""
        path = f"{release.folder / 'bin'}:{self.environment['PATH']}"
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env={**self.environment, "PATH": path},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def ask(self, release: Release, command: str) -> str:
        """What a command line says that must succeed."""
        done = self.shell(release, command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def run(self, release: Release, *words: str, **more: str) -> "Process":
        """Start a long-lived command."""
        log = self.folder / f"{len(self._started)}-{words[0]}-{release.version}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*DIE_WITH_US, str(release.python), "-m", "lumiku_kernel.cli", *words],
                env={**self.environment, **more},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self._started.append(process)
        return Process(process, log)

    def serve(self, release: Release, **more: str) -> "Process":
        """Start a server; returns when it is ready."""
        port = free_port()
        made = self.run(release, "serve", LUMIKU_PORT=str(port), **more)
        made.port = port
        made.until(made.ready, "the server is ready")
        return made

    def work(self, release: Release, **more: str) -> "Process":
        """Start a worker process; returns when it is ready."""
        made = self.run(release, "work", **more)
        made.until(lambda: "is ready" in made.said(), "the worker process is ready")
        return made

    def close(self) -> None:
        """End all that was started here."""
        self.front.close()
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.wait()


@dataclass
class Process:
    """A server or a worker process."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0

    def said(self) -> str:
        """Its log."""
        return self.log.read_text(errors="replace")

    def ready(self, without: str = "…") -> bool:
        """Whether the server says so itself, and nothing of a code."""
        try:
            url = f"http://127.0.0.1:{self.port}/readyz"
            answer = httpx.get(url, timeout=10, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK and without not in answer.text

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for it, unless the process has ended."""

        def lives() -> bool:
            assert self.process.poll() is None, self.said()[-3000:]
            return holds()

        until(lives, what)

    def stop(self) -> None:
        """Ask it to end, as a deployment does."""
        self.process.terminate()
        assert self.process.wait(60) == 0, self.said()[-3000:]
        errors = re.findall(r"^Traceback.*", self.said(), re.MULTILINE)
        assert errors == [], self.said()[-3000:]
