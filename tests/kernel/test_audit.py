"""What operators did stays written; who changes it behind everybody's back is found."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.kernel.command import lumiku

from lumiku_kernel.accounts import users
from lumiku_kernel.errors import Finding
from lumiku_kernel.ledger.post import grant, open_purses
from lumiku_kernel.store import Store
from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.seals import check, seal
from lumiku_kernel.store.tables import audits, ledger_txns
from lumiku_kernel.store.tables import seals as sealed


def tell(store: Store, *subjects: str) -> None:
    """So many changes, each a transaction."""
    for subject in subjects:
        with store.write() as session:
            audit(
                session,
                actor="usr_boss",
                action="model.set",
                subject=subject,
                before={"price": 1},
                after={"price": 2, "tier": "pro"},
                reason="a test",
            )


def pay(store: Store, *amounts: int) -> list[str]:
    """So many movements of credits; their ids."""
    with store.write() as session:
        ident = users.create(session, "v@example.org")
        open_purses(session, ident)
    for amount in amounts:
        with store.write() as session:
            grant(session, ident, amount, actor="usr_boss", reason="a test")
    with store.read() as session:
        rows = select(ledger_txns.c.id).order_by(ledger_txns.c.at, ledger_txns.c.id)
        return list(session.execute(rows).scalars())


def by_hand(store: Store, *statements: str) -> None:
    """As somebody would who owns the file: no trigger stops them."""
    with store.connection() as connection:
        for table in ("audit", "ledger_txn", "ledger_entry", "seal"):
            for act in ("update", "delete"):
                gone = f"DROP TRIGGER {table}_{act}_never"
                where = "" if store.is_sqlite else f" ON {table}"
                connection.exec_driver_sql(gone + where)
        for statement in statements:
            connection.exec_driver_sql(statement)


def faults(store: Store) -> list[str]:
    return [one.cause for one in check(store) if one.level == "error"]


def seal_all(store: Store) -> int:
    return seal(store, open_seconds=0.0)


def test_what_is_sealed_is_found_unchanged(store: Store) -> None:
    tell(store, "a", "b")
    pay(store, 5)

    assert seal_all(store) == 2
    tell(store, "c")
    assert seal_all(store) == 1
    assert seal_all(store) == 0

    assert faults(store) == []
    assert [one.level for one in check(store)] == ["ok", "ok"]


def test_rows_that_may_still_have_elder_siblings_are_left_open(store: Store) -> None:
    tell(store, "a")

    assert seal(store) == 0


ADDED = (
    "INSERT INTO audit (id, at, actor, action, subject, reason) "
    "SELECT 99, at, 'x', 'x', 'x', 'x' FROM audit WHERE id = 2"
)
TAMPERED: dict[str, tuple[str, str]] = {
    "a changed row": (
        "UPDATE audit SET reason = 'innocent' WHERE id = 2",
        "audit row 2 was changed under seal 1",
    ),
    "a deleted row": ("DELETE FROM audit WHERE id = 2", "row 2 is missing"),
    "a deleted tail": ("DELETE FROM audit WHERE id >= 3", "row 3 is missing"),
    "everything deleted": ("DELETE FROM audit", "row 1 is missing"),
    "a row put in": (ADDED, "row 99 was added"),
    "a changed seal": (
        "UPDATE seal SET rows = '[]' WHERE chain = 'audit' AND number = 1",
        "seal 1 was changed",
    ),
    "a deleted seal": (
        "DELETE FROM seal WHERE chain = 'audit' AND number = 1",
        "seal 1 is missing",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_and_the_first_row_named(store: Store, what: str) -> None:
    statement, named = TAMPERED[what]
    tell(store, "a", "b", "c")
    seal_all(store)
    tell(store, "d")
    seal_all(store)

    by_hand(store, statement)

    (fault,) = faults(store)
    assert named in fault


LEDGER = {
    "was changed": "UPDATE ledger_txn SET reason = 'x' WHERE id = '{}'",
    "is missing": "DELETE FROM ledger_txn WHERE id = '{}'",
}


@pytest.mark.parametrize("how", LEDGER)
def test_a_movement_of_credits_cannot_be_changed_unseen(store: Store, how: str) -> None:
    ids = pay(store, 5, 6, 7)
    seal_all(store)

    entry = "DELETE FROM ledger_entry WHERE txn_id = '{}'"
    done = [entry, LEDGER[how]] if how == "is missing" else [LEDGER[how]]
    by_hand(store, *(one.format(ids[-1]) for one in done))

    (fault,) = faults(store)
    assert f"ledger row {ids[-1]} {how}" in fault


def test_an_entry_changed_with_its_other_side_is_found_all_the_same(
    store: Store,
) -> None:
    """The credits still add up; only the seal knows."""
    ids = pay(store, 5)
    seal_all(store)

    by_hand(store, "UPDATE ledger_entry SET amount = amount * 2")

    assert [f"row {ids[0]} was changed" in one for one in faults(store)] == [True]


def test_a_seal_cannot_be_changed_by_a_statement(store: Store) -> None:
    tell(store, "a")
    seal_all(store)

    for statement in ("DELETE FROM seal", "UPDATE seal SET digest = ''"):
        with pytest.raises(Exception, match="append only"), store.write() as session:
            session.connection().exec_driver_sql(statement)

    with store.read() as session:
        assert len(session.execute(select(sealed)).all()) == 1
        assert len(session.execute(select(audits)).all()) == 1


def test_a_finding_says_how_many_seals_there_are(store: Store) -> None:
    tell(store, "a")
    seal_all(store)

    found: list[Finding] = list(check(store))

    assert "1 seals, head " in found[0].cause


def newest(store: Store) -> dict[str, Any]:
    with store.read() as session:
        rows = select(audits).order_by(audits.c.id.desc()).limit(1)
        return dict(session.execute(rows).mappings().one())


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The database on which `lumiku` acts."""
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(tmp_path))
    if not store.is_sqlite:
        monkeypatch.setenv("DATABASE_URL", store.url.replace("+psycopg", ""))
    made = lumiku("users", "create", "v@example.org", "--role", "operator")
    assert made.code == 0, made.err
    return store


