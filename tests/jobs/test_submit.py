"""A job is accepted whole or not at all, and once for each key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from tests.jobs.room import Room

from lumiku_contracts import Refused
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import idempotencies


def test_an_accepted_job_is_there_whole(room: Room) -> None:
    viewer = room.viewer(10)

    job_id = room.submit(viewer, items=3)

    assert room.job(job_id)["state"] == "queued"
    assert room.items(job_id) == ["queued"] * 3
    assert room.told(job_id) == ["queued"]
    assert room.credits(viewer) == (7, 3)
    assert not room.broken()


def test_without_credits_nothing_at_all_is_written(room: Room) -> None:
    viewer = room.viewer(2)
    before = room.rows()

    with pytest.raises(Refused) as refusal:
        room.accept(viewer, room.quote(items=3), key="one")

    assert (refusal.value.status, refusal.value.code) == (402, "insufficient-credits")
    assert room.rows() == before
    assert room.credits(viewer) == (2, 0)


def test_the_same_key_and_request_give_the_same_job(room: Room) -> None:
    viewer = room.viewer(10)
    asked = room.quote(items=2)

    first = room.accept(viewer, asked, key="one")
    again = room.accept(viewer, asked, key="one")

    assert again.job_id == first.job_id
    assert (first.replayed, again.replayed) == (False, True)
    assert room.credits(viewer) == (8, 2)


def test_the_same_key_with_another_request_is_refused(room: Room) -> None:
    viewer = room.viewer(10)
    room.accept(viewer, room.quote(items=2), key="one")
    before = room.rows()

    with pytest.raises(Refused) as refusal:
        room.accept(viewer, room.quote(items=3), key="one")

    assert (refusal.value.status, refusal.value.code) == (422, "idempotency-key-reused")
    assert room.rows() == before


def test_a_key_belongs_to_one_viewer(room: Room) -> None:
    asked = room.quote()

    jobs = {room.accept(room.viewer(), asked, key="one").job_id for _ in range(2)}

    assert len(jobs) == 2


def test_a_refused_request_leaves_its_key_free(room: Room) -> None:
    viewer = room.viewer(2)
    with pytest.raises(Refused):
        room.accept(viewer, room.quote(items=3), key="one")

    accepted = room.accept(viewer, room.quote(items=2), key="one")

    assert not accepted.replayed


def test_a_key_that_has_run_out_can_be_used_again(room: Room) -> None:
    viewer = room.viewer(10)
    first = room.accept(viewer, room.quote(items=2), key="one")
    with room.store.write() as session:
        session.execute(update(idempotencies).values(expires_at=now() - 1))

    second = room.accept(viewer, room.quote(items=3), key="one")
    third = room.accept(viewer, room.quote(items=3), key="one")

    assert second.job_id != first.job_id
    assert (third.job_id, third.replayed) == (second.job_id, True)


def test_one_key_at_once_from_many_threads_makes_one_job(room: Room) -> None:
    viewer = room.viewer(100)
    asked = room.quote(items=1)

    with ThreadPoolExecutor(8) as pool:
        accepted = list(
            pool.map(lambda _: room.accept(viewer, asked, key="one"), range(16))
        )

    assert len({one.job_id for one in accepted}) == 1
    assert [one.replayed for one in accepted].count(False) == 1
    assert room.credits(viewer) == (99, 1)
    assert not room.broken()


def test_eight_threads_spend_what_there_is_and_no_more(room: Room) -> None:
    viewer = room.viewer(20)
    asked = room.quote(items=1)

    def spend(n: int) -> str:
        try:
            return room.accept(viewer, asked, key=f"key-{n}").job_id
        except Refused as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(spend, range(48)))

    assert said.count("insufficient-credits") == 28
    assert len(set(said)) == 21
    assert room.credits(viewer) == (0, 20)
    assert not room.broken()


def test_a_free_job_moves_no_credits_and_is_recorded(room: Room) -> None:
    viewer = room.viewer(0)

    room.accept(viewer, room.quote(model="gift", items=4))

    assert room.credits(viewer) == (0, 0)
    assert room.rows()["ledger_txn"] == 2  # the grant of nothing, and the reservation
    assert not room.broken()


def test_a_retry_that_cannot_be_paid_changes_nothing(room: Room) -> None:
    viewer = room.viewer(2)
    job_id = room.submit(viewer, items=2)
    room.change(job_id, state="failed")
    before = (room.rows(), room.job(job_id))

    with pytest.raises(Refused) as refusal:
        retry(room.store, job_id, viewer.id, deadline_seconds=60)

    assert refusal.value.status == 402
    assert (room.rows(), room.job(job_id)) == before
