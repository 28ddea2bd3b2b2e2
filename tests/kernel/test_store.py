"""The database: what migrations make, what triggers guard, and its two doors."""
# ruff: noqa: S608 (statements of our own, as somebody would write them by hand)

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from lumiku_kernel.doctor import examine
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import how_to_go_back, migrate, prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.copies import KEPT, copy_aside
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    _config,
    heads_table,
    migrate_kernel,
    pending,
)
from lumiku_kernel.store.tables import accounts, flags, metadata

OURS = {KERNEL_VERSIONS, heads_table(KERNEL_VERSIONS)}
"""The tables of Alembic's that say which revision is applied."""


def only_on(kind: str) -> pytest.MarkDecorator:
    """For what one kind of database alone has."""
    return pytest.mark.parametrize("kind", [kind])


def by_hand(store: Store, *statements: str) -> None:
    """As somebody would with a shell of the database: not through any code of ours."""
    connection: Any = (
        sqlite3.connect(str(store.path), isolation_level=None)
        if store.is_sqlite
        else psycopg.connect(address(store), autocommit=True)
    )
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def address(store: Store) -> str:
    return store.url.replace("+psycopg", "")


REFUSED = (sqlite3.IntegrityError, psycopg.Error)


def touch(table: str) -> str:
    """A change of every row that changes nothing."""
    column = next(iter(metadata.tables[table].primary_key)).name
    return f'UPDATE {table} SET "{column}" = "{column}"'


def epoch(store: Store, name: str) -> int:
    with store.read() as session:
        found = session.execute(
            text("SELECT value FROM epoch WHERE name = :name"), {"name": name}
        )
        return int(found.scalar_one())


def test_migrations_make_the_tables_that_the_code_expects(store: Store) -> None:
    with store.connection() as connection:
        options = {"include_name": lambda name, *_: name not in OURS}
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, **options}
        )

        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    before = dump(store)

    assert migrate_kernel(store) == []

    assert dump(store) == before
    assert pending(store, KERNEL, KERNEL_VERSIONS) == []


def dump(store: Store) -> list[str]:
    """Every table, column and row, as text."""
    if store.is_sqlite:
        connection = sqlite3.connect(str(store.path))
        try:
            return list(connection.iterdump())
        finally:
            connection.close()
    there = inspect(store.engine)
    told: list[str] = []
    with store.read() as session:
        for name in sorted(there.get_table_names()):
            columns = [str((c["name"], c["type"])) for c in there.get_columns(name)]
            rows = session.execute(text(f'SELECT * FROM "{name}"')).all()
            told += [name, *columns, *sorted(map(str, rows))]
    return told


SettingsOf = Callable[[Store], Settings]


@pytest.fixture
def settings_of(tmp_path: Path) -> SettingsOf:
    """The settings of a process on a database."""

    def made(store: Store) -> Settings:
        secret = None if store.is_sqlite else SecretStr(address(store))
        return Settings(data_dir=tmp_path, plugins="none-at-all", database_url=secret)

    return made


def test_preparing_twice_changes_nothing(bare: Store, settings_of: SettingsOf) -> None:
    settings = settings_of(bare)
    prepare(settings, bare)
    before = dump(bare)

    again = prepare(settings, bare)

    assert (again.revisions, again.models, again.seeds) == ([], [], 0)
    assert dump(bare) == before


OPENERS: dict[str, Callable[[Settings, Store], object]] = {
    "migrate": lambda _, store: migrate_kernel(store),
    "pending": lambda _, store: pending(store, KERNEL, KERNEL_VERSIONS),
    "server": lambda settings, _: Host(settings, "server").store.close(),
    "worker": lambda settings, _: Host(settings, "worker").store.close(),
}


@pytest.mark.parametrize("opener", OPENERS)
def test_a_database_of_a_much_newer_release_is_refused(
    opener: str, store: Store, settings_of: SettingsOf
) -> None:
    for table in OURS:
        by_hand(store, f"UPDATE {table} SET version_num = 'from-2031'")
    before = dump(store)

    with pytest.raises(Problem) as told:
        OPENERS[opener](settings_of(store), store)

    assert told.value.code == "schema-newer"
    assert "from-2031" in told.value.detail
    assert dump(store) == before


@pytest.mark.parametrize("opener", OPENERS)
def test_a_database_of_the_next_release_is_used_as_it_is(
    opener: str, store: Store, settings_of: SettingsOf
) -> None:
    head = heads_table(KERNEL_VERSIONS)
    by_hand(
        store,
        f"UPDATE {head} SET version_num = 'of-the-next'",
        "ALTER TABLE flag ADD COLUMN more TEXT",
    )

    OPENERS[opener](settings_of(store), store)

    assert "of-the-next" in str(dump(store))
    told, *_ = (f for f in examine(settings_of(store), store) if f.check == "D02")
    assert (told.level, told.evidence) == ("warn", {"revision": "of-the-next"})


