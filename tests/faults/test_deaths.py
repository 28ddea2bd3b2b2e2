"""An accepted job outlives the death of anything, is made once and charged once."""

import os
import random
import signal
import time

import pytest
from tests.faults.house import LEASE, House, alive, family, until

pytestmark = pytest.mark.slow

BACKENDS = ("sqlite", "postgres+redis")


def test_a_killed_runner_costs_nothing_but_time(house: House) -> None:
    viewer = house.room.viewer(10)
    job_id = house.room.submit(viewer, items=3, seconds=0.4)
    worker = house.work()
    house.delivered(job_id)

    os.kill(house.runner_of(job_id, 1), signal.SIGKILL)
    house.ended(job_id)

    house.assert_made_once(job_id, 3)
    assert len(house.begun(job_id, 0)) == 1
    assert house.room.credits(viewer) == (7, 0)
    assert worker.poll() is None
    house.assert_sound()


def test_an_item_that_kills_its_runner_fails_and_the_worker_lives(house: House) -> None:
    viewer = house.room.viewer(10)
    poison = house.room.submit(viewer, items=2, fault="exit", at=1)
    fainting = house.room.submit(viewer, items=2, fault="exit-once", at=1)
    house.work()

    states = house.ended(poison, fainting)

    assert states == ["partial", "succeeded"]
    assert house.room.job(poison)["error_code"] == "runner-died"
    assert len(house.begun(poison, 1)) == 3
    assert house.room.credits(viewer) == (7, 0)
    house.assert_sound()


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_a_killed_worker_process_leaves_its_jobs_to_another(house: House) -> None:
    viewer = house.room.viewer(10)
    first = house.work()
    job_id = house.room.submit(viewer, items=4, seconds=0.4)
    house.delivered(job_id)
    runners = family(first.pid)

    first.kill()
    first.wait()
    house.work()
    house.ended(job_id)

    house.assert_made_once(job_id, 4)
    assert house.room.job(job_id)["rescues"] == 1
    assert house.room.credits(viewer) == (6, 0)
    assert runners
    until(lambda: not any(alive(pid) for pid in runners), "its runners end too")
    house.assert_sound()


@pytest.mark.parametrize("whom", ["the process", "its whole group"])
def test_a_worker_process_told_to_stop_gives_its_jobs_back(
    house: House, whom: str
) -> None:
    viewer = house.room.viewer(10)
    first = house.work()
    job_id = house.room.submit(viewer, items=4, seconds=2.0)
    house.runner_of(job_id, 0)

    if whom == "the process":
        first.terminate()
    else:  # as systemd does
        os.killpg(first.pid, signal.SIGTERM)
    status = first.wait(60)
    stopped = house.room.job(job_id)

    assert status == 0
    assert stopped["state"] == "queued"
    assert (stopped["rescues"], stopped["attempt"]) == (0, 0)
    assert stopped["lease_owner"] is None
    house.assert_sound()


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_a_zombie_worker_process_changes_nothing_when_it_wakes(house: House) -> None:
    viewer = house.room.viewer(10)
    zombie = house.work()
    job_id = house.room.submit(viewer, items=3, seconds=0.5)
    house.runner_of(job_id, 1)

    os.kill(zombie.pid, signal.SIGSTOP)
    other = house.work()
    until(lambda: len(house.begun(job_id, 1)) > 1, "another has begun the item anew")
    os.kill(zombie.pid, signal.SIGCONT)
    house.ended(job_id)

    house.assert_made_once(job_id, 3)
    assert house.room.credits(viewer) == (7, 0)
    assert (zombie.poll(), other.poll()) == (None, None)
    house.assert_sound()


def test_a_machine_that_slept_goes_on_by_itself(house: House) -> None:
    viewer = house.room.viewer(10)
    worker = house.work()
    job_id = house.room.submit(viewer, items=4, seconds=0.5)
    house.delivered(job_id)

    everybody = [*family(worker.pid), worker.pid]  # it kills runners when it wakes
    for pid in reversed(everybody):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(LEASE * 1.5)
    for pid in everybody:
        os.kill(pid, signal.SIGCONT)
    house.ended(job_id)

    house.assert_made_once(job_id, 4)
    house.assert_sound()


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_nobody_is_lost_or_charged_twice_through_ten_kills(house: House) -> None:
    chance = random.Random(7)  # noqa: S311 (a schedule that can be repeated)
    viewer = house.room.viewer(200)
    jobs = [
        house.room.submit(viewer, items=chance.randint(1, 3), seconds=0.05)
        for _ in range(40)
    ]
    items = sum(house.room.job(job_id)["items_total"] for job_id in jobs)
    workers = [house.work(), house.work()]

    for _ in range(10):
        time.sleep(chance.uniform(0.1, 0.5))
        place = chance.randrange(2)
        runners = list(family(workers[place].pid))
        if runners and chance.random() < 0.5:
            victim = chance.choice(runners)
            if alive(victim):
                os.kill(victim, signal.SIGKILL)
        else:
            workers[place].kill()
            workers[place].wait()
            workers[place] = house.run("work")
    ended = house.ended(*jobs)

    assert set(ended) == {"succeeded"}
    for job_id in jobs:
        house.assert_made_once(job_id, house.room.job(job_id)["items_total"])
    assert house.room.credits(viewer) == (200 - items, 0)
    house.assert_sound()
