"""Whatever a runner does, the job ends, tells the truth, and pays for what is there."""

import threading
import time
from collections.abc import Iterator

import pytest
from tests.jobs.room import Room
from tests.jobs.scripted import DONE, Message, Scripted, failing, supervisor, well

from lumiku_kernel.jobs import attend, states, supervise, sweep
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.runners import RunnerDied


def test_all_items_are_made_by_one_runner_in_order(room: Room) -> None:
    job_id = room.submit(room.viewer(), items=3)
    boss, stable = supervisor(room, well)

    boss.run(room.claim())

    assert room.job(job_id)["state"] == "succeeded"
    assert stable.orders == [0, 1, 2]
    assert (len(stable.runners), stable.kept) == (1, 1)


def test_a_permanent_fault_costs_that_item_only(room: Room) -> None:
    def script(_runner: Scripted, order: Message) -> Iterator[Message]:
        if order["item"]["index"] == 1:
            yield from failing("permanent")(_runner, order)  # type: ignore[misc]
        yield DONE

    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=3)
    boss, stable = supervisor(room, script)

    boss.run(room.claim())

    assert room.items(job_id) == ["done", "failed", "done"]
    assert room.job(job_id)["state"] == "partial"
    assert room.credits(viewer) == (8, 0)
    assert stable.orders == [0, 1, 2]


def test_a_transient_fault_keeps_what_was_delivered_and_waits(room: Room) -> None:
    def script(runner: Scripted, order: Message) -> Iterator[Message]:
        if order["item"]["index"] == 1 and room.job(order["job"])["attempt"] == 1:
            yield from failing("transient", retry_after=500.0)(runner, order)  # type: ignore[misc]
        yield DONE

    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=3)
    boss, stable = supervisor(room, script)

    boss.run(room.claim())
    waiting = room.job(job_id)
    room.change(job_id, not_before=0.0)
    sweep.sweep(room.store)
    boss.run(room.claim())

    assert waiting["state"] == "retry_wait"
    assert waiting["not_before"] - room.store.now() > 400
    assert room.job(job_id)["state"] == "succeeded"
    assert stable.orders == [0, 1, 1, 2]
    assert not room.broken()


@pytest.mark.parametrize(
    ("kind", "tries"), [("transient", 3), ("bug", 2), ("permanent", 1)]
)
def test_each_kind_of_fault_has_its_number_of_tries(
    room: Room, kind: str, tries: int
) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=1)
    boss, stable = supervisor(room, failing(kind))

    for _ in range(tries):
        assert room.job(job_id)["state"] not in states.ENDED
        boss.run(room.claim())
        room.change(job_id, not_before=0.0)
        sweep.sweep(room.store)

    ended = room.job(job_id)
    assert (ended["state"], ended["error_code"]) == ("failed", "said")
    assert len(stable.orders) == tries
    assert room.credits(viewer) == (10, 0)
    assert not room.broken()


def test_a_runner_that_dies_three_times_fails_the_job(room: Room) -> None:
    def script(_runner: Scripted, order: Message) -> Iterator[Message | Exception]:
        if order["item"]["index"] == 1:
            yield RunnerDied("the runner was ended by signal 9")
        yield DONE

    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=3)
    boss, stable = supervisor(room, script)

    for _ in range(states.MOST_RESCUES):
        boss.run(room.claim())

    ended = room.job(job_id)
    assert (ended["state"], ended["error_code"]) == ("partial", "runner-died")
    assert stable.orders == [0, 1, 1, 1]
    assert room.credits(viewer) == (9, 0)
    assert not room.broken()


def test_a_runner_that_dies_because_we_stop_is_not_held_against_the_job(
    room: Room,
) -> None:
    def script(_runner: Scripted, _order: Message) -> Iterator[Message | Exception]:
        boss.stopping.set()
        yield RunnerDied("the runner was ended by signal 15")

    job_id = room.submit(room.viewer())
    boss, _ = supervisor(room, script)

    boss.run(room.claim())

    assert room.job(job_id)["state"] == "queued"
    assert room.job(job_id)["rescues"] == 0