WRITES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "user.create": (("users", "create", "w@example.org"), "after", "w@example.org"),
    "user.set": (
        ("users", "set", "v@example.org", "--tier", "pro", "--reason", "why"),
        "after",
        "pro",
    ),
    "user.link": (("users", "link", "v@example.org"), "reason", "lumiku users link"),
    "key.create": (("keys", "create", "first"), "after", "first"),
    "credits.grant": (
        ("credits", "grant", "v@example.org", "5", "--reason", "why"),
        "after",
        "105",
    ),
}


@pytest.mark.parametrize("action", WRITES)
def test_what_the_command_line_changes_is_written_down(
    home: Store, action: str
) -> None:
    arguments, column, said = WRITES[action]

    done = lumiku(*arguments)

    row = newest(home)
    assert done.code == 0, done.err
    assert (row["actor"], row["action"]) == ("cli", action)
    assert row["subject"]
    assert row["reason"]
    assert said in str(row[column])


def test_a_key_that_is_ended_is_written_down(home: Store) -> None:
    ident = lumiku("keys", "create", "first").out.split()[0]

    assert lumiku("keys", "revoke", ident).code == 0

    row = newest(home)
    assert (row["action"], row["subject"]) == ("key.revoke", ident)
    assert row["before"]["account"].startswith("usr_")


def test_a_grant_has_what_was_there_before(home: Store) -> None:
    lumiku("credits", "grant", "v@example.org", "5", "--reason", "why")

    row = newest(home)

    assert row["before"] == {"available": 100, "reserved": 0}
    assert row["after"] == {"amount": 5, "available": 105, "reserved": 0}


def test_a_password_is_said_to_be_changed_and_never_said(home: Store) -> None:
    lumiku("users", "set", "v@example.org", "--password-stdin", stdin="correct horse")

    row = newest(home)

    assert row["after"]["password"] == "changed"  # noqa: S105 (a word)
    assert "correct horse" not in str(row)
