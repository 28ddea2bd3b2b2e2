"""A PostgreSQL and a Redis of the tests' own, and databases copied from prepared ones.

Both servers end with the process that started them, however that ends.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis

PATIENCE = 60.0
"""Seconds after which a server will not start any more, on however busy a machine."""
OLDEST = 15
DATABASES = ("sqlite", "postgres")
SETPRIV = shutil.which("setpriv")
POSTGRES_SAYS = {
    "fsync": "off",  # a killed server loses nothing; only a dead machine would
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class Backend:
    """Where processes keep their rows, and who rings; None is the embedded way."""

    database: str | None = None
    redis: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that say so."""
        named = {"DATABASE_URL": self.database, "REDIS_URL": self.redis}
        return {name: url for name, url in named.items() if url is not None}


def lacking(what: str) -> None:
    """Skip for want of a server; fail instead where everything must be proven."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI=true")
    pytest.skip(f"{what} is not installed")


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL that will do."""
    found = [
        path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parts[-3].isdigit() and int(path.parts[-3]) >= OLDEST
    ]
    if found:
        return max(found, key=lambda path: int(path.parts[-2]))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until(holds: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"never: {what}\n{log.read_text()[-2000:]}"
        time.sleep(0.02)


@dataclass
class Server:
    """A process with a folder and a port of 127.0.0.1."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str], *before: str, quit_: str = "KILL") -> None:
        """Start the server in its folder; `before` is what it is run under."""
        dying = [SETPRIV, "--pdeathsig", quit_] if SETPRIV else []
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*before, *dying, *command],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the server's first process."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self, number: signal.Signals) -> None:
        """Send a signal, and wait for the server to end of it."""
        self.tell(number)
        if self.process is not None:
            self.process.wait(PATIENCE)


@dataclass
class Cluster(Server):
    """A PostgreSQL; each test makes a database of its own in it."""

    programs: Path = Path()
    _numbers: Iterator[int] = field(default_factory=count)

    def make(self) -> None:
        """Make the files of the cluster."""
        if os.geteuid() == 0:
            somebody = pwd.getpwnam("postgres")
            os.chown(self.folder, somebody.pw_uid, somebody.pw_gid)
        made = [str(self.programs / "initdb"), "-D", "data", "-U", "postgres"]
        subprocess.run(
            [*self._under, *made, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )

    @property
    def _under(self) -> list[str]:
        """The server refuses to run as root."""
        if os.geteuid() != 0:
            return []
        return (
            ["runuser", "-u", "postgres", "--"]
            if SETPRIV is None
            else [
                SETPRIV,
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "--",
            ]
        )

    def start(self) -> None:
        """Start the server; returns when it answers."""
        said = [f"--{name}={value}" for name, value in POSTGRES_SAYS.items()]
        where = ["-D", "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", "."]
        program = str(self.programs / "postgres")
        self.run([program, *where, *said], *self._under, quit_="QUIT")
        _until(self._answers, "PostgreSQL answers", self.folder / "log")

    def restart(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """Stop as `pg_ctl stop -m immediate` does, and start again."""
        self.end(number)
        self.start()

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.dsn(), connect_timeout=5).close()
            return True
        return False

    def dsn(self, name: str = "postgres") -> str:
        """The address of a database, as hosts give it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def url(self, name: str = "postgres") -> str:
        """The address of a database, as SQLAlchemy has it."""
        return self.dsn(name).replace("://", "+psycopg://", 1)

    def ask(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of a transaction; its rows."""
        with psycopg.connect(self.dsn(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "template1") -> str:
        """A new database, copied from another that nobody is connected to; its name."""
        name = f"test_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove a database and cut its connections."""
        self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def lent(self, template: str = "template1") -> Iterator[str]:
        """A new database's URL, for as long as it is needed."""
        name = self.database(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


@contextmanager
def postgres() -> Iterator[Cluster]:
    """A cluster that runs as long as it is needed; skips where there is none."""
    programs = postgres_programs()
    if programs is None:
        lacking("PostgreSQL")
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="lumiku-postgres-"))
    cluster = Cluster(folder, programs=programs)
    try:
        cluster.make()
        cluster.start()
        yield cluster
    finally:
        cluster.end(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class RedisServer(Server):
    """A Redis that keeps nothing on disk."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *said: str) -> None:
        """Start the server; returns when it answers."""
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", "."]
        kept = ["--save", "", "--appendonly", "no"]
        self.run(["redis-server", *where, *kept, *said])
        _until(self._answers, "Redis answers", self.folder / "log")

    def _answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(self.ask("PING"))
        return False

    def ask(self, *words: str) -> object:
        """Run a command; its answer."""
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            return client.execute_command(*words)


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A Redis that runs as long as it is needed; skips where there is none."""
    if shutil.which("redis-server") is None:
        lacking("Redis")
    with tempfile.TemporaryDirectory(prefix="lumiku-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.end(signal.SIGKILL)


@dataclass(frozen=True)
class Template:
    """A prepared database: a SQLite file, or the name of one in a cluster."""

    file: Path | None = None
    cluster: Cluster | None = None
    name: str = ""

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str | None]:
        """A copy for the data folder `folder`; its URL, None for the file in it."""
        if self.cluster is not None:
            with self.cluster.lent(self.name) as url:
                yield url
            return
        folder.mkdir(parents=True, exist_ok=True)
        if self.file is not None:
            shutil.copy(self.file, folder / self.file.name)
        yield None