def test_the_release_before_0_2_finds_the_revision_it_knows(bare: Store) -> None:
    with bare.connection() as connection:
        command.upgrade(_config(KERNEL, KERNEL_VERSIONS, connection), "0004")
    by_hand(bare, FLAG)

    assert pending(bare, KERNEL, KERNEL_VERSIONS) == ["0005"]
    assert migrate_kernel(bare) == ["0005"]

    with bare.read() as session:
        said = {
            table: session.execute(text(f"SELECT version_num FROM {table}")).scalar()
            for table in OURS
        }
        assert session.execute(select(flags)).one()
    assert said == {"kernel_version": "0004", "kernel_head": "0005"}


def test_of_two_that_prepare_at_once_one_waits(
    bare: Store, settings_of: SettingsOf
) -> None:
    settings = settings_of(bare)
    others = [Store(bare.url) for _ in range(4)]

    with ThreadPoolExecutor(len(others)) as pool:
        done = list(pool.map(lambda one: prepare(settings, one), others))

    assert sorted(len(one.revisions) for one in done)[:3] == [0, 0, 0]
    assert pending(bare, KERNEL, KERNEL_VERSIONS) == []
    for one in others:
        one.close()


def test_a_server_refuses_a_database_that_is_not_migrated(
    bare: Store, settings_of: SettingsOf
) -> None:
    with pytest.raises(Problem) as told:
        Host(settings_of(bare), "server")

    assert (told.value.code, told.value.fix) == ("migration-pending", "lumiku migrate")


@only_on("sqlite")
def test_a_database_is_copied_before_its_schema_changes_while_others_write(
    bare: Store, settings_of: SettingsOf
) -> None:
    by_hand(bare, "CREATE TABLE mine (a)", "INSERT INTO mine VALUES (1)")
    writer = sqlite3.connect(str(bare.path), isolation_level=None)
    writer.execute("INSERT INTO mine VALUES (2)")  # is in the log, not in the file

    done = migrate(settings_of(bare), bare)

    assert done.copy is not None
    assert done.copy.parent.name == "backups"
    kept = Store(f"sqlite:///{done.copy}")
    assert "account" not in " ".join(dump(kept))
    for one in (1, 2):
        assert f'INSERT INTO "mine" VALUES({one})' in " ".join(dump(kept))
    assert f"lumiku restore {done.copy}" in how_to_go_back(done.copy)
    kept.close()
    writer.close()


@only_on("sqlite")
def test_nothing_is_copied_on_the_first_start(
    bare: Store, settings_of: SettingsOf
) -> None:
    assert migrate(settings_of(bare), bare).copy is None
    assert bare.path is not None
    assert not (bare.path.parent / "backups").exists()


@only_on("sqlite")
def test_copies_make_way_for_newer_ones(bare: Store) -> None:
    by_hand(bare, "CREATE TABLE mine (a)")

    made = [copy_aside(bare, f"0.{n}.0") for n in range(KEPT + 2)]

    assert [one for one in made if one and one.exists()] == made[-KEPT:]


PLUGIN = (
    "INSERT INTO plugin (id, dist, version, state, seen_at) "
    "VALUES ('a', 'a', '1', 'ready', 0)"
)
MODEL = (
    'INSERT INTO model ("key", plugin_id, position, provider, tier, price, enabled, '
    "declaration, version) VALUES ('a:b', 'a', 0, 'local', 'free', 1, true, '{}', '1')"
)
OVERRIDE = "INSERT INTO model_override (\"key\", price) VALUES ('a:b', 2)"
FLAG = (
    'INSERT INTO flag ("key", version, state, targets, rules, salt, reason, actor, at) '
    "VALUES ('a.enabled', 1, 'off', '{}', '[]', '', '', '', 0)"
)


@pytest.mark.parametrize(
    ("table", "add"),
    [
        ("plugin", PLUGIN),
        ("model", MODEL),
        ("model_override", OVERRIDE),
        ("flag", FLAG),
    ],
)
def test_every_change_by_hand_raises_the_epoch(
    store: Store, table: str, add: str
) -> None:
    seen = [epoch(store, "config")]

    for statement in (add, touch(table), f"DELETE FROM {table}"):
        by_hand(store, statement)
        seen.append(epoch(store, "config"))

    assert seen == sorted(set(seen))


ACCOUNT = (
    "INSERT INTO account (id, email, name, tier, role, created_at) "
    "VALUES ('usr_1', 'a@example.com', 'a', 'free', 'user', 0)"
)
SESSION = (
    "INSERT INTO session (token_hash, account_id, created_at, expires_at) "
    "VALUES ('h', 'usr_1', 0, 0)"
)
KEY = (
    "INSERT INTO api_key (id, account_id, name, hint, secret_hash, scopes, created_at) "
    "VALUES ('key_1', 'usr_1', '', '', 'h', '[]', 0)"
)


