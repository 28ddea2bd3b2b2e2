"""The database behind two doors: one to read, one to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Executable, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Float
from sqlmodel import Session

POOL = 24
"""Connections a process keeps; as many threads as the server's own functions have."""
SPARE = 40
"""More of them, for plugins whose functions hold theirs too long."""

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


def full(error: DBAPIError) -> bool:
    """Whether the database says that its disk is full."""
    state = getattr(error.orig, "sqlstate", None)
    return state == "53100" or "disk is full" in str(error.orig)


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
        options: dict[str, Any] = {"pool_size": POOL, "max_overflow": SPARE}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": 10, "check_same_thread": False}
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(url, **options)
        if self.is_sqlite:
            _use_sqlite_well(self.engine)
        self._writer = self.engine.execution_options(lumiku_door="write")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and changes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that commits at the end, or rolls back on an exception.

        On SQLite it takes the write lock at once, so keep it short.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare write transaction, for migrations."""
        with self._writer.connect() as connection, connection.begin():
            yield connection

    def now(self) -> float:
        """The database's clock; one query."""
        with self.engine.connect() as connection:
            moment = connection.exec_driver_sql(
                f"SELECT {SQLITE_NOW if self.is_sqlite else POSTGRES_NOW}"
            ).scalar_one()
        return float(moment)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


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
