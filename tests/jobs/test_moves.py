"""From every state, every command does what the table of moves says, or nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from tests.jobs.room import Room

from lumiku_contracts import Refused, Viewer
from lumiku_kernel.jobs import claim, finish, states, sweep
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.store import now

Row = dict[str, Any]


def write(act: Callable[..., object], *given: Any) -> Callable[[Room, Row], None]:
    """What the holder of a job writes, with the epoch of this moment."""

    def command(room: Room, job: Row) -> None:
        with room.store.write() as session:
            act(session, job, *given)

    return command


def swept(**values: Any) -> Callable[[Room, Row], None]:
    """What the sweeper makes of a job whose row has been changed so."""

    def command(room: Room, job: Row) -> None:
        room.change(job["id"], **values)
        sweep.sweep(room.store)

    return command


def ended(session: Any, job: Row, state: str | None = None) -> None:
    """End a running job."""
    finish.end(
        session,
        job["id"],
        epoch=job["epoch"],
        from_states=(states.RUNNING,),
        state=state,
    )


def back(session: Any, job: Row, wait: float) -> None:
    """Queue a running job again."""
    claim.give_back(session, job["id"], job["epoch"], rescued=False, wait=wait)


def renew(room: Room, job: Row) -> None:
    """Prolong a job's lease."""
    claim.renew(room.store, [(job["id"], job["epoch"])], lease_seconds=30)


COMMANDS: dict[str, tuple[str, Callable[[Room, Row], object]]] = {
    "claim": ("claim", lambda room, _job: suppress_none(room.try_claim())),
    "renew": ("renew", renew),
    "progress": ("deliver", write(finish.progress, 1, 0.9, "on")),
    "item done": ("deliver", write(finish.item_done, 1, [], None)),
    "item failed": ("deliver", write(finish.item_failed, 1, "x", "X.")),
    "end": ("finish", write(ended)),
    "heed": ("stop", write(ended, states.CANCELED)),
    "wait": ("wait", write(back, 60.0)),
    "give back": ("give back", write(back, 0.0)),
    "wake": ("wake", swept(not_before=0.0)),
    "die": ("rescue", swept(lease_until=1.0)),
    "die again": ("rescue", swept(lease_until=1.0, rescues=2)),
    "deaf": ("stop", swept(cancel_requested_at=1.0)),
    "cancel": ("cancel", lambda room, job: cancel(room.store, job["id"], None)),
    "retry": (
        "retry",
        lambda room, job: retry(room.store, job["id"], None, deadline_seconds=60),
    ),
}


def suppress_none(_claimed: object) -> None:
    """A claim may find nothing."""


def put(room: Room, state: str) -> tuple[Viewer, str]:
    """A job of three items in this state, by the roads that lead there."""
    viewer = room.viewer(100)
    job_id = room.submit(viewer, items=3)
    if state in (states.QUEUED, states.EXPIRED, states.CANCELED):
        if state == states.EXPIRED:
            swept(deadline_at=1.0)(room, {"id": job_id})
        if state == states.CANCELED:
            cancel(room.store, job_id, viewer.id)
        return viewer, job_id
    job = room.claim()
    made = {states.SUCCEEDED: (0, 1, 2), states.FAILED: ()}.get(state, (0,))
    with room.store.write() as session:
        for index in made:
            finish.item_done(session, job, index, [], None)
        if state in states.ENDED:
            ended(session, job)
        if state == states.RETRY_WAIT:
            back(session, job, 60.0)
    return viewer, job_id


STATES = (states.QUEUED, states.RUNNING, states.RETRY_WAIT, *states.ENDED)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", STATES)
def test_only_the_moves_of_the_table_happen(
    room: Room, state: str, command: str
) -> None:
    _, job_id = put(room, state)
    before = room.job(job_id)
    assert before["state"] == state
    name, act = COMMANDS[command]
    move = states.MOVES[name]

    with suppress(states.LostLease, Refused):
        act(room, before)

    after = room.job(job_id)["state"]
    if state in move.before:
        assert after in move.after
    else:
        assert after == state
    assert not room.broken()


@pytest.mark.parametrize("state", STATES)
def test_what_is_late_ends_and_what_has_ended_stays(room: Room, state: str) -> None:
    _, job_id = put(room, state)

    swept(deadline_at=1.0)(room, {"id": job_id})

    after = room.job(job_id)["state"]
    expected = next(
        (
            move.after
            for name, move in states.MOVES.items()
            if name in ("expire", "overrun") and state in move.before
        ),
        (state,),
    )
    assert after in expected
    assert not room.broken()


def test_every_state_can_be_reached_and_every_move_is_tried() -> None:
    tried = {name for name, _ in COMMANDS.values()} | {"submit", "expire", "overrun"}

    assert tried == {*states.MOVES}
    assert {one for move in states.MOVES.values() for one in move.after} == {*STATES}


def test_a_cancelled_job_is_ended_though_nobody_heeds(room: Room) -> None:
    viewer, job_id = put(room, states.RUNNING)
    cancel(room.store, job_id, viewer.id)
    room.change(job_id, cancel_requested_at=now() - states.CANCEL_GRACE + 5)
    sweep.sweep(room.store)
    patient = room.job(job_id)["state"]

    room.change(job_id, cancel_requested_at=now() - states.CANCEL_GRACE - 1)
    sweep.sweep(room.store)

    assert (patient, room.job(job_id)["state"]) == ("running", "canceled")
    assert room.credits(viewer) == (99, 0)
    assert not room.broken()


@pytest.mark.parametrize("count", [2, 8])
def test_of_retries_at_once_one_wins(room: Room, count: int) -> None:
    viewer, job_id = put(room, states.PARTIAL)

    def again(_: int) -> str:
        try:
            retry(room.store, job_id, viewer.id, deadline_seconds=60)
        except Refused as refusal:
            return refusal.code
        return "queued"

    with ThreadPoolExecutor(count) as pool:
        said = sorted(pool.map(again, range(count)))

    assert said == [*["job-not-retryable"] * (count - 1), "queued"]
    assert room.credits(viewer) == (97, 2)
    assert not room.broken()


def test_cancels_and_claims_at_once_leave_no_job_between(room: Room) -> None:
    viewer = room.viewer(100)
    mine = [room.submit(viewer) for _ in range(12)]

    def act(number: int) -> None:
        if number % 2:
            cancel(room.store, mine[number], viewer.id)
        else:
            room.try_claim()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(12)))

    states_ = {room.job(one)["state"] for one in mine}
    assert states_ <= {"queued", "running", "canceled"}
    assert not room.broken()
