"""The database: what its triggers guard, and its two doors."""
# ruff: noqa: S608 (statements of our own, as somebody would write them by hand)

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from tests.kernel.by_hand import FLAG, by_hand, dump, only_on
from tests.kernel.flagged import ROW

from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.tables import accounts, flags, metadata

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


PLUGIN = (
    "INSERT INTO plugin (id, dist, version, state, seen_at) "
    "VALUES ('a', 'a', '1', 'ready', 0)"
)
MODEL = (
    'INSERT INTO model ("key", plugin_id, position, provider, tier, price, enabled, '
    "declaration, version) VALUES ('a:b', 'a', 0, 'local', 'free', 1, true, '{}', '1')"
)
OVERRIDE = "INSERT INTO model_override (\"key\", price) VALUES ('a:b', 2)"


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


def test_the_writing_door_commits_all_or_nothing(store: Store) -> None:
    def write_the_same_row_twice() -> None:
        with store.write() as session:
            session.execute(insert(flags).values(key="a", **ROW))
            session.execute(insert(flags).values(key="a", **ROW))

    with pytest.raises(IntegrityError):
        write_the_same_row_twice()

    with store.read() as session:
        assert session.execute(select(flags)).all() == []


def test_the_reading_door_changes_nothing(store: Store) -> None:
    with store.read() as session:
        session.execute(insert(flags).values(key="a", **ROW))

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
