"""Only the holder of a job's lease may move it, and every end pays what is due."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session
from tests.jobs.room import Room
from tests.jobs.steps import deliver, end, everything, give_up

from lumiku_contracts import Tier
from lumiku_kernel.jobs import claim, finish, states, sweep
from lumiku_kernel.store import now


def test_a_job_made_whole_has_succeeded_and_is_paid(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=2)

    job = room.claim()
    deliver(room, job, 0, 1)
    state = end(room, job)

    assert state == "succeeded"
    assert room.credits(viewer) == (8, 0)
    assert room.told(job_id) == [
        "queued",
        "started",
        "item_done",
        "item_done",
        "succeeded",
    ]
    assert not room.broken()


def test_what_was_not_delivered_is_not_paid(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=3)

    job = room.claim()
    deliver(room, job, 0, 2)
    give_up(room, job, 1)
    state = end(room, job)

    ended = room.job(job_id)
    assert state == "partial"
    assert (ended["settled"], ended["released"]) == (2, 1)
    assert ended["error_code"] == "broken"
    assert room.credits(viewer) == (8, 0)
    assert not room.broken()


def test_a_job_that_made_nothing_has_failed_and_costs_nothing(room: Room) -> None:
    viewer = room.viewer(10)
    room.submit(viewer, items=1)

    job = room.claim()
    give_up(room, job, 0)
    state = end(room, job)

    assert state == "failed"
    assert room.credits(viewer) == (10, 0)
    assert not room.broken()


def test_a_job_is_claimed_by_one(room: Room) -> None:
    room.submit(room.viewer())

    first, second = room.try_claim("prc_one"), room.try_claim("prc_two")

    assert first is not None
    assert second is None


def test_a_worker_process_without_the_plugin_never_claims_its_jobs(room: Room) -> None:
    room.submit(room.viewer())

    assert room.try_claim(plugins=("another",)) is None
    assert room.try_claim(plugins=("trial",)) is not None


def test_a_job_past_its_deadline_is_not_begun(room: Room) -> None:
    viewer = room.viewer(5)
    asked = room.quote()
    job_id = room.accept(viewer, asked, deadline=-1).job_id

    assert room.try_claim() is None
    sweep.sweep(room.store)

    assert room.job(job_id)["state"] == "expired"
    assert room.told(job_id) == ["queued", "expired"]
    assert room.credits(viewer) == (5, 0)
    assert not room.broken()


def test_a_running_job_past_its_deadline_ends_as_it_stands(room: Room) -> None:
    viewer = room.viewer(5)
    job_id = room.submit(viewer, items=2)
    job = room.claim()
    deliver(room, job, 0)
    room.change(job_id, deadline_at=now() - 1)

    sweep.sweep(room.store)

    ended = room.job(job_id)
    assert (ended["state"], ended["error_code"]) == ("partial", "deadline")
    assert room.credits(viewer) == (4, 0)
    assert not room.broken()


ZOMBIE: dict[str, Callable[[Session, dict[str, Any]], object]] = {
    "progress": lambda session, job: finish.progress(session, job, 1, 0.9, "late"),
    "deliver": lambda session, job: finish.item_done(session, job, 1, [], None),
    "give up": lambda session, job: finish.item_failed(session, job, 1, "x", "x"),
    "end": lambda session, job: finish.end(
        session, job["id"], epoch=job["epoch"], from_states=(states.RUNNING,)
    ),
    "give back": lambda session, job: claim.give_back(
        session, job["id"], job["epoch"], rescued=False
    ),
}


@pytest.mark.parametrize("write", ZOMBIE)
@pytest.mark.parametrize("taken", ["queued", "running", "ended"])
def test_a_zombie_changes_nothing(room: Room, write: str, taken: str) -> None:
    job_id = room.submit(room.viewer(), items=2)
    zombie = room.claim()
    deliver(room, zombie, 0)
    room.lapse(job_id)
    sweep.sweep(room.store)
    if taken != "queued":
        other = room.claim("prc_two")
        if taken == "ended":
            deliver(room, other, 1)
            end(room, other)
    before = everything(room, job_id)

    with pytest.raises(states.LostLease), room.store.write() as session:
        ZOMBIE[write](session, zombie)

    assert everything(room, job_id) == before
    assert not room.broken()


def test_an_item_is_delivered_once(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=2)
    job = room.claim()
    deliver(room, job, 0)
    before = everything(room, job_id)

    with pytest.raises(states.LostLease):
        deliver(room, job, 0)

    assert everything(room, job_id) == before


def test_a_lease_that_ran_out_cannot_be_renewed(room: Room) -> None:
    job_id = room.submit(room.viewer())
    job = room.claim()
    held = [(job_id, job["epoch"])]

    kept = claim.renew(room.store, held, lease_seconds=30)
    room.lapse(job_id)
    lost = claim.renew(room.store, held, lease_seconds=30)

    assert list(kept.values()) == [False]
    assert not lost


def test_the_sweeper_rescues_what_a_dead_process_held(room: Room) -> None:
    viewer = room.viewer()
    job_id = room.submit(viewer, items=2)
    deliver(room, room.claim(), 0)
    room.lapse(job_id)

    touched = sweep.sweep(room.store)
    again = room.claim("prc_two")
    deliver(room, again, 1)
    end(room, again)

    assert touched == 1
    assert room.job(job_id)["rescues"] == 1
    assert room.told(job_id) == [
        "queued",
        "started",
        "item_done",
        "queued",
        "restarted",
        "item_done",
        "succeeded",
    ]
    assert room.credits(viewer) == (98, 0)
    assert not room.broken()


def test_the_third_rescue_fails_the_job_and_releases_its_credits(room: Room) -> None:
    viewer = room.viewer()
    job_id = room.submit(viewer, items=2)

    for _ in range(states.MOST_RESCUES):
        room.claim()
        room.lapse(job_id)
        sweep.sweep(room.store)

    ended = room.job(job_id)
    assert (ended["state"], ended["error_code"]) == ("failed", "worker-died")
    assert room.credits(viewer) == (100, 0)
    assert not room.broken()


def test_a_lease_that_ends_absurdly_late_is_taken_over(room: Room) -> None:
    assert sweep.elected(room.store, "prc_astray", seconds=10 * 365 * 86400.0)

    assert sweep.elected(room.store, "prc_one", seconds=30)
    assert not sweep.elected(room.store, "prc_astray", seconds=30)


def test_only_one_process_sweeps_at_a_time(room: Room) -> None:
    first = sweep.elected(room.store, "prc_one", seconds=30)
    other = sweep.elected(room.store, "prc_two", seconds=30)
    again = sweep.elected(room.store, "prc_one", seconds=-1)
    after = sweep.elected(room.store, "prc_two", seconds=30)

    assert (first, other, again, after) == (True, False, True, True)


def test_a_job_that_waits_is_woken_when_its_time_has_come(room: Room) -> None:
    job_id = room.submit(room.viewer())
    job = room.claim()
    room.give_back(job, rescued=False, wait=60.0)

    sweep.sweep(room.store)
    asleep = (room.job(job_id)["state"], room.try_claim())
    room.change(job_id, not_before=now() - 1)
    sweep.sweep(room.store)

    assert asleep == ("retry_wait", None)
    assert room.claim()["attempt"] == 2


def test_a_job_given_back_by_a_stopping_process_has_used_no_attempt(room: Room) -> None:
    room.submit(room.viewer())

    room.give_back(room.claim(), rescued=False)

    again = room.claim()
    assert (again["attempt"], again["rescues"]) == (1, 0)


def test_dearer_viewers_and_older_jobs_come_first(room: Room) -> None:
    free, pro = room.viewer(), room.viewer(tier=Tier.PRO)
    order = [room.submit(free), room.submit(free), room.submit(pro)]

    claimed = [room.claim()["id"] for _ in range(3)]

    assert claimed == [order[2], order[0], order[1]]