def test_an_item_that_takes_too_long_fails_and_the_next_is_made(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(_runner: Scripted, order: Message) -> Iterator[Message | None]:
        while order["item"]["index"] == 0:
            yield None
        yield DONE

    monkeypatch.setattr(supervise, "PROGRESS_EVERY", 0.0)
    job_id = room.submit(room.viewer(10), worker="hasty", items=2)
    boss, stable = supervisor(room, script)

    boss.run(room.claim())

    assert room.items(job_id) == ["failed", "done"]
    assert room.job(job_id)["error_code"] == "timeout"
    assert len(stable.runners) == 2
    assert not room.broken()


@pytest.mark.parametrize("deaf", [False, True])
def test_a_cancelled_job_ends_whether_its_runner_listens_or_not(
    room: Room, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    def script(runner: Scripted, order: Message) -> Iterator[Message | None]:
        if order["item"]["index"] == 0:
            yield DONE
        cancel(room.store, order["job"], None)
        boss.renew()
        while deaf or not runner.cancelled:
            yield None
        yield {"op": "failed", "kind": "cancelled"}

    monkeypatch.setattr(attend, "CANCEL_GRACE", 0.05)
    viewer = room.viewer(10)
    job_id = room.submit(viewer, items=3)
    boss, stable = supervisor(room, script)

    boss.run(room.claim())

    assert room.job(job_id)["state"] == "canceled"
    assert room.items(job_id) == ["done", "queued", "queued"]
    assert room.credits(viewer) == (9, 0)
    assert stable.kept == (0 if deaf else 1)
    assert not room.broken()


def test_progress_does_not_fall(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def script(_runner: Scripted, _order: Message) -> Iterator[Message]:
        for fraction in (0.2, 0.9, 0.1, 0.5, 0.95):
            yield {"op": "progress", "fraction": fraction, "note": ""}
        yield DONE

    monkeypatch.setattr(supervise, "PROGRESS_EVERY", 0.0)
    job_id = room.submit(room.viewer(), items=2)
    boss, _ = supervisor(room, script)

    boss.run(room.claim())

    told = [e["progress"] for e in room.events(job_id) if e["type"] == "progress"]
    assert len(told) == 10
    assert told == sorted(told)


def test_a_zombie_and_its_successor_in_one_process_do_not_mix(room: Room) -> None:
    """As when a laptop sleeps for longer than a lease, and wakes."""
    asleep, woken = threading.Event(), threading.Event()

    def script(_runner: Scripted, order: Message) -> Iterator[Message | None]:
        first = order["epoch"] == 1
        if first:
            asleep.set()
        while not woken.is_set():
            yield None
        yield DONE

    job_id = room.submit(room.viewer(), items=1)
    boss, _ = supervisor(room, script)
    zombie = threading.Thread(target=boss.run, args=(room.claim(),))
    zombie.start()
    asleep.wait(10)
    room.lapse(job_id)
    sweep.sweep(room.store)
    again = room.claim()
    successor = threading.Thread(target=boss.run, args=(again,))
    successor.start()
    while len(boss.runners.runners) < 2:  # type: ignore[attr-defined]
        time.sleep(0.005)

    boss.renew()  # the zombie hears that its lease is lost
    zombie.join(10)
    gone = not zombie.is_alive()
    room.change(job_id, lease_until=room.store.now() + 1.0)
    boss.renew()  # the successor's lease is prolonged all the same
    prolonged = room.job(job_id)["lease_until"] - room.store.now()
    woken.set()
    successor.join(10)
    zombie.join(10)

    assert gone
    assert prolonged > 10
    assert room.job(job_id)["state"] == "succeeded"
    assert room.told(job_id).count("item_done") == 1
    assert not room.broken()


def test_jobs_claimed_and_not_started_are_all_given_back(room: Room) -> None:
    first, second = (room.submit(room.viewer()) for _ in range(2))
    boss, _ = supervisor(room, well)
    held = [room.claim(), room.claim()]
    room.lapse(first)
    sweep.sweep(room.store)

    for job in held:
        boss.release(job)

    assert room.job(second)["state"] == "queued"
    assert room.job(second)["rescues"] == 0
