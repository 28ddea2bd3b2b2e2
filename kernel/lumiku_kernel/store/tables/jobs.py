"""Jobs, their items, events and artifacts."""

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row, json_column

HELD_BY = ("plugin_id", "account_id")


class Job(Row, table=True):
    """One accepted request; `rank` and `turn` say when it is served (`jobs.turn`)."""

    __tablename__ = "job"
    __table_args__ = (
        # With what limits look at, so that jobs held back are passed by in the index.
        Index("job_queue", *("state", "slot", "rank", "turn", "id", *HELD_BY)),
        Index("job_turn", "account_id", "slot", "rank", "turn"),
        Index(
            "job_served",
            "slot",
            "rank",
            "turn",
            sqlite_where=text("started_at IS NOT NULL"),
            postgresql_where=text("started_at IS NOT NULL"),
        ),
        Index("job_mine", "account_id", "created_at"),
        Index("job_ended", "ended_at"),
    )
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    key_id: str | None = None
    plugin_id: str
    plugin_version: str
    worker: str
    model: str
    provider: str
    slot: str
    interactive: bool
    rank: int = 0
    turn: int = 0
    input: dict[str, Any] = json_column()
    snapshot: dict[str, Any] = json_column()
    price: int
    settled: int = 0
    released: int = 0
    state: str
    funding: int
    attempt: int = 0
    attempts: int
    rescues: int = 0
    epoch: int = 0
    lease_owner: str | None = None
    lease_until: float | None = None
    not_before: float
    deadline_at: float
    cancel_requested_at: float | None = None
    items_total: int
    items_ok: int = 0
    items_failed: int = 0
    next_seq: int = 1
    progress: float = 0
    note: str = ""
    result: dict[str, Any] | None = json_column(nullable=True)
    error_code: str | None = None
    error_detail: str | None = None
    request_id: str = ""
    traceparent: str | None = None
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None
    discarded_at: float | None = None


class JobItem(Row, table=True):
    """One picture of a job: `queued`, `done` or `failed`."""

    __tablename__ = "job_item"
    job_id: str = Field(primary_key=True, foreign_key="job.id")
    index: int = Field(primary_key=True)
    label: str
    data: dict[str, Any] = json_column()
    price: int
    state: str
    error_code: str | None = None
    error_detail: str | None = None


class JobEvent(Row, table=True):
    """What happened to a job; `seq` counts from 1 without gaps."""

    __tablename__ = "job_event"
    job_id: str = Field(primary_key=True, foreign_key="job.id")
    seq: int = Field(primary_key=True)
    type: str
    data: dict[str, Any] = json_column()
    at: float


class Artifact(Row, table=True):
    """One file made; `key` is its path below the artifacts folder."""

    __tablename__ = "artifact"
    __table_args__ = (
        Index("artifact_place", "job_id", "item", "position", unique=True),
    )
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    job_id: str = Field(foreign_key="job.id")
    item: int
    position: int
    epoch: int
    kind: str
    key: str
    sha256: str
    size: int
    media_type: str
    width: int | None
    height: int | None
    meta: dict[str, Any] = json_column()
    created_at: float


class Idempotency(Row, table=True):
    """A spending request already answered."""

    __tablename__ = "idempotency"
    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    job_id: str
    expires_at: float


class Upload(Row, table=True):
    """A viewer's picture, decoded and written anew; `key` as an artifact's."""

    __tablename__ = "upload"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    key: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    created_at: float


class Delivery(Row, table=True):
    """An event on its way to a webhook: `due`, `sent` or `failed`.

    `once` names the event, so that it is told once to each webhook.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_once", "webhook_id", "once", unique=True),
        Index("delivery_due", "state", "due_at"),
    )
    id: str = Field(primary_key=True)
    webhook_id: str = Field(foreign_key="webhook.id")
    once: str
    type: str
    data: dict[str, Any] = json_column()
    state: str = "due"
    tries: int = 0
    status: int | None = None
    detail: str = ""
    due_at: float
    created_at: float
    ended_at: float | None = None


class Circuit(Row, table=True):
    """What calls of a provider's model have come to lately; `name` is the model's key.

    `closed`, `open` until a moment, then `half_open` with one probe. Of the calls of
    the current window it counts how many there were and how many failed.
    """

    __tablename__ = "circuit"
    name: str = Field(primary_key=True)
    state: str = "closed"
    calls: int = 0
    failed: int = 0
    timeouts: int = 0
    retries: int = 0
    window_at: float
    open_until: float | None = None
    probe: str | None = None
    detail: str = ""
    at: float


metadata = Row.metadata
