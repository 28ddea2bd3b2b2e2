"""A room's webhooks, whoever sends them, and what they are told."""

from typing import Any, Self

from sqlalchemy import select, update
from tests.jobs.receiver import Receiver
from tests.jobs.room import Room

from lumiku_contracts import Viewer
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.jobs import deliveries, finish, signing, webhooks
from lumiku_kernel.jobs.courier import Courier
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import deliveries as delivery_table
from lumiku_kernel.store.tables import webhooks as webhook_table

ENDS = ["job.succeeded", "job.failed"]


class Post:
    """What a room's tests do with webhooks."""

    def __init__(self, room: Room, *receivers: Receiver) -> None:
        near = ",".join(one.near for one in receivers)
        self.room = room
        self.settings = room.settings.model_copy(update={"outbound_private": near})
        self.courier = Courier(self.settings, room.store)
        self.courier.start()

    def __enter__(self) -> Self:
        """Running."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send no more."""
        self.courier.stop()

    def hook(
        self, viewer: Viewer, url: str, events: list[str] | None = None
    ) -> tuple[str, str]:
        """A webhook's id and secret."""
        key = pepper(self.settings)
        salt = signing.new_salt(key)
        with self.room.store.write() as session:
            ident = webhooks.create(session, viewer.id or "", url, events or ENDS, salt)
        return ident, signing.secret_of(key, salt)

    def row(self, ident: str) -> dict[str, Any]:
        """A webhook's row."""
        mine = select(webhook_table).where(webhook_table.c.id == ident)
        with self.room.store.read() as session:
            return dict(session.execute(mine).mappings().one())

    def told(self, ident: str) -> list[dict[str, Any]]:
        """A webhook's messages, oldest first."""
        with self.room.store.read() as session:
            return deliveries.listed(session, ident, limit=100)[::-1]

    def now_due(self, ident: str, *, failing_for: float = 0.0) -> None:
        """Let the time until the next try be over."""
        hook = update(webhook_table).where(webhook_table.c.id == ident)
        mine = delivery_table.c.webhook_id == ident
        due = update(delivery_table).where(mine, delivery_table.c.state == "due")
        with self.room.store.write() as session:
            session.execute(hook.values(resting_until=None))
            if failing_for:
                session.execute(hook.values(failing_since=now() - failing_for))
            session.execute(due.values(due_at=now()))


def end_one(room: Room, viewer: Viewer) -> str:
    """A job that has failed."""
    job_id = room.submit(viewer)
    job = room.claim()
    with room.store.write() as session:
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
    return job_id
