"""Plugins hear all that happens to their jobs, once and in order; retries too."""

from typing import Any

import pytest
from sqlalchemy import update
from tests.jobs.room import Room

from lumiku_contracts import JobEvent
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.feed import Feed
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import jobs

WHOLE = ["queued", "started", "failed"]
AGAIN = ["queued", "restarted", "failed"]


class Ear:
    """What has been heard."""

    def __init__(self, room: Room) -> None:
        self.heard: list[JobEvent] = []
        self._room = room
        self._feed = Feed(room.store)
        self._feed.begin(["trial"])

    def of(self, job_id: str) -> list[Any]:
        """Look, and tell the types heard so far of a job, each once and in order."""
        self._feed.read(["trial"], lambda _, event: self.heard.append(event))
        mine = [event for event in self.heard if event.job == job_id]
        assert [e.seq for e in mine] == list(
            range(mine[0].seq, mine[0].seq + len(mine)) if mine else ()
        )
        return [event.type for event in mine]


def fail(room: Room) -> None:
    """Let the next job fail."""
    job = room.claim()
    with room.store.write() as session:
        finish.end(session, job["id"], epoch=job["epoch"], from_states=("running",))


def long_ago(room: Room, job_id: str) -> None:
    """Let a job have ended an hour ago."""
    mine = update(jobs).where(jobs.c.id == job_id)
    with room.store.write() as session:
        session.execute(mine.values(ended_at=now() - 3600))


@pytest.mark.parametrize("looked", [True, False], ids=["looked between", "not"])
def test_the_second_end_of_a_retried_job_is_told(room: Room, *, looked: bool) -> None:
    ear = Ear(room)
    job_id = room.submit(room.viewer())
    fail(room)
    assert ear.of(job_id) == WHOLE
    long_ago(room, job_id)
    assert ear.of(job_id) == WHOLE

    retry(room.store, job_id, None, deadline_seconds=60)
    if looked:
        assert ear.of(job_id) == [*WHOLE, "queued"]
    fail(room)

    assert ear.of(job_id) == [*WHOLE, *AGAIN]
    assert ear.of(job_id) == [*WHOLE, *AGAIN]


@pytest.mark.parametrize("looked", [True, False], ids=["looked between", "not"])
def test_of_a_job_that_ended_before_only_its_retry_is_told(
    room: Room, *, looked: bool
) -> None:
    job_id = room.submit(room.viewer())
    fail(room)
    long_ago(room, job_id)
    ear = Ear(room)
    assert ear.of(job_id) == []

    retry(room.store, job_id, None, deadline_seconds=60)
    if looked:
        assert ear.of(job_id) == ["queued"]
    fail(room)

    assert ear.of(job_id) == AGAIN


def test_what_has_happened_before_is_not_told_and_what_follows_is(room: Room) -> None:
    job_id = room.submit(room.viewer())
    ear = Ear(room)
    assert ear.of(job_id) == []

    fail(room)

    assert ear.of(job_id) == WHOLE[1:]
