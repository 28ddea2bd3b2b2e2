"""Steps of a job's life, as runners take them."""

from typing import Any

from tests.jobs.room import Room

from lumiku_kernel.jobs import finish, states


def deliver(room: Room, job: dict[str, Any], *indexes: int) -> None:
    """Deliver items as their holder, without files."""
    for index in indexes:
        with room.store.write() as session:
            finish.item_done(session, job, index, [], None)


def give_up(room: Room, job: dict[str, Any], index: int) -> None:
    """Give an item up as its holder."""
    with room.store.write() as session:
        finish.item_failed(session, job, index, "broken", "It broke.")


def end(room: Room, job: dict[str, Any], state: str | None = None) -> str:
    """End a job as its holder."""
    with room.store.write() as session:
        return finish.end(
            session,
            job["id"],
            epoch=job["epoch"],
            from_states=(states.RUNNING,),
            state=state,
        )


def everything(room: Room, job_id: str) -> tuple[Any, ...]:
    """All that a zombie could spoil."""
    return (room.job(job_id), room.items(job_id), room.events(job_id), room.rows())
