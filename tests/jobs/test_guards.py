"""Each guard of a job's row holds by itself, whatever stands before or behind it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from tests.jobs.room import Room

from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import claim, finish, states, sweep
from lumiku_kernel.ledger import post
from lumiku_kernel.store import new_id

HOUR = 3600.0
LONG = sweep.LONGEST / 2
"""Seconds of a lease that nobody sees end."""


def test_a_zombie_cannot_renew_the_lease_of_its_successor(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=2)
    zombie = room.claim("prc_one")
    room.give_back(zombie, rescued=True)
    successor = room.claim("prc_two", lease=5.0)
    held = room.job(job_id)["lease_until"]

    kept = claim.renew(room.store, [(job_id, zombie["epoch"])], lease_seconds=900)

    assert kept == {}
    assert room.job(job_id)["lease_until"] == held
    assert room.job(job_id)["epoch"] == successor["epoch"]


def test_a_rescue_fences_the_zombie_before_anybody_has_claimed(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=2)
    zombie = room.claim()
    room.lapse(job_id)

    sweep.sweep(room.store)

    assert room.job(job_id)["epoch"] > zombie["epoch"]
    with pytest.raises(states.LostLease), room.store.write() as session:
        finish.item_done(session, zombie, 0, [], None)


def test_a_running_job_is_claimed_by_nobody_else(room: Room) -> None:
    room.submit(room.viewer(), items=2)
    held = room.claim()

    assert room.try_claim("prc_two") is None
    assert room.job(held["id"])["lease_owner"] == "prc_one"


def test_a_job_is_not_claimed_before_its_time(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=2)
    room.change(job_id, not_before=room.store.now() + HOUR)

    assert room.try_claim() is None


def test_a_lease_goes_by_the_clock_of_the_database(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = room.submit(room.viewer(), items=2)
    began = room.store.now()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + HOUR)

    job = room.claim(lease=30.0)
    claimed = room.job(job_id)["lease_until"]
    claim.renew(room.store, [(job_id, job["epoch"])], lease_seconds=30.0)
    renewed = room.job(job_id)["lease_until"]

    assert began + 30.0 <= claimed <= room.store.now() + 30.0
    assert claimed <= renewed <= room.store.now() + 30.0


def test_an_item_that_was_given_up_is_not_delivered_after_all(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=2)
    job = room.claim()
    with room.store.write() as session:
        finish.item_failed(session, job, 0, "broken", "It broke.")

    with pytest.raises(states.LostLease), room.store.write() as session:
        finish.item_done(session, job, 0, [], None)

    assert room.items(job_id) == ["failed", "queued"]
    assert room.job(job_id)["items_ok"] == 0


def test_an_elected_process_is_not_deposed_while_its_time_runs(room: Room) -> None:
    assert sweep.elected(room.store, "prc_one", seconds=LONG)
    assert not sweep.elected(room.store, "prc_two", seconds=LONG)
    assert sweep.elected(room.store, "prc_one", seconds=LONG)


def test_of_two_that_see_a_free_election_one_is_elected(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sweep.elected(room.store, "prc_dead", seconds=-1.0)
    both_have_looked, write = threading.Barrier(2), room.store.write

    def late(**how: Any) -> AbstractContextManager[Session]:
        both_have_looked.wait(30)
        return write(**how)

    monkeypatch.setattr(room.store, "write", late)
    with ThreadPoolExecutor(2) as pool:
        elected = [
            pool.submit(sweep.elected, room.store, owner, seconds=LONG)
            for owner in ("prc_one", "prc_two")
        ]

    assert sorted(one.result() for one in elected) == [False, True]


def file_of(job: dict[str, Any]) -> dict[str, Any]:
    """An artifact's row, as the supervisor writes it."""
    return {
        "id": new_id("art"),
        "account_id": job["account_id"],
        "job_id": job["id"],
        "item": 0,
        "position": 0,
        "epoch": job["epoch"],
        "kind": "image",
        "key": "a/b/c.png",
        "sha256": "0" * 64,
        "size": 1,
        "media_type": "image/png",
        "width": 1,
        "height": 1,
        "meta": {},
    }


def test_an_artifact_and_its_item_stand_or_fall_together(room: Room) -> None:
    room.submit(room.viewer(), items=2)
    job = room.claim()
    before = room.rows()

    def die_late() -> None:
        with room.store.write() as session:
            finish.item_done(session, job, 0, [file_of(job)], None)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        die_late()
    assert (room.rows(), room.items(job["id"])) == (before, ["queued", "queued"])

    with room.store.write() as session:
        finish.item_done(session, job, 0, [file_of(job)], None)
    assert room.rows()["artifact"] == 1
    assert room.items(job["id"]) == ["done", "queued"]


def test_who_spends_second_waits_for_the_first_and_is_refused_in_words(
    room: Room,
) -> None:
    account = room.viewer(10).id or ""

    def spend(name: str) -> None:
        with room.store.write() as session:
            post.reserve(session, account, 7, job_id=name, funding=1)

    with ThreadPoolExecutor(1) as pool:
        with room.store.write() as session:
            post.reserve(session, account, 7, job_id="first", funding=1)
            second = pool.submit(spend, "second")
            wait_for_a_lock(room)
        with pytest.raises(Problem) as refused:
            second.result(30)

    assert refused.value.code == "insufficient-credits"


def wait_for_a_lock(room: Room) -> None:
    """Until somebody waits for a row; SQLite's writers wait for their turn anyway."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    end = time.monotonic() + 30
    while not room.store.is_sqlite and time.monotonic() < end:
        with room.store.read() as session:
            if session.execute(text(waiting)).first():
                return
        time.sleep(0.01)
