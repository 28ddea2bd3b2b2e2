"""Where a backup goes: an empty place, or one whose content makes way."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Connection, bindparam, func, inspect, select, text

from lumiku_kernel.clock import stamp
from lumiku_kernel.errors import Problem
from lumiku_kernel.places import known_url
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.copies import copy_database
from lumiku_kernel.store.migrate import KERNEL_VERSIONS, heads_table
from lumiku_kernel.store.tables import accounts, jobs, metadata, processes

LATELY = 15.0
"""Seconds since a process was seen that still runs."""
OWN = frozenset({KERNEL_VERSIONS, heads_table(KERNEL_VERSIONS)})


def into(settings: Settings, place: str | None) -> Settings:
    """The settings of a target: a folder of data, or the URL of a database."""
    if place is None:
        return settings
    if "://" in place:
        url = SecretStr(known_url(place))
        return settings.model_copy(update={"database_url": url})
    return settings.model_copy(update={"data_dir": Path(place), "database_url": None})


def make_room(store: Store, *, force: bool) -> Path | None:
    """Leave an empty database; where the one that made way was copied to.

    409 `target-in-use` if processes run on it, 409 `target-not-empty` without `force`.
    """
    with store.moment() as connection:
        there = ours(connection)
        _refuse_running(connection, there)
        full = [
            table.name
            for table in (accounts, jobs)
            if table.name in there
            and connection.execute(select(func.count()).select_from(table)).scalar()
        ]
    if full and not force:
        detail = "There are accounts or jobs already, where this would be restored."
        fix = "give an empty place by --into, or --force to have them make way"
        raise Problem(409, "target-not-empty", detail, fix=fix)
    if not there:
        return None
    if store.path is not None:
        return _set_aside(store)
    _drop(store, there)
    return None


def ours(connection: Connection) -> list[str]:
    """The tables there that are the kernel's or a plugin's."""
    names = inspect(connection).get_table_names()
    return [
        name
        for name in names
        if name in metadata.tables
        or name in OWN
        or ("__" in name and not name.startswith("_"))
    ]


def _refuse_running(connection: Connection, there: list[str]) -> None:
    if processes.name not in there:
        return
    alive = processes.c.seen_at > now() - LATELY
    names = list(connection.execute(select(processes.c.name).where(alive)).scalars())
    if names:
        detail = f"Processes run on this database: {', '.join(names)}."
        raise Problem(409, "target-in-use", detail, fix="stop them, then restore")


def _set_aside(store: Store) -> Path:
    """Copy a SQLite database away, and remove it."""
    assert store.path is not None  # noqa: S101 (it is SQLite)
    aside = store.path.parent / "backups" / f"replaced-{stamp()}.db"
    aside.parent.mkdir(exist_ok=True)
    copy_database(store.path, aside)
    store.engine.dispose()
    for path in files_of(store.path):
        path.unlink(missing_ok=True)
    return aside


def files_of(path: Path) -> Iterator[Path]:
    """A SQLite database and its companions."""
    yield path
    for suffix in ("-wal", "-shm"):
        yield path.with_name(f"{path.name}{suffix}")


def _drop(store: Store, there: list[str]) -> None:
    """Remove our tables, and the functions of their triggers; nobody else's."""
    functions = text(
        "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND c.relname IN :names "
        "AND c.relnamespace = current_schema()::regnamespace"
    ).bindparams(bindparam("names", expanding=True))
    with store.connection() as connection:
        found = connection.execute(functions, {"names": there}).scalars().all()
        quote = connection.dialect.identifier_preparer.quote
        gone = ", ".join(map(quote, there))
        connection.exec_driver_sql(f"DROP TABLE {gone} CASCADE")
        for one in found:
            connection.exec_driver_sql(f"DROP FUNCTION {one}")
