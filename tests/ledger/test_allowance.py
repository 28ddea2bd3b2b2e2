"""An allowance is granted once a period, spent first, and never added up."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update
from tests.jobs.room import Room

from lumiku_contracts import Refused, Tier, Viewer
from lumiku_kernel.accounts.tiers import Terms
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.funding import Payer
from lumiku_kernel.ledger.allowance import ends, period, renew, renew_due
from lumiku_kernel.ledger.post import grant
from lumiku_kernel.ledger.purses import purses
from lumiku_kernel.store.tables import accounts, ledger_txns

NOV, DEC = "2026-11", "2026-12"


def allow(room: Room, viewer: Viewer, amount: int, name: str = NOV) -> bool:
    with room.store.write() as session:
        return renew(session, viewer.id or "", amount, name)


def held(room: Room, viewer: Viewer) -> tuple[int, int, int]:
    """Allowance, available, reserved."""
    with room.store.read() as session:
        return purses(session, viewer.id or "")


def kinds(room: Room, viewer: Viewer) -> list[str]:
    mine = select(ledger_txns.c.kind).where(ledger_txns.c.account_id == viewer.id)
    with room.store.read() as session:
        return list(session.execute(mine.order_by(ledger_txns.c.id)).scalars())


def deliver(room: Room, items: int) -> None:
    """Make so many items of the next job, and end it."""
    job = room.claim()
    with room.store.write() as session:
        for index in range(items):
            finish.item_done(session, job, index, [], None)
        finish.end(session, job["id"], epoch=job["epoch"], from_states=("running",))


def test_a_period_is_a_day_or_a_month_in_utc() -> None:
    moment = 1_795_391_999.5  # half a second before 23 November 2026

    assert (period("day", moment), period("day", moment + 1)) == (
        "2026-11-22",
        "2026-11-23",
    )
    assert (period("month", moment), ends("day", moment)) == (NOV, moment + 0.5)
    assert period("month", ends("month", moment)) == DEC
    assert period("month", ends("month", moment) - 1) == NOV


def test_an_allowance_is_granted_once_a_period(room: Room) -> None:
    viewer = room.viewer(5)

    assert [allow(room, viewer, 20) for _ in range(3)] == [True, False, False]

    assert held(room, viewer) == (20, 5, 0)
    assert room.credits(viewer) == (25, 0)
    assert not room.broken()


def test_it_is_granted_once_to_many_who_ask_at_once(room: Room) -> None:
    viewer = room.viewer(0)
    start = Barrier(6)

    def ask(_: int) -> bool:
        start.wait()
        return allow(room, viewer, 20)

    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(ask, range(6)))

    assert done.count(True) == 1
    assert held(room, viewer) == (20, 0, 0)


def test_what_is_left_is_not_added_up(room: Room) -> None:
    viewer = room.viewer(5)
    for name in ("2026-09", "2026-10", NOV, DEC):
        allow(room, viewer, 20, name)

    assert held(room, viewer) == (20, 5, 0)
    assert kinds(room, viewer).count("expire") == 3
    assert not room.broken()


def test_the_allowance_is_spent_first_and_comes_back_last(room: Room) -> None:
    viewer = room.viewer(10)
    each = room.quote(items=1).price
    allow(room, viewer, each * 2)

    room.submit(viewer, items=4)
    assert held(room, viewer) == (0, 10 - each * 2, each * 4)
    deliver(room, 1)

    assert held(room, viewer) == (each, 10, 0)
    assert not room.broken()


def test_what_comes_back_after_its_period_has_ended_is_gone(room: Room) -> None:
    """Else an allowance could be parked in a job that is cancelled later."""
    viewer = room.viewer(10)
    each = room.quote(items=1).price
    allow(room, viewer, each * 3)
    job_id = room.submit(viewer, items=4)

    allow(room, viewer, each * 3, DEC)
    cancel(room.store, job_id, viewer.id)

    assert held(room, viewer) == (each * 3, 10, 0)
    assert not room.broken()


def test_an_allowance_parked_again_and_again_never_grows(room: Room) -> None:
    viewer = room.viewer(0)
    each = room.quote(items=1).price
    for month in range(1, 10):
        allow(room, viewer, each * 3, f"2027-0{month}")
        first = room.submit(viewer, items=2)
        second = room.submit(viewer, items=1)
        cancel(room.store, first, viewer.id)
        allow(room, viewer, each * 3, f"2027-0{month}")
        cancel(room.store, second, viewer.id)

        assert sum(room.credits(viewer)) == each * 3
    assert not room.broken()


def test_a_higher_tier_adds_the_difference_and_a_lower_one_takes_nothing(
    room: Room,
) -> None:
    viewer = room.viewer(0)

    held_after = []
    for amount in (20, 50, 20, 50, 80, 0, 50):
        allow(room, viewer, amount)
        held_after.append(held(room, viewer)[0])

    assert held_after == [20, 50, 50, 50, 80, 80, 80]
    allow(room, viewer, 20, DEC)
    assert held(room, viewer)[0] == 20
    assert not room.broken()


def test_a_tier_without_allowance_ends_with_the_period(room: Room) -> None:
    viewer = room.viewer(3)
    allow(room, viewer, 20)

    assert not allow(room, viewer, 0)
    assert held(room, viewer) == (20, 3, 0)
    assert allow(room, viewer, 0, DEC)
    assert held(room, viewer) == (0, 3, 0)
    assert not allow(room, viewer, 0, DEC)
    assert not room.broken()


def test_a_job_is_paid_with_the_allowance_that_is_due_just_then(room: Room) -> None:
    viewer = room.viewer(0)
    asked = room.quote(items=2)
    payer = Payer(None, Terms("free", allowance=asked.price, period="day"))

    room.accept(viewer, asked, payer=payer)
    with pytest.raises(Refused, match="0 are available"):
        room.accept(viewer, asked, payer=payer)

    assert held(room, viewer) == (0, 0, asked.price)
    assert not room.broken()


def test_the_ticker_grants_to_each_account_of_the_tier_and_to_no_other(
    room: Room,
) -> None:
    mine = [room.viewer(0, Tier.PRO) for _ in range(3)]
    gone, other = room.viewer(0, Tier.PRO), room.viewer(0)
    with room.store.write() as session:
        off = update(accounts).where(accounts.c.id == gone.id)
        session.execute(off.values(disabled_at=1.0))

    assert renew_due(room.store, "pro", 30, "month") == 3
    assert renew_due(room.store, "pro", 30, "month") == 0
    assert renew_due(room.store, "pro", 20, "month") == 3  # written, nothing moved

    assert [held(room, one)[0] for one in (*mine, gone, other)] == [30] * 3 + [0, 0]
    assert renew_due(room.store, "pro", 0, "month") == 0
    assert renew_due(room.store, "pro", 0, "day") == 3
    assert [held(room, one)[0] for one in mine] == [0] * 3
    assert not room.broken()


def test_an_allowance_is_not_taken_back_by_a_grant_below_zero(room: Room) -> None:
    viewer = room.viewer(3)
    allow(room, viewer, 20)

    with pytest.raises(Refused), room.store.write() as session:
        grant(session, viewer.id or "", -4, actor="test", reason="test")

    assert held(room, viewer) == (20, 3, 0)
