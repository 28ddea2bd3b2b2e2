"""Real processes on a data folder of their own, and how to hurt them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import httpx
from sqlalchemy import select
from tests.backends import Backend
from tests.jobs.room import TRIAL, Room, app_on_path, settings_in

from lumiku_contracts import Viewer
from lumiku_kernel.accounts.keys import create_key
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import artifacts, jobs

PATIENCE = 60.0
"""Seconds after which something will not happen any more, on however busy a machine."""
LEASE = 2.0
OWN = ("LUMIKU_", "DATABASE_", "REDIS_", "WORKER_", "OTEL_")
SETPRIV = shutil.which("setpriv")
DIE_WITH_US = (SETPRIV, "--pdeathsig", "KILL") if SETPRIV else ()
"""Tests that are killed leave nothing running, where the system can see to it."""


def until(holds: Callable[[], Any], what: str) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def family(pid: int) -> dict[int, str]:
    """A process's living descendants, and the last words of their command lines."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return {one: _words(one) for one in found - {pid} if alive(one)}


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""


class House:
    """A data folder with processes on it; they are started by its methods."""

    room: Room
    prepares: ClassVar[bool] = True
    """Else whoever starts first does it, and `enter` opens the room."""

    def __init__(
        self,
        folder: Path,
        backend: Backend | None = None,
        /,
        **settings: str,
    ) -> None:
        """Prepare the database; nothing runs yet. Embedded without a `backend`."""
        backend = backend or Backend()
        self.folder = folder
        self.diary = folder / "diary"
        self.diary.mkdir(parents=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(OWN)
        }
        self.environment = {
            **kept,
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(TRIAL), kept.get("PYTHONPATH")))
            ),
            "TRIAL_DIARY": str(self.diary),
            "LUMIKU_DATA_DIR": str(folder / "data"),
            "LUMIKU_PLUGINS": "trial",
            "LUMIKU_LEASE_SECONDS": str(LEASE),
            "LUMIKU_STOP_SECONDS": "1",
            "LUMIKU_RATE_LIMITS": "off",
            "LUMIKU_WORKER_CONCURRENCY": "2",
            "LUMIKU_CPU_SLOTS": "1",
            **backend.environment,
            **settings,
        }
        self.started: list[subprocess.Popen[bytes]] = []
        self.url = ""
        if self.prepares:
            made = settings_in(folder / "data", database_url=backend.database)
            store = Store(made.database)
            with app_on_path():
                prepare(made, store)
            store.close()
            self.enter(made)

    def enter(self, made: Settings) -> None:
        """Open the room of a database that has been prepared."""
        self.room = Room.open(made)

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a long-lived command, in a process group of its own."""
        log = (self.folder / f"{len(self.started)}-{arguments[0]}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [*DIE_WITH_US, sys.executable, "-m", "lumiku_kernel.cli", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def log(self, process: subprocess.Popen[bytes]) -> str:
        """What a process has said so far."""
        place = self.started.index(process)
        (path,) = self.folder.glob(f"{place}-*.log")
        return path.read_text(errors="replace")

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a short command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "lumiku_kernel.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def up(self, *, workers: int = 1) -> subprocess.Popen[bytes]:
        """Start everything; returns when it says that it is ready."""
        process = self.run("up", "--port", "0", "--workers", str(workers))
        self.ready(process)
        return process

    def ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until `lumiku up` says where it is."""

        def ready() -> re.Match[str] | None:
            assert process.poll() is None, self.log(process)
            return re.search(r"^ready (\S+)$", self.log(process), re.MULTILINE)

        self.url = until(ready, "lumiku up is ready")[1]

    def work(self) -> subprocess.Popen[bytes]:
        """Start a worker process; returns when it is ready."""
        process = self.run("work")
        until(lambda: "is ready" in self.log(process), "the worker process is ready")
        return process

    def serve(self, port: int) -> subprocess.Popen[bytes]:
        """Start a server; returns when it answers."""
        self.environment["LUMIKU_PORT"] = str(port)
        process = self.run("serve")

        def answers() -> bool:
            assert process.poll() is None, self.log(process)
            try:
                return httpx.get(f"http://127.0.0.1:{port}/livez", timeout=5).is_success
            except httpx.TransportError:
                return False

        until(answers, "the server answers")
        return process

    def client(self, viewer: Viewer, **options: Any) -> httpx.Client:
        """A program with a key of the viewer's."""
        with self.room.store.write() as session:
            _, secret = create_key(session, viewer.id or "", "test")
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(
            base_url=self.url, headers=headers, timeout=90, trust_env=False, **options
        )

    def state(self, job_id: str) -> str:
        """A job's state now."""
        found: str = self.room.job(job_id)["state"]
        return found

    def ended(self, *job_ids: str) -> list[str]:
        """Wait for jobs to end; their states."""
        wanted = set(job_ids)

        def unended() -> set[str]:
            going = select(jobs.c.id).where(jobs.c.state.notin_(ENDED))
            with self.room.store.read() as session:
                return wanted & set(session.execute(going).scalars())

        until(lambda: not unended(), "the jobs end")
        return [self.state(job_id) for job_id in job_ids]

    def delivered(self, job_id: str, count: int = 1) -> None:
        """Wait until so many items of a job are there."""
        until(
            lambda: self.room.job(job_id)["items_ok"] >= count, "an item is delivered"
        )

    def begun(self, job_id: str, index: int = 0) -> list[int]:
        """The runners that have begun an item, by the app's own diary."""
        path = self.diary / f"{job_id}-{index}"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def runner_of(self, job_id: str, index: int = 0) -> int:
        """Wait for an item to be begun; its latest runner."""
        begun: list[int] = until(
            lambda: self.begun(job_id, index), f"item {index} is begun"
        )
        return begun[-1]

    def texts(self, job_id: str) -> list[tuple[int, str]]:
        """The place and the text of each artifact."""
        mine = select(artifacts.c.item, artifacts.c.key).where(
            artifacts.c.job_id == job_id
        )
        with self.room.store.read() as session:
            rows = session.execute(mine.order_by(artifacts.c.item)).all()
        return [
            (row.item, b"".join(self.room.shelf.read(row.key)).decode()) for row in rows
        ]

    def assert_made_once(self, job_id: str, count: int) -> None:
        """Each item is delivered, once and complete, and paid once."""
        texts = self.texts(job_id)
        assert [item for item, _ in texts] == list(range(count))
        for item, text in texts:
            assert text.startswith(f"{job_id}:{item} ")
            assert text.endswith(" the end\n")
        job = self.room.job(job_id)
        assert (job["state"], job["settled"], job["released"]) == (
            "succeeded",
            job["price"],
            0,
        )
        kinds = self.room.told(job_id)
        assert kinds.count("item_done") == count
        assert [event["seq"] for event in self.room.events(job_id)] == list(
            range(1, len(self.room.events(job_id)) + 1)
        )

    def assert_sound(self) -> None:
        """`lumiku verify` finds nothing."""
        answer = self.ask("verify")
        assert answer.returncode == 0, answer.stdout + answer.stderr

    def leave(self) -> None:
        """End everything that was started here."""
        for process in self.started:
            if process.poll() is None:
                for pid in [*family(process.pid), process.pid]:
                    try:
                        os.kill(pid, signal.SIGCONT)
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                process.wait()
        if hasattr(self, "room"):
            self.room.store.close()
