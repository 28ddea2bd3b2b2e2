"""An installation behind nginx, with processes of several releases, under load."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.backends import Backend, free_port, lacking
from tests.faults.house import DIE_WITH_US, OWN, until
from tests.operations.release import Release

OK = 200
PATIENCE = 120.0
GOING = frozenset({"queued", "running", "retry_wait", "unsaid: 503", "unsaid: 504"})
CONF = """\
{user} daemon off; error_log {folder}/error.log; pid {folder}/pid; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_max_body_size 12m;
  upstream lumiku {{ server 127.0.0.1:{upstream} max_fails=0; }}
  map $http_upgrade $upgrading {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://lumiku;
      proxy_set_header Host $http_host;
{lines}
    }}
  }}
}}
"""
WELL = """\
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrading;
      proxy_read_timeout 90s;
"""
HOLDING = "      proxy_ignore_headers X-Accel-Buffering;\n"
"""Keeps event streams back, and passes no WebSocket."""


class Nginx:
    """The front: whoever asks it is sent to one server."""

    def __init__(self, folder: Path) -> None:
        """Not started."""
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            lacking("nginx")
        folder.mkdir()
        self._program, self._folder = str(program), folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where viewers come."""
        return f"http://127.0.0.1:{self.port}"

    def point(self, upstream: int, lines: str = WELL) -> None:
        """Send all that comes from now on to a server; returns when none goes on."""
        conf = self._folder / "nginx.conf"
        words: dict[str, object] = {
            "folder": self._folder,
            "port": self.port,
            "upstream": upstream,
        }
        # Its workers would be nobody, who cannot keep bodies in a folder of ours.
        words["user"] = "user root;" if os.geteuid() == 0 else ""
        conf.write_text(CONF.format(lines=lines, **words))
        if self._process is None:
            self._process = subprocess.Popen(
                [*DIE_WITH_US, self._program, "-c", str(conf), "-e", "stderr"],
                stdout=subprocess.DEVNULL,
                stderr=(self._folder / "stderr").open("wb"),
            )
            until(self._answers, "nginx answers")
            return
        before = set(self._children())
        self._process.send_signal(signal.SIGHUP)
        until(lambda: set(self._children()) - before, "nginx has read it")
        until(lambda: not before & set(self._children()), "nginx has let go of the old")

    def _children(self) -> list[int]:
        assert self._process is not None
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def _answers(self) -> bool:
        try:
            httpx.get(self.url, timeout=10, trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)


@dataclass
class Load:
    """Programs that submit jobs and look at them, and what went wrong."""

    url: str
    key: str
    threads: int = 3
    during: str = "the beginning"
    """What is being done meanwhile."""
    asked: int = 0
    accepted: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Load"]:
        """While it lasts; at its end all have been answered."""
        crowd = [threading.Thread(target=self._live) for _ in range(self.threads)]
        for one in crowd:
            one.start()
        try:
            yield self
        finally:
            self._stop.set()
            for one in crowd:
                one.join(120)

    def goes_on(self, during: str) -> None:
        """Wait until some more has been accepted, and say what comes next."""
        self.during = during
        more = len(self.accepted) + 5
        until(lambda: len(self.accepted) >= more or self.failed, "jobs are accepted")

    def _live(self) -> None:
        # A connection each: one kept alive may be closed just when it is used again.
        alone = httpx.Limits(max_keepalive_connections=0)
        bearer = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(
            base_url=self.url, headers=bearer, timeout=60, trust_env=False, limits=alone
        ) as client:
            while not self._stop.wait(0.15):
                once = {"Idempotency-Key": secrets.token_hex(8)}
                body = {"items": 1, "seconds": 0.02}
                path = "/api/apps/trial/write"
                answer = self._ask(client, "POST", path, json=body, headers=once)
                if answer is not None:
                    job = answer.json()["job"]["id"]
                    self.accepted.append(job)
                    self._ask(client, "GET", f"/api/jobs/{job}")
                    self._ask(client, "GET", "/api/apps")

    def _ask(
        self, client: httpx.Client, method: str, path: str, **how: Any
    ) -> httpx.Response | None:
        self.asked += 1
        try:
            answer = client.request(method, path, **how)
        except httpx.HTTPError as error:
            self.failed.append(f"{self.during}: {method} {path}: {error!r}")
            return None
        if answer.is_success:
            return answer
        said = f"{answer.status_code} {answer.text[:300]}"
        self.failed.append(f"{self.during}: {method} {path}: {said}")
        return None

    def ended(self) -> dict[str, int]:
        """Wait until every accepted job has ended; how many in which state."""
        states: dict[str, int] = {}
        bearer = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(
            base_url=self.url, headers=bearer, timeout=60, trust_env=False
        ) as client:
            for job in self.accepted:
                end = time.monotonic() + PATIENCE
                while (state := _state(client, job)) in GOING:
                    if time.monotonic() > end:
                        break
                    time.sleep(0.1)
                states[state] = states.get(state, 0) + 1
        return states


def _state(client: httpx.Client, job: str) -> str:
    """Its state, or the server's refusal to say it now."""
    answer = client.get(f"/api/jobs/{job}")
    told = answer.json()
    state = told.get("job", told).get("state")
    return str(state or f"unsaid: {answer.status_code}")


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
        return answer.status_code == OK and without not in answer.text

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
