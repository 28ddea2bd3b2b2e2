"""Events are numbered without gaps, the last one is last, and one read finds all."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from tests.jobs.room import Room

from lumiku_kernel.jobs import events, finish
from lumiku_kernel.store.tables import job_events


def add(room: Room, job_id: str, seq: int, kind: str) -> None:
    """Write an event past everybody."""
    row = {"job_id": job_id, "seq": seq, "type": kind, "data": {}, "at": 0.0}
    with room.store.write() as session:
        session.execute(insert(job_events).values(**row))


def ended(room: Room) -> tuple[str, int]:
    """A job that has failed, and the number of its last event."""
    job_id = room.submit(room.viewer())
    job = room.claim()
    with room.store.write() as session:
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
    return job_id, room.events(job_id)[-1]["seq"]


@pytest.mark.parametrize("kind", ["progress", "started", "failed", "item_done"])
def test_the_database_refuses_what_happens_after_the_end(room: Room, kind: str) -> None:
    job_id, last = ended(room)

    with pytest.raises(IntegrityError, match="out of order"):
        add(room, job_id, last + 1, kind)


def test_after_the_end_only_a_retry_begins_anew(room: Room) -> None:
    job_id, last = ended(room)

    add(room, job_id, last + 1, "queued")
    add(room, job_id, last + 2, "started")

    assert room.told(job_id)[-2:] == ["queued", "started"]


def test_the_database_refuses_a_gap(room: Room) -> None:
    job_id = room.submit(room.viewer())

    with pytest.raises(IntegrityError, match="out of order"):
        add(room, job_id, 3, "progress")


def test_one_read_finds_what_is_new_of_many_jobs(room: Room) -> None:
    viewer = room.viewer()
    known = {room.submit(viewer): 1 for _ in range(5)}
    risen, fresh = list(known)[1], room.submit(viewer)
    for seq in range(2, 12):
        add(room, risen, seq, "progress")
    known[risen], known[fresh] = 7, 0

    with room.store.read() as session:
        found = events.news(session, known, limit=3)

    assert {ident: [e["seq"] for e in told] for ident, told in found.items()} == {
        risen: [8, 9, 10],
        fresh: [1],
    }
    with room.store.read() as session:
        assert found[fresh] == events.after(session, fresh, 0)


def test_more_jobs_than_one_statement_takes_are_all_found(room: Room) -> None:
    viewer = room.viewer()
    mine = [room.submit(viewer) for _ in range(3)]
    strangers = {f"job_{number:03}": 0 for number in range(1100)}

    with room.store.read() as session:
        known = {mine[0]: 0, **strangers, mine[1]: 0, mine[2]: 1}
        found = events.news(session, known, limit=10)

    assert set(found) == set(mine[:2])
