"""Runs a server and worker processes on one machine, and keeps them running."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from lumiku_kernel import newcomers, traces
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.host import when_told
from lumiku_kernel.prepare import first_operator, how_to_go_back, prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY = 60.0
"""A child that has lived so long starts again without a wait."""
READY_SECONDS = 120.0


@dataclass(slots=True)
class Child:
    """A process to be kept running."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = 0.0


@dataclass(slots=True)
class Family:
    """The children, and the pipe by which they know that we live."""

    children: list[Child]
    environment: Mapping[str, str]
    stopping: threading.Event = field(default_factory=threading.Event)
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def start(self, child: Child) -> None:
        """Start a child; it ends when we do, however we end."""
        reading = self._pipe[0]
        os.set_inheritable(reading, True)
        child.process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", "lumiku_kernel.cli", *child.arguments],
            env={**self.environment, "LUMIKU_PARENT_FD": str(reading)},
            pass_fds=(reading,),
            stdin=subprocess.DEVNULL,
        )
        child.started = time.monotonic()

    def tend(self) -> None:
        """Start again those that have died, later each time they die young."""
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due:
                    self.start(child)
                continue
            status = child.process.poll()
            if status is None:
                continue
            if now - child.started > STEADY:
                child.wait = FIRST_WAIT
            again = f"it starts again in {child.wait:.1f} s"
            say(f"{child.name} ended with status {status}; {again}")
            child.process, child.due = None, now + child.wait
            child.wait = min(child.wait * 2, LONGEST_WAIT)

    def stop(self, seconds: float) -> None:
        """Ask all to stop, wait, and end those that do not."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + seconds
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def say(line: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def up(settings: Settings, *, workers: int = 1) -> None:
    """Prepare the database, start everything, supervise until told to stop."""
    with only_one(settings):
        began = time.monotonic()
        traces.check(settings)
        settings = with_port(settings)
        store = Store(settings.database)
        done = prepare(settings, store)
        with store.alone():
            link = first_operator(settings, store)
        store.close()
        if done.copy is not None:
            say(how_to_go_back(done.copy))
        _report(done.failed)
        family = _family(settings, workers)
        when_told(family.stopping.set)
        for child in family.children:
            family.start(child)
        if link is not None:
            say(f"operator sign-in, once: {link}")
        _tend_until_told(settings, family, began)
        family.stop(settings.stop_seconds + 15)


def _tend_until_told(settings: Settings, family: Family, began: float) -> None:
    ready = False
    while not family.stopping.wait(0.1):
        family.tend()
        if not ready and is_ready(settings):
            ready = True
            say(f"started in {time.monotonic() - began:.1f} s")
            say(newcomers.told(settings))
            say(f"ready {settings.url}")
        if not ready and time.monotonic() - began > READY_SECONDS:
            say(f"not ready after {READY_SECONDS:.0f} s; lumiku doctor says why")
            began = time.monotonic()


def is_ready(settings: Settings, *, staffed: bool = True) -> bool:
    """Whether the server answers and, `staffed`, a worker process works for it."""
    address = f"http://{_reachable(settings.host)}:{settings.port}/readyz"
    try:
        answer = httpx.get(address, timeout=2, trust_env=False)
        failing = answer.json().get("failing", ())
        wrong = {one["check"] for one in failing if one["level"] == "error"}
    except (httpx.HTTPError, ValueError):  # not there yet, or somebody else's answer
        return False
    fine = answer.status_code == 200  # noqa: PLR2004 (HTTP)
    return fine and not (staffed and "W01" in wrong)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared)


def _report(failed: Mapping[str, str]) -> None:
    for plugin, reason in failed.items():
        say(f"the seeds of {plugin} failed: {reason}; lumiku why {plugin}")


def _family(settings: Settings, workers: int) -> Family:
    environment = {
        **os.environ,
        "LUMIKU_DATA_DIR": str(settings.data_dir.resolve()),
        "LUMIKU_HOST": settings.host,
        "LUMIKU_PORT": str(settings.port),
    }
    server = Child("server", ("serve",))
    crowd = [Child(f"worker {n + 1}", ("work",)) for n in range(workers)]
    return Family([server, *crowd], environment)


def with_port(settings: Settings) -> Settings:
    """The settings with a port that is free; port 0 asks for any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            detail = (
                f"Port {settings.port} of {settings.host} is taken: {error.strerror}."
            )
            fix = "lumiku up --port 3001"
            raise Problem(409, "port-taken", detail, fix=fix) from error
        return settings.model_copy(update={"port": probe.getsockname()[1]})


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the data folder; raises 409 if another `lumiku up` holds it."""
    folder = settings.data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            detail = f"Another lumiku up runs on {folder}."
            raise Problem(409, "already-running", detail) from error
        yield