@pytest.mark.parametrize(
    ("table", "add"), [("account", ()), ("session", (SESSION,)), ("api_key", (KEY,))]
)
def test_taking_access_away_by_hand_raises_its_epoch(
    store: Store, table: str, add: tuple[str, ...]
) -> None:
    by_hand(store, ACCOUNT, *add)
    seen = [epoch(store, "access")]

    column = "role" if table == "account" else "account_id"
    change = f"UPDATE {table} SET {column} = {column}"
    for statement in (change, f"DELETE FROM {table}"):
        by_hand(store, statement)
        seen.append(epoch(store, "access"))

    assert seen == sorted(set(seen))


WRITTEN = {
    "ledger_txn": (
        'INSERT INTO ledger_txn (id, "once", kind, account_id, actor, reason, at) '
        "VALUES ('t', 'o', 'grant', 'usr_1', 'a', '', 0)"
    ),
    "ledger_entry": (
        "INSERT INTO ledger_entry (txn_id, purse, amount) VALUES ('t', 'p', 1)"
    ),
    "audit": (
        "INSERT INTO audit (at, actor, action, subject, reason) "
        "VALUES (0, 'a', 'b', 'c', 'd')"
    ),
}


@pytest.mark.parametrize("table", WRITTEN)
def test_what_is_written_down_stays(store: Store, table: str) -> None:
    before = [WRITTEN["ledger_txn"]] if table == "ledger_entry" else []
    by_hand(store, *before, WRITTEN[table])
    before = dump(store)

    for statement in (touch(table), f"DELETE FROM {table}"):
        with pytest.raises(REFUSED, match=f"{table} is append only"):
            by_hand(store, statement)

    assert dump(store) == before


def test_no_viewer_holds_less_than_nothing(store: Store) -> None:
    with pytest.raises(REFUSED, match="balance_not_below"):
        by_hand(store, "INSERT INTO balance VALUES ('usr_1:available', -1)")
    by_hand(store, "INSERT INTO balance VALUES ('sys:welcome', -1)")


ROW = {
    "key": "a",
    "version": 1,
    "state": "on",
    "targets": {},
    "rules": [],
    "salt": "",
    "reason": "",
    "actor": "",
    "at": 0.0,
}


def test_the_writing_door_commits_all_or_nothing(store: Store) -> None:
    def write_the_same_row_twice() -> None:
        with store.write() as session:
            session.execute(insert(flags).values(**ROW))
            session.execute(insert(flags).values(**ROW))

    with pytest.raises(IntegrityError):
        write_the_same_row_twice()

    with store.read() as session:
        assert session.execute(select(flags)).all() == []


def test_the_reading_door_changes_nothing(store: Store) -> None:
    with store.read() as session:
        session.execute(insert(flags).values(**ROW))

    with store.read() as session:
        assert session.execute(select(flags)).all() == []


def test_a_connection_that_comes_back_to_a_closed_store_is_closed(
    store: Store,
) -> None:
    with store.read() as session:
        held: Any = session.connection().connection.dbapi_connection
        store.close()
        session.execute(text("SELECT 1"))

    with pytest.raises(
        (psycopg.OperationalError, sqlite3.ProgrammingError), match="closed"
    ):
        held.execute("SELECT 1")


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as session:
        before = session.execute(select(flags)).all()
        by_hand(store, FLAG)
        after = session.execute(select(flags)).all()

    assert before == after == []


@only_on("sqlite")
def test_the_writing_door_locks_before_it_reads(store: Store) -> None:
    """Else two writers that read first would refuse each other at the end."""
    impatient = Store(store.url)
    with store.write() as session, impatient.engine.connect() as connection:
        session.execute(select(flags))
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError, match="locked"):
            connection.exec_driver_sql(FLAG)
    impatient.close()


@only_on("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)],
)
def test_sqlite_is_used_well(store: Store, pragma: str, value: object) -> None:
    with store.read() as session:
        found = session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar_one()

    assert found == value


def test_rows_of_nobody_are_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text(SESSION))
    with store.write() as session:
        session.execute(text(ACCOUNT))
        session.execute(text(SESSION))
        assert session.execute(select(accounts.c.id)).scalars().all() == ["usr_1"]


def test_ids_sort_by_the_moment_they_were_made() -> None:
    ids = [new_id("job") for _ in range(1000)]

    assert len(set(ids)) == 1000
    assert all(one.startswith("job_") and len(one) == 30 for one in ids)
    moments = [one[:14] for one in ids]
    assert moments == sorted(moments)


def test_the_data_folder_is_made_when_it_lacks(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path / 'a' / 'b' / 'lumiku.db'}").close()

    assert (tmp_path / "a" / "b").is_dir()
