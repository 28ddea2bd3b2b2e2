"""Whoever plays with jobs and bonuses ends with no more than they were given."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.jobs.room import Room

from lumiku_contracts import Refused, Viewer
from lumiku_kernel.accounts import users
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.ledger import post
from lumiku_kernel.store import new_id


def register(room: Room, email: str, gift: int = 100) -> Viewer:
    """A new account, welcomed."""
    with room.store.write() as session:
        ident = users.create(session, email)
        post.open_purses(session, ident)
        whom = users.person(email)
        post.welcome(session, ident, gift, actor="test", whom=whom)
    return Viewer(ident)


def test_one_mailbox_is_welcomed_once(room: Room) -> None:
    emails = ["eve@x.org", "eve+1@x.org", "EVE+two@x.org", "eve@y.org", "eva@x.org"]

    given = [room.credits(register(room, email))[0] for email in emails]

    assert given == [100, 0, 0, 100, 100]
    assert not room.broken()


def test_one_mailbox_is_welcomed_once_however_many_come_at_once(room: Room) -> None:
    start = Barrier(6)

    def come(number: int) -> int:
        start.wait()
        return room.credits(register(room, f"eve+{number}@x.org"))[0]

    with ThreadPoolExecutor(6) as threads:
        given = list(threads.map(come, range(6)))

    assert sorted(given) == [0, 0, 0, 0, 0, 100]
    assert not room.broken()


def test_the_address_is_not_to_be_read_from_what_the_ledger_keeps() -> None:
    assert "eve" not in users.person("eve@x.org")


def test_a_job_cancelled_after_its_pictures_are_there_is_paid_for_them(
    room: Room,
) -> None:
    viewer = room.viewer(10)
    each = room.quote(items=1).price
    job_id = room.submit(viewer, items=3)
    job = room.claim()
    with room.store.write() as session:
        finish.item_done(session, job, 0, [], None)
    cancel(room.store, job_id, viewer.id)
    room.give_back(job, rescued=False)

    assert room.job(job_id)["state"] == "canceled"
    assert room.credits(viewer) == (10 - each, 0)
    assert not room.broken()


def test_what_is_made_again_is_paid_again_and_what_was_made_is_not_made_anew(
    room: Room,
) -> None:
    viewer = room.viewer(10)
    each = room.quote(items=1).price
    job_id = room.submit(viewer, items=2)
    for _ in range(2):
        job = room.claim()
        with room.store.write() as session:
            place = room.items(job_id).index("queued")
            finish.item_done(session, job, place, [], None)
            finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
        if room.job(job_id)["state"] == "partial":
            retry(room.store, job_id, viewer.id, deadline_seconds=60)

    assert room.credits(viewer) == (10 - each * 2, 0)
    with pytest.raises(Refused, match="nothing to retry"):
        retry(room.store, job_id, viewer.id, deadline_seconds=60)
    assert not room.broken()


@pytest.mark.parametrize("amount", [-1, -(2**31), -(2**62)])
def test_a_price_below_nothing_is_not_reserved(room: Room, amount: int) -> None:
    viewer = room.viewer(10)
    room.submit(viewer, items=2)
    before = room.rows()

    with pytest.raises(ValueError, match="would be paid"), room.store.write() as s:
        post.reserve(s, viewer.id or "", amount, job_id=new_id("job"), funding=1)
    with pytest.raises(ValueError, match="would settle"), room.store.write() as s:
        post.finalize(
            s, viewer.id or "", settle=amount, release=-amount, job_id="job", funding=1
        )

    assert room.rows() == before
    assert not room.broken()


def test_a_huge_price_is_just_not_affordable(room: Room) -> None:
    viewer = room.viewer(10)

    with pytest.raises(Refused, match="10 are available"), room.store.write() as s:
        post.reserve(s, viewer.id or "", 2**62, job_id=new_id("job"), funding=1)

    assert room.credits(viewer) == (10, 0)


def test_credits_may_pass_what_32_bits_hold(room: Room) -> None:
    viewer = room.viewer(0)
    for _ in range(5):
        with room.store.write() as session:
            post.grant(session, viewer.id or "", 10**9, actor="test", reason="rich")

    assert room.credits(viewer) == (5 * 10**9, 0)
    assert not room.broken()


def test_another_price_after_the_job_was_taken_changes_nothing(room: Room) -> None:
    viewer = room.viewer(100)
    asked = room.quote(model="dear", items=2)
    job_id = room.accept(viewer, asked).job_id
    with room.store.write() as session:
        session.connection().exec_driver_sql("UPDATE model SET price = 1")
        users_ = "UPDATE account SET tier = 'free'"
        session.connection().exec_driver_sql(users_)
    job = room.claim()
    with room.store.write() as session:
        for index in range(2):
            finish.item_done(session, job, index, [], None)
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))

    assert room.credits(viewer) == (100 - asked.price, 0)
    assert not room.broken()
