"""A job is accepted whole or not at all, and once for each key."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event, update
from tests.jobs.room import Room

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.idempotency import Once
from lumiku_kernel.jobs.submit import Accepted, retry
from lumiku_kernel.ledger.post import grant
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


def test_a_retry_sent_again_is_the_same_retry(room: Room) -> None:
    viewer = room.viewer(10)
    job_id = room.submit(viewer)
    fail(room)
    once = Once.of(viewer.id or "", "POST /retry", "key", job_id)

    def again() -> bool:
        answer = retry(room.store, job_id, viewer.id, deadline_seconds=3600, once=once)
        assert answer.job_id == job_id
        return answer.replayed

    assert [again(), again()] == [False, True]
    fail(room)
    assert again(), "also when it has failed again"
    assert room.told(job_id).count("queued") == 2
    assert room.job(job_id)["funding"] == 2


def test_a_retry_that_is_refused_leaves_no_key(room: Room) -> None:
    viewer = room.viewer(1)
    job_id = room.submit(viewer)
    fail(room)
    room.submit(viewer)  # the credit is set aside for another
    once = Once.of(viewer.id or "", "POST /retry", "key", job_id)

    with pytest.raises(Problem) as caught:
        retry(room.store, job_id, viewer.id, deadline_seconds=3600, once=once)

    assert caught.value.status == 402
    assert room.rows()["idempotency"] == 0
    with room.store.write() as session:
        grant(session, viewer.id or "", 5, actor="test", reason="top up")
    done = retry(room.store, job_id, viewer.id, deadline_seconds=3600, once=once)
    assert not done.replayed


def test_requests_at_once_with_one_key_and_credits_for_one_make_one_job(
    room: Room,
) -> None:
    viewer = room.viewer(1)
    quote = room.quote()
    gate = Barrier(6)

    def send(_: int) -> Accepted:
        gate.wait()
        return room.accept(viewer, quote, key="key")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))

    assert len({answer.job_id for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert room.credits(viewer) == (0, 1)


def fail(room: Room) -> None:
    """Let the job in hand fail."""
    job = room.claim()
    with room.store.write() as session:
        finish.end(session, job["id"], epoch=job["epoch"], from_states=("running",))


def test_a_job_is_accepted_in_at_most_twelve_statements(room: Room) -> None:
    viewer, asked = room.viewer(100), room.quote(items=8)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(room.store.engine, "before_cursor_execute", note)
    room.accept(viewer, asked, key="one")
    event.remove(room.store.engine, "before_cursor_execute", note)

    assert len([one for one in said if not one.startswith("BEGIN")]) <= 12
