"""The database behind two doors: one to read, one to write."""

import fcntl
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

from sqlalchemy import Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Float
from sqlmodel import Session

from lumiku_kernel.errors import Problem
from lumiku_kernel.store import postgres
from lumiku_kernel.store.trouble import Outage, passing

POOL = 24
"""Connections to SQLite a process keeps; as many threads as the server's own functions
have."""
SPARE = 40
"""More of them, for plugins whose functions hold theirs too long."""
KEPT, MOST = 6, 16
"""Connections to PostgreSQL a process keeps, and has at most: others want some too."""
PREPARING = 0x6C756D696B75
"""Names the lock of PostgreSQL that one preparing process holds."""
PREPARING_SECONDS = 120.0
T = TypeVar("T")

# unixepoch('subsec') would need SQLite 3.42; this is exact to the millisecond.
SQLITE_NOW = "((julianday('now') - 2440587.5) * 86400.0)"
POSTGRES_NOW = "extract(epoch from clock_timestamp())::float8"


class now(GenericFunction[float]):  # noqa: N801
    """The database's clock in seconds since 1970."""

    type = Float()
    inherit_cache = True
    name = "lumiku_now"


@compiles(now, "sqlite")
def _sqlite_now(*_: Any, **__: Any) -> str:
    return SQLITE_NOW


@compiles(now, "postgresql")
def _postgres_now(*_: Any, **__: Any) -> str:
    return POSTGRES_NOW


def changed(session: Session, statement: Executable) -> int:
    """Run an UPDATE or DELETE; how many rows it changed."""
    result = session.execute(statement)
    return int(result.rowcount)  # type: ignore[attr-defined]


def upsert(
    session: Session, table: Table, fresh: dict[str, Any], more: dict[str, Any]
) -> None:
    """Insert a row, or change the one that has its primary key to `more`."""
    named = session.connection().dialect.name
    made = sqlite.insert(table) if named == "sqlite" else postgresql.insert(table)
    session.execute(
        made.values(**fresh).on_conflict_do_update(
            index_elements=list(table.primary_key), set_=more
        )
    )


class Store:
    """A database; `read` and `write` are its doors."""

    def __init__(self, url: str) -> None:
        """Open `url` lazily; nothing is connected yet."""
        self.url = url
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.path = (
            Path(parsed.database) if self.is_sqlite and parsed.database else None
        )
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = _engine(url, is_sqlite=self.is_sqlite)
        self._closed = False
        event.listen(self.engine, "checkin", self._returned)
        self._writer = self.engine.execution_options(lumiku_door="write")
        moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**moment)
        # SQLite's own autocommit would be taken back for another mode than ours.
        alone = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._glancer = self.engine.execution_options(**alone)
        self._outage = Outage("the database", "what needs it waits")
        self._told: list[Callable[[], None]] = []

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and changes nothing."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session
        self._outage.over()

    def glance(
        self, statement: Executable, given: Mapping[str, Any] | None = None
    ) -> Any:
        """The value that one statement asks for, or None; one round trip."""
        with self._glancer.connect() as connection:
            found = connection.execute(statement, given or {}).scalar()
        self._outage.over()
        return found

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        """A connection that sees one moment, for as long as it takes."""
        with self._reader.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql(postgres.UNHURRIED)
            yield connection

    @contextmanager
    def write(self, *, quiet: bool = False) -> Iterator[Session]:
        """A transaction that commits at the end, or rolls back on an exception.

        On SQLite it takes the write lock at once, so keep it short. On PostgreSQL
        others write meanwhile: read with `.with_for_update()` what you decide on.
        `quiet`: nobody need look because of it, such as at a sign of life.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()
        self._outage.over()
        for tell in () if quiet else self._told:
            tell()

    def insist(self, act: Callable[[Session], T], seconds: float) -> T:
        """`act` in a write transaction, again while the database is away; its answer.

        A commit may have happened though its answer was lost, so `act` must refuse to
        happen twice. After `seconds` the last failure is raised.
        """
        until = time.monotonic() + seconds
        while True:
            try:
                with self.write() as session:
                    return act(session)
            except Exception as error:
                if not self.excuses(error) or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.05, 0.5))  # noqa: S311 (jitter is no secret)

    def excuses(self, error: Exception) -> bool:
        """Whether the database's state is to blame; told to the log once an outage."""
        if not passing(error):
            return False
        self._outage.begun(error)
        return True

    def listen(self, told: Callable[[], None]) -> None:
        """Call `told` after each commit that is not quiet, in the writer's thread."""
        self._told.append(told)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare write transaction, for migrations."""
        with self._writer.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql(postgres.PATIENT)
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time prepares a database; 503 `preparing-elsewhere`."""
        if self.path is not None:
            with self.path.with_suffix(".preparing").open("w") as lock:
                _in_time(lambda: _locked(lock))
                yield
            return
        unended = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with unended.connect() as connection:
            asked = f"SELECT pg_try_advisory_lock({PREPARING})"
            _in_time(lambda: bool(connection.exec_driver_sql(asked).scalar_one()))
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({PREPARING})")

    def now(self) -> float:
        """The database's clock; one query."""
        with self.engine.connect() as connection:
            moment = connection.exec_driver_sql(
                f"SELECT {SQLITE_NOW if self.is_sqlite else POSTGRES_NOW}"
            ).scalar_one()
        return float(moment)

    def kind(self) -> str:
        """Such as `PostgreSQL 15.4`; one connection, if there was none."""
        with self.engine.connect() as connection:
            found = connection.dialect.server_version_info or ()
        named = "SQLite" if self.is_sqlite else "PostgreSQL"
        return " ".join((named, ".".join(map(str, found)))).strip()

    def close(self) -> None:
        """Give all connections back; those in use are closed when they come back."""
        self._closed = True
        self.engine.dispose()

    def _returned(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        if self._closed:
            record.invalidate()


def _engine(url: str, *, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        sizes = {"pool_size": KEPT, "max_overflow": MOST - KEPT, "pool_timeout": 10}
        # The last one used is lent first: its statements are planned already.
        engine = create_engine(
            url, connect_args=postgres.CONNECT, pool_use_lifo=True, **sizes
        )
        postgres.use_well(engine)
        return engine
    known = {"timeout": 10, "check_same_thread": False}
    sizes = {"pool_size": POOL, "max_overflow": SPARE}
    engine = create_engine(url, connect_args=known, **sizes)
    _use_sqlite_well(engine)
    return engine


def _in_time(held: Callable[[], bool]) -> None:
    until = time.monotonic() + PREPARING_SECONDS
    while not held():
        if time.monotonic() > until:
            detail = f"Another process has prepared it for {PREPARING_SECONDS:.0f} s."
            raise Problem(503, "preparing-elsewhere", detail, fix="lumiku doctor")
        time.sleep(0.1)


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _use_sqlite_well(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN is ours, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("lumiku_door") == "write"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
