"""Whatever an item does to its runner, the next one is made and nobody suffers."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.faults.house import House, alive, family, until

from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.store.tables import job_items, jobs

pytestmark = pytest.mark.slow
MB = 1024 * 1024
SMALL = {
    "LUMIKU_RUNNER_MEMORY_MB": "256",
    "LUMIKU_RUNNER_MEMORY_LIMIT_MB": "400",
    "LUMIKU_RUNNER_DISK_MB": "64",
}


def resident(pid: int) -> int:
    """Bytes of memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def codes(house: House, job_id: str) -> list[str | None]:
    """What became of each item."""
    mine = select(job_items.c.error_code).where(job_items.c.job_id == job_id)
    with house.room.store.read() as session:
        return list(session.execute(mine.order_by(job_items.c.index)).scalars())


@pytest.fixture
def small(house: House) -> House:
    """A house whose runners may take little."""
    house.environment.update(SMALL)
    return house


ILLS = {
    "swell": "runner-memory",
    "ask-for-all": "runner-memory",
    "fill": "runner-disk",
    "junk": "runner-protocol",
    "long": "runner-protocol",
    "lie": "runner-protocol",
    "chatter": "runner-protocol",
    "keep-open": "transaction-too-long",
}


def test_an_item_that_takes_or_says_too_much_ends_with_its_reason(small: House) -> None:
    viewer = small.room.viewer(1000)
    worker = small.work()
    before = resident(worker.pid)
    for ill, code in ILLS.items():
        job_id = small.room.submit(viewer, items=2, ill=ill)
        assert small.ended(job_id) == ["partial"], ill
        assert codes(small, job_id) == [code, None]
    grown = resident(worker.pid) - before
    assert grown < 100 * MB
    assert worker.poll() is None
    small.assert_sound()


def test_half_a_word_is_waited_for_no_longer_than_the_item_may_take(
    small: House,
) -> None:
    viewer = small.room.viewer(10)
    small.work()
    job_id = small.room.submit(viewer, worker="hasty", items=2, ill="half")

    assert small.ended(job_id) == ["partial"]
    assert codes(small, job_id) == ["timeout", None]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ("page", "output-not-as-declared"),
        ("truncated", "output-truncated"),
        ("vast", "output-too-large"),
        ("many", "output-too-many"),
        ("odd", "output-not-as-declared"),
    ],
)
def test_what_is_not_as_it_says_is_not_delivered(
    house: House, made: str, code: str
) -> None:
    viewer = house.room.viewer(10)
    house.work()
    job_id = house.room.submit(viewer, made=made)

    assert house.ended(job_id) == ["failed"]
    assert codes(house, job_id) == [code]
    assert house.room.credits(viewer) == (10, 0)


def test_an_input_accepted_by_an_older_release_is_named_apart_from_a_plugins_fault(
    house: House,
) -> None:
    viewer = house.room.viewer(10)
    old = house.room.submit(viewer)
    faulty = house.room.submit(viewer, ill="misread")
    with house.room.store.write() as session:
        this = update(jobs).where(jobs.c.id == old)
        session.execute(this.values(input={"pieces": 1}))
    house.work()

    assert house.ended(old, faulty) == ["failed", "failed"]
    assert codes(house, old) == ["input-outdated"]
    assert codes(house, faulty) == ["plugin-error"]
    assert house.room.credits(viewer) == (10, 0)


def test_a_runner_that_crashes_is_rescued_and_then_fails_with_its_signal(
    house: House,
) -> None:
    viewer = house.room.viewer(10)
    house.work()
    job_id = house.room.submit(viewer, ill="crash")

    assert house.ended(job_id) == ["failed"]
    job = house.room.job(job_id)
    assert job["error_code"] == "runner-died"
    assert "SIGSEGV" in job["error_detail"]
    assert len(house.begun(job_id)) == 3


def test_a_cancel_is_heard_even_by_a_runner_that_never_looks_up(house: House) -> None:
    viewer = house.room.viewer(10)
    house.work()
    job_id = house.room.submit(viewer, ill="spin")
    pid = house.runner_of(job_id)

    cancel(house.room.store, job_id, viewer.id)

    assert house.ended(job_id) == ["canceled"]
    until(lambda: not alive(pid), "its runner has ended")


def test_no_runner_outlives_its_worker_process_however_busy_it_is(
    house: House,
) -> None:
    viewer = house.room.viewer(10)
    worker = house.work()
    pid = house.runner_of(house.room.submit(viewer, ill="spin"))
    assert pid in family(worker.pid)

    worker.kill()

    until(lambda: not alive(pid), "its runner has ended")


def test_what_a_runner_prints_is_bounded_and_holds_nobody_up(house: House) -> None:
    viewer = house.room.viewer(10)
    worker = house.work()
    job_id = house.room.submit(viewer, ill="print")

    assert house.ended(job_id) == ["succeeded"]
    until(lambda: "left out" in house.log(worker), "it is told that lines are missing")
    assert len(house.log(worker)) < MB


@pytest.mark.parametrize("free", ["a model", "everything"])
def test_what_costs_nothing_is_made_like_anything_else(house: House, free: str) -> None:
    viewer = house.room.viewer(0)
    model = "gift"
    if free == "everything":
        house.environment["LUMIKU_CREDITS_MODE"] = "off"
        model = "dear"
    house.up()

    with house.client(viewer) as client:
        path, headers = "/api/apps/trial/write", {"Idempotency-Key": "1"}
        asked = {"items": 2, "model": model}
        job = client.post(path, json=asked, headers=headers).json()["job"]
        house.ended(job["id"])

    house.assert_made_once(job["id"], 2)
    assert house.room.job(job["id"])["price"] == 0
    assert house.room.credits(viewer) == (0, 0)
    house.assert_sound()
