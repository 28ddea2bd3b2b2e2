"""With credits off nothing costs anything; what was agreed before stays agreed."""

from dataclasses import replace

import pytest
from tests.jobs.room import Room

from lumiku_contracts import PriceLine, Viewer
from lumiku_kernel.flags.word import Local
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.funding import Payer
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.settings import Settings
from lumiku_kernel.visibility.watch import take

OFF = Payer(free=True)


def free_of_charge(room: Room, viewer: Viewer, items: int) -> str:
    """A job accepted while credits are off."""
    asked = room.quote(items=items)
    lines = tuple(PriceLine(one.item, one.label, 0) for one in asked.lines)
    return room.accept(viewer, replace(asked, lines=lines), payer=OFF).job_id


def work(room: Room, job_id: str, well: int) -> None:
    """Make so many of the items that wait, give up the others, end the job."""
    job = room.claim()
    assert job["id"] == job_id
    waiting = [n for n, s in enumerate(room.items(job_id)) if s == "queued"]
    with room.store.write() as session:
        for place, index in enumerate(waiting):
            if place < well:
                finish.item_done(session, job, index, [], None)
            else:
                finish.item_failed(session, job, index, "broken", "broken")
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))


def test_every_price_is_0_where_credits_are_off(room: Room) -> None:
    settings = Settings(data_dir=room.settings.data_dir, credits_mode="off")

    told = take(room.store, Local.of(settings)).configuration

    assert told.free
    assert {one.price for some in told.models.values() for one in some} == {0}
    assert not take(room.store).configuration.free


def test_a_job_with_credits_off_moves_none_and_is_counted(room: Room) -> None:
    viewer = room.viewer(5)

    job_id = free_of_charge(room, viewer, 3)
    work(room, job_id, 3)

    assert room.credits(viewer) == (5, 0)
    assert room.job(job_id)["settled"] == 0
    assert not room.broken()


@pytest.mark.parametrize("well", [0, 1, 2])
def test_a_job_under_way_is_settled_as_it_was_reserved(room: Room, well: int) -> None:
    viewer = room.viewer(10)
    each = room.quote(items=1).price
    job_id = room.submit(viewer, items=3)
    work(room, job_id, 1)

    retry(room.store, job_id, viewer.id, deadline_seconds=60, payer=OFF)
    assert room.credits(viewer) == (10 - each, 0)
    work(room, job_id, well)
    if well < 2:
        retry(room.store, job_id, viewer.id, deadline_seconds=60)
        work(room, job_id, 2 - well)

    assert room.credits(viewer) == (10 - each, 0)
    assert room.job(job_id)["state"] == "succeeded"
    assert not room.broken()


def test_what_was_free_when_it_was_asked_for_stays_free(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = free_of_charge(room, viewer, 2)
    work(room, job_id, 1)

    retry(room.store, job_id, viewer.id, deadline_seconds=60)
    work(room, job_id, 1)

    assert room.credits(viewer) == (10, 0)
    assert not room.broken()
