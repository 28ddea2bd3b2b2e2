"""Credits neither appear nor vanish: whatever is done, every rule of `verify` holds."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.jobs.room import Room

from lumiku_contracts import Refused, Viewer
from lumiku_kernel.jobs import finish, states
from lumiku_kernel.ledger import post
from lumiku_kernel.ledger.verify import RULES, verify
from lumiku_kernel.store import Store, new_id
from lumiku_kernel.store.tables import balances, ledger_entries


def ended(room: Room, credits_: int = 10, model: str = "plain") -> str:
    """A job of two items, one of them delivered, ended."""
    room.accept(room.viewer(credits_), room.quote(model=model, items=2))
    job = room.claim()
    with room.store.write() as session:
        finish.item_done(session, job, 0, [], None)
        finish.item_failed(session, job, 1, "broken", "It broke.")
        finish.end(session, job["id"], epoch=job["epoch"], from_states=("running",))
    ident: str = job["id"]
    return ident


def refund_all(room: Room, job_id: str, amount: int | None = None) -> int:
    """What an operator gives back of a job's price."""
    with room.store.write() as session:
        job = room.job(job_id)
        why = {"actor": "usr_op", "reason": "it was ugly", "once": new_id("one")}
        return post.refund(session, job, amount, **why)


def by_hand(store: Store, *statements: str) -> None:
    """As somebody would who owns the database: no trigger stops them."""
    with store.write() as session:
        for table in ("ledger_txn", "ledger_entry"):
            for act in ("update", "delete"):
                of = "" if store.is_sqlite else f" ON {table}"
                session.execute(text(f"DROP TRIGGER {table}_{act}_never{of}"))
        for statement in statements:
            session.execute(text(statement))


def test_a_funding_is_finalized_once(room: Room) -> None:
    job_id = ended(room)
    owner = room.job(job_id)["account_id"]
    before = room.rows()

    with pytest.raises(IntegrityError), room.store.write() as session:
        post.finalize(session, owner, settle=0, release=0, job_id=job_id, funding=1)

    assert room.rows() == before


def test_a_grant_with_the_same_key_is_given_once(room: Room) -> None:
    viewer = room.viewer(0)

    for _ in range(2):
        try:
            with room.store.write() as session:
                post.grant(
                    session, viewer.id or "", 5, actor="t", reason="t", once="gift"
                )
        except IntegrityError:
            continue

    assert room.credits(viewer) == (5, 0)
    assert not room.broken()


def test_no_more_can_be_taken_than_there_is(room: Room) -> None:
    viewer = room.viewer(3)

    with pytest.raises(Refused), room.store.write() as session:
        post.grant(session, viewer.id or "", -4, actor="test", reason="test")

    assert room.credits(viewer) == (3, 0)


