"""Jobs that are cancelled, and those tried again."""

import pytest
from tests.jobs.room import Room
from tests.jobs.steps import deliver, end, everything, give_up

from lumiku_contracts import Refused
from lumiku_kernel.jobs import claim, sweep
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.submit import retry


@pytest.mark.parametrize("waiting", ["queued", "retry_wait"])
def test_a_waiting_job_is_cancelled_at_once(room: Room, waiting: str) -> None:
    viewer = room.viewer(5)
    job_id = room.submit(viewer, items=3)
    if waiting == "retry_wait":
        job = room.claim()
        deliver(room, job, 0)
        room.give_back(job, rescued=False, wait=60.0)

    cancel(room.store, job_id, viewer.id)

    assert room.job(job_id)["state"] == "canceled"
    assert room.credits(viewer) == ((5, 0) if waiting == "queued" else (4, 0))
    assert room.try_claim() is None
    assert not room.broken()


def test_a_running_job_is_told_to_stop_at_the_next_renewal(room: Room) -> None:
    viewer = room.viewer()
    job_id = room.submit(viewer)
    job = room.claim()

    cancel(room.store, job_id, viewer.id)

    told = claim.renew(room.store, [(job_id, job["epoch"])], lease_seconds=30)
    assert list(told.values()) == [True]
    assert room.job(job_id)["state"] == "running"


def test_nobody_else_can_cancel_or_retry_a_job(room: Room) -> None:
    job_id = room.submit(room.viewer())
    stranger = room.viewer()

    with pytest.raises(Refused) as cancelling:
        cancel(room.store, job_id, stranger.id)
    with pytest.raises(Refused) as retrying:
        retry(room.store, job_id, stranger.id, deadline_seconds=60)

    assert (cancelling.value.status, retrying.value.status) == (404, 404)
    assert room.job(job_id)["state"] == "queued"


def test_an_ended_job_stays_as_it_is_when_it_is_cancelled(room: Room) -> None:
    viewer = room.viewer()
    job_id = room.submit(viewer)
    job = room.claim()
    deliver(room, job, 0)
    end(room, job)
    before = everything(room, job_id)

    cancel(room.store, job_id, viewer.id)

    assert everything(room, job_id) == before


@pytest.mark.parametrize("how", ["given back", "told to wait", "rescued"])
def test_a_job_cancelled_while_it_ran_is_not_queued_again(room: Room, how: str) -> None:
    viewer = room.viewer(5)
    job_id = room.submit(viewer, items=2)
    job = room.claim()
    deliver(room, job, 0)
    cancel(room.store, job_id, viewer.id)

    if how == "rescued":
        room.lapse(job_id)
        sweep.sweep(room.store)
    else:
        room.give_back(job, rescued=False, wait=9.0 if how == "told to wait" else 0.0)

    assert room.job(job_id)["state"] == "canceled"
    assert room.told(job_id)[-1] == "canceled"
    assert room.credits(viewer) == (4, 0)
    assert room.try_claim() is None
    assert not room.broken()


def test_a_retry_pays_for_and_makes_the_missing_items_only(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=4)
    job = room.claim()
    deliver(room, job, 0, 2)
    give_up(room, job, 1)
    give_up(room, job, 3)
    end(room, job)

    retry(room.store, job_id, viewer.id, deadline_seconds=60)
    funded = room.credits(viewer)
    again = room.claim()
    missing = [n for n, state in enumerate(room.items(job_id)) if state == "queued"]
    deliver(room, again, *missing)
    end(room, again)

    ended = room.job(job_id)
    assert funded == (6, 2)
    assert missing == [1, 3]
    assert (ended["state"], ended["funding"]) == ("succeeded", 2)
    assert (ended["price"], ended["settled"], ended["released"]) == (6, 4, 2)
    assert room.credits(viewer) == (6, 0)
    assert not room.broken()


def test_a_job_that_has_not_ended_cannot_be_retried(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer)

    with pytest.raises(Refused) as refusal:
        retry(room.store, job_id, viewer.id, deadline_seconds=60)

    assert refusal.value.status == 409
    assert room.credits(viewer) == (9, 1)
