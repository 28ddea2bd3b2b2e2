"""The kernel's tables; moments are seconds since 1970 by the database's clock."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, MetaData, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Row(SQLModel, registry=registry()):
    """The base of the kernel's rows, with metadata of its own."""

    metadata = MetaData()


def _json(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(JSON, nullable=nullable))


class Account(Row, table=True):
    """A user; `password` is an argon2 hash, or absent until one is chosen."""

    __tablename__ = "account"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    password: str | None = None
    tier: str = "free"
    role: str = "user"
    disabled_at: float | None = None
    created_at: float


class SessionRow(Row, table=True):
    """A signed-in browser; only the token's hash is kept."""

    __tablename__ = "session"
    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    created_at: float
    expires_at: float


class ApiKey(Row, table=True):
    """A program's key; only the secret's hash is kept."""

    __tablename__ = "api_key"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    name: str
    hint: str
    secret_hash: str = Field(unique=True)
    scopes: list[str] = _json()
    expires_at: float | None = None
    revoked_at: float | None = None
    created_at: float


class SignIn(Row, table=True):
    """A one-time sign-in link."""

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    expires_at: float


class Process(Row, table=True):
    """A running process and what it attests of itself."""

    __tablename__ = "process"
    id: str = Field(primary_key=True)
    role: str
    name: str
    pid: int
    started_at: float
    seen_at: float
    plugins: dict[str, Any] = _json()
    providers: dict[str, Any] = _json()
    slots: dict[str, Any] = _json()


class PluginRow(Row, table=True):
    """What the last process to start found of a plugin."""

    __tablename__ = "plugin"
    id: str = Field(primary_key=True)
    dist: str
    version: str
    state: str
    code: str | None = None
    reason: str | None = None
    declaration: dict[str, Any] | None = _json(nullable=True)
    seen_at: float


class ModelRow(Row, table=True):
    """A declared model as reconciled; `retired_at` when no longer declared."""

    __tablename__ = "model"
    key: str = Field(primary_key=True)
    plugin_id: str = Field(index=True)
    position: int
    provider: str
    tier: str
    price: int | None
    enabled: bool
    declaration: dict[str, Any] = _json()
    version: str
    retired_at: float | None = None


class ModelOverride(Row, table=True):
    """The operator's word on a model; a null leaves the author's."""

    __tablename__ = "model_override"
    key: str = Field(primary_key=True)
    enabled: bool | None = None
    tier: str | None = None
    price: int | None = None


class FlagRow(Row, table=True):
    """The operator's word on a flag."""

    __tablename__ = "flag"
    key: str = Field(primary_key=True)
    enabled: bool
    reason: str
    at: float


class Audit(Row, table=True):
    """An operator's change, before and after."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: float
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None = _json(nullable=True)
    after: dict[str, Any] | None = _json(nullable=True)
    reason: str


class Epoch(Row, table=True):
    """A count of changes: triggers raise it, also for changes made by hand."""

    __tablename__ = "epoch"
    name: str = Field(primary_key=True)
    value: int


class Lease(Row, table=True):
    """Which process does a task that one must do."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    owner: str
    until: float


class Job(Row, table=True):
    """One accepted request."""

    __tablename__ = "job"
    __table_args__ = (
        Index("job_queue", "state", "slot", "created_at"),
        Index("job_mine", "account_id", "created_at"),
    )
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    plugin_id: str
    plugin_version: str
    worker: str
    model: str
    slot: str
    interactive: bool
    input: dict[str, Any] = _json()
    snapshot: dict[str, Any] = _json()
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
    result: dict[str, Any] | None = _json(nullable=True)
    error_code: str | None = None
    error_detail: str | None = None
    request_id: str = ""
    created_at: float
    started_at: float | None = None
    ended_at: float | None = None


class JobItem(Row, table=True):
    """One picture of a job: `queued`, `done` or `failed`."""

    __tablename__ = "job_item"
    job_id: str = Field(primary_key=True, foreign_key="job.id")
    index: int = Field(primary_key=True)
    label: str
    data: dict[str, Any] = _json()
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
    data: dict[str, Any] = _json()
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
    meta: dict[str, Any] = _json()
    created_at: float


class LedgerTxn(Row, table=True):
    """A movement of credits; never changed, never deleted."""

    __tablename__ = "ledger_txn"
    __table_args__ = (
        Index(
            "ledger_finalize_once",
            "job_id",
            "funding",
            unique=True,
            sqlite_where=text("kind = 'finalize'"),
            postgresql_where=text("kind = 'finalize'"),
        ),
        Index("ledger_mine", "account_id", "at"),
    )
    id: str = Field(primary_key=True)
    once: str = Field(unique=True)
    kind: str
    account_id: str
    job_id: str | None = None
    funding: int | None = None
    actor: str
    reason: str
    at: float


class LedgerEntry(Row, table=True):
    """One side of a movement; a transaction's entries sum to zero."""

    __tablename__ = "ledger_entry"
    txn_id: str = Field(primary_key=True, foreign_key="ledger_txn.id")
    purse: str = Field(primary_key=True)
    amount: int


class Balance(Row, table=True):
    """What a purse holds: the sum of its entries; a viewer's never below zero."""

    __tablename__ = "balance"
    __table_args__ = (
        CheckConstraint("amount >= 0 OR purse LIKE 'sys:%'", name="balance_not_below"),
    )
    purse: str = Field(primary_key=True)
    amount: int


class Idempotency(Row, table=True):
    """A spending request already answered."""

    __tablename__ = "idempotency"
    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    job_id: str
    expires_at: float


metadata = Row.metadata

# The same tables for Core statements.
accounts = metadata.tables["account"]
sessions = metadata.tables["session"]
api_keys = metadata.tables["api_key"]
sign_ins = metadata.tables["sign_in"]
processes = metadata.tables["process"]
plugins = metadata.tables["plugin"]
models = metadata.tables["model"]
model_overrides = metadata.tables["model_override"]
flags = metadata.tables["flag"]
audits = metadata.tables["audit"]
epochs = metadata.tables["epoch"]
leases = metadata.tables["lease"]
jobs = metadata.tables["job"]
job_items = metadata.tables["job_item"]
job_events = metadata.tables["job_event"]
artifacts = metadata.tables["artifact"]
ledger_txns = metadata.tables["ledger_txn"]
ledger_entries = metadata.tables["ledger_entry"]
balances = metadata.tables["balance"]
idempotencies = metadata.tables["idempotency"]
