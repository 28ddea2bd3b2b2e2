"""Servers of others, one each for a rig, on a folder of their own: Redis, PostgreSQL.

They are started by us, so that they can be killed, stopped and filled by us.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SETPRIV = shutil.which("setpriv")
DIE_WITH_US = (SETPRIV, "--pdeathsig", "KILL") if SETPRIV else ()
PATIENCE = 60.0
_STARTING = ThreadPoolExecutor(1)


def spawn(words: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process that dies with us.

    By a thread that never ends: what the system calls the parent's death is the end of
    the thread that has started it.
    """
    all_words = [*DIE_WITH_US, *words]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(all_words, **options)

    return _STARTING.submit(start).result()


def free_port() -> int:
    """A port that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def listening(port: int) -> bool:
    """Whether anybody answers there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    end = time.monotonic() + PATIENCE
    while not listening(port):
        if time.monotonic() > end:
            raise TimeoutError(f"nobody listens on {port}")
        time.sleep(0.02)


class Redis:
    """A Redis server with an append-only file, as ours would be run."""

    def __init__(self, folder: Path) -> None:
        """Start it."""
        folder.mkdir(parents=True)
        self._folder = folder
        self.port = free_port()
        self.start()

    @staticmethod
    def missing() -> str | None:
        """Why it cannot be run here."""
        return None if shutil.which("redis-server") else "redis-server is not on PATH"

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self._folder / "redis.log").open("ab") as log:
            self._process = spawn(
                [
                    "redis-server",
                    *("--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--dir", str(self._folder), "--save", "", "--appendonly", "yes"),
                ],
                stdout=log,
                stderr=log,
            )
        wait_for(self.port)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def command(self, *words: str) -> str:
        """Say something to it."""
        return subprocess.run(
            [shutil.which("redis-cli") or "redis-cli", "-p", str(self.port), *words],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        ).stdout.strip()

    def close(self) -> None:
        """Leave nothing running."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self.kill()


class Postgres:
    """A PostgreSQL cluster, with fsync off: processes are killed here, not power."""

    def __init__(self) -> None:
        """Make it and start it, below /tmp: its own user must reach it."""
        self._home = Path(tempfile.mkdtemp(prefix="lumiku-postgres-"))
        self._programs = programs()
        self._as: tuple[str, ...] = ()
        if os.geteuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(self._home, who.pw_uid, who.pw_gid)
            ids = (f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}")
            self._as = (SETPRIV or "setpriv", *ids, "--clear-groups")
        self.port = free_port()
        self._data = self._home / "data"
        self._run("initdb", "-A", "trust", "-U", "lumiku", "-D", str(self._data))
        self.start()
        self._run("createdb", "-h", "127.0.0.1", *self._whereabouts, "lumiku")

    @staticmethod
    def missing() -> str | None:
        """Why it cannot be run here."""
        if programs() is None:
            return "PostgreSQL is not installed"
        if os.geteuid() == 0 and SETPRIV is None:
            return "setpriv is needed to run PostgreSQL as root"
        return None

    @property
    def url(self) -> str:
        """Its address, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://lumiku@127.0.0.1:{self.port}/lumiku"

    @property
    def _whereabouts(self) -> tuple[str, ...]:
        return ("-p", str(self.port), "-U", "lumiku")

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off"
            f" -c unix_socket_directories={self._home} -c max_connections=200"
        )
        log = str(self._home / "log")
        self._run(
            "pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start"
        )

    def restart(self) -> None:
        """Restart it as if it had crashed."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "restart")

    def query(self, statement: str) -> str:
        """Run a statement as its owner."""
        where = ("-h", "127.0.0.1", *self._whereabouts, "-d", "lumiku")
        return self._run("psql", *where, "-At", "-c", statement)

    def kill_a_backend(self) -> None:
        """SIGKILL one of the processes that serve a connection of ours."""
        pids = self.query(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'lumiku'"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
        )
        if pids:
            os.kill(int(pids.split()[0]), signal.SIGKILL)

    def close(self) -> None:
        """Stop it and remove it."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop", ok=False)
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str, ok: bool = True) -> str:
        if self._programs is None:
            raise FileNotFoundError("PostgreSQL is not installed")
        words: Sequence[str] = (
            *self._as,
            str(self._programs / program),
            *arguments,
        )
        log = self._home / "words"
        with log.open("a+b") as said:
            # To a file: a server started here would hold a pipe open for ever.
            place = said.tell()
            status = subprocess.run(
                words,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=120,
            ).returncode
        text = log.read_bytes()[place:].decode(errors="replace").strip()
        if ok and status:
            raise RuntimeError(f"{program}: {text}")
        return text


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return found[0] if found else None
