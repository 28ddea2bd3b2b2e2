"""Credits neither appear nor vanish: whatever is done, every rule of `verify` holds."""

import re
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.jobs.room import Room

from lumiku_contracts import Refused
from lumiku_kernel.jobs import finish, states
from lumiku_kernel.ledger import post
from lumiku_kernel.ledger.verify import RULES, verify
from lumiku_kernel.store.tables import balances, ledger_entries


def ended(room: Room, credits_: int = 10) -> str:
    """A job of two items, one of them delivered, ended."""
    room.submit(room.viewer(credits_), items=2)
    job = room.claim()
    with room.store.write() as session:
        finish.item_done(session, job, 0, [], None)
        finish.item_failed(session, job, 1, "broken", "It broke.")
        finish.end(session, job["id"], epoch=job["epoch"], from_states=("running",))
    ident: str = job["id"]
    return ident


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


SPOILED = {
    "C1": "INSERT INTO ledger_entry SELECT id, 'sys:revenue', 5 FROM ledger_txn"
    " WHERE kind = 'reserve'",
    "C3": "UPDATE balance SET amount = amount + 1 WHERE purse LIKE '%available'",
    "C5": "UPDATE balance SET amount = amount + 1 WHERE purse LIKE '%reserved'",
    "C6": "UPDATE job SET ended_at = NULL",
    "C7": "UPDATE job SET settled = settled + 1",
    "J1": "UPDATE job SET items_ok = items_ok + 1",
    "J2": "DELETE FROM job_event WHERE seq = 2",
    "J3": "UPDATE job SET state = 'failed'",
    "J4": "UPDATE job SET lease_owner = 'prc_ghost'",
    "A1": "INSERT INTO artifact SELECT 'art_x', account_id, id, 1, 0, 1, 'image', 'k',"
    " 's', 1, 'text/plain', NULL, NULL, '{}', 0.0 FROM job",
}


@pytest.mark.parametrize("rule", SPOILED)
def test_verify_names_what_breaks_a_rule(room: Room, rule: str) -> None:
    ended(room)
    assert not room.broken()

    with room.store.write() as session:
        session.execute(text(SPOILED[rule]))

    broken = {one.check: one for one in verify(room.store) if one.level == "error"}
    assert rule in broken
    assert broken[rule].evidence["rows"]


def test_every_rule_can_be_broken_by_a_test() -> None:
    known = {re.split(r"\s", rule)[0] for rule in RULES}

    # C2 follows from C1; the database refuses what would break C4.
    assert known - {"C2", "C4"} == set(SPOILED)


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