def test_the_database_itself_refuses_a_purse_below_zero(room: Room) -> None:
    viewer = room.viewer(3)
    purse = balances.c.purse == post.available(viewer.id or "")

    with pytest.raises(IntegrityError), room.store.write() as session:
        session.execute(update(balances).where(purse).values(amount=-1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_txn SET reason = 'x'",
        "UPDATE ledger_entry SET amount = 1",
        "DELETE FROM ledger_txn",
        "DELETE FROM ledger_entry",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_ledger(
    room: Room, statement: str
) -> None:
    room.viewer(3)

    with (
        pytest.raises(DBAPIError, match="append"),
        room.store.write() as session,
    ):
        session.execute(text(statement))


ONE_SIDED = (
    "INSERT INTO ledger_entry SELECT id, 'sys:revenue', 5 FROM ledger_txn"
    " WHERE kind = 'reserve'"
)
OVERPAID = """
    INSERT INTO ledger_txn
      (id, "once", kind, account_id, job_id, actor, reason, at)
    SELECT 'txn_x', 'x', 'refund', account_id, id, 'usr_x', 'a friend', 0.0 FROM job;
    INSERT INTO ledger_entry VALUES ('txn_x', 'sys:revenue', -500);
    INSERT INTO ledger_entry
    SELECT 'txn_x', purse, 500 FROM balance WHERE purse LIKE '%available';
    UPDATE balance SET amount = amount + 500 WHERE purse LIKE '%available';
    UPDATE balance SET amount = amount - 500 WHERE purse = 'sys:revenue'"""
SPOILED = {
    "C1": ONE_SIDED,
    "C2": ONE_SIDED,
    "C3": "UPDATE balance SET amount = amount + 1 WHERE purse LIKE '%available'",
    "C4": "UPDATE balance SET amount = -1 WHERE purse LIKE '%available'",
    "C5": "UPDATE balance SET amount = amount + 1 WHERE purse LIKE '%reserved'",
    "C6": "UPDATE job SET ended_at = NULL",
    "C7": "UPDATE job SET settled = settled + 1",
    "C8": OVERPAID,
    "C10": "UPDATE job_item SET price = price + 1 WHERE state = 'failed'",
    "J1": "UPDATE job SET items_ok = items_ok + 1",
    "J2": "DELETE FROM job_event WHERE seq = 2",
    "J3": "UPDATE job SET state = 'failed'",
    "J4": "UPDATE job SET lease_owner = 'prc_ghost'",
    "A1": "INSERT INTO artifact SELECT 'art_x', account_id, id, 1, 0, 1, 'image', 'k',"
    " 's', 1, 'text/plain', NULL, NULL, '{}', 0.0 FROM job",
}
UNCHECKED = {
    True: "PRAGMA ignore_check_constraints = ON",
    False: "ALTER TABLE balance DROP CONSTRAINT balance_not_below",
}


@pytest.mark.parametrize("rule", SPOILED)
def test_verify_names_what_breaks_a_rule(room: Room, rule: str) -> None:
    ended(room)
    assert not room.broken()

    with room.store.write() as session:
        session.execute(text(UNCHECKED[room.store.is_sqlite]))
        for statement in SPOILED[rule].split(";"):
            session.execute(text(statement))

    broken = {one.check: one for one in verify(room.store) if one.level == "error"}
    assert rule in broken
    assert broken[rule].evidence["rows"]


@pytest.mark.parametrize(
    "statement",
    [
        ["UPDATE ledger_txn SET funding = 7 WHERE kind = 'finalize'"],
        ["DELETE FROM job_event", "DELETE FROM job_item", "DELETE FROM job"],
        ["UPDATE ledger_txn SET reason = '' WHERE kind = 'refund'"],
        ["DELETE FROM balance WHERE purse LIKE '%available'"],
    ],
)
def test_verify_names_what_an_owner_of_the_database_has_undone(
    room: Room, statement: list[str]
) -> None:
    job_id = ended(room)
    room.submit(room.viewer(10), items=1)
    refund_all(room, job_id)
    assert not room.broken()

    by_hand(room.store, *statement)

    assert any(one.level == "error" for one in verify(room.store))


def test_every_rule_can_be_broken_by_a_test() -> None:
    known = {re.split(r"\s", rule)[0] for rule in RULES}

    assert known == set(SPOILED)


def test_a_movement_and_its_job_stand_or_fall_together(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=2)
    job = room.claim()
    before: tuple[Any, ...] = (room.job(job_id), room.rows(), room.credits(viewer))

    def fail_late() -> None:
        with room.store.write() as session:
            finish.end(
                session,
                job_id,
                epoch=job["epoch"],
                from_states=(states.RUNNING,),
            )
            session.execute(insert(ledger_entries).values(txn_id="none", purse="x"))

    with pytest.raises(IntegrityError):
        fail_late()

    assert (room.job(job_id), room.rows(), room.credits(viewer)) == before


def test_no_more_is_refunded_than_was_settled(room: Room) -> None:
    job_id = ended(room, 100, "dear")
    owner = Viewer(room.job(job_id)["account_id"])
    settled = room.job(job_id)["settled"]
    before, _ = room.credits(owner)

    refund_all(room, job_id, 1)
    with pytest.raises(Refused) as told:
        refund_all(room, job_id, settled)
    refund_all(room, job_id)

    assert told.value.code == "refund-too-much"
    assert room.credits(owner) == (before + settled, 0)
    for amount in (None, 1, 0, -1, 10**18):
        with pytest.raises(Refused):
            refund_all(room, job_id, amount)
    assert not room.broken()


def test_two_refunds_at_once_give_back_once(room: Room) -> None:
    job_id = ended(room)
    start = Barrier(4)

    def try_it(_: int) -> int:
        start.wait()
        try:
            return refund_all(room, job_id)
        except Refused:
            return 0

    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(try_it, range(4)))

    assert sum(given) == room.job(job_id)["settled"]
    assert given.count(0) == 3
    assert not room.broken()
