"""Accounts and how they come in."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row, json_column


class Account(Row, table=True):
    """A user; `password` is an argon2 hash, or absent until one is chosen.

    Since `awaiting_at` it waits for an operator's word, and is disabled until then.
    """

    __tablename__ = "account"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    password: str | None = None
    tier: str = "free"
    role: str = "user"
    disabled_at: float | None = None
    awaiting_at: float | None = None
    deleted_at: float | None = None
    forgetting: dict[str, Any] | None = json_column(nullable=True)
    """Of a deleted account: who must still forget it, and why they could not."""
    created_at: float


class Attempt(Row, table=True):
    """Wrong passwords of late for an address, kept as a keyed hash.

    There need not be an account; nobody is heard before `until`.
    """

    __tablename__ = "attempt"
    name: str = Field(primary_key=True)
    failures: int
    until: float = Field(index=True)


class SessionRow(Row, table=True):
    """A signed-in browser; only the token's hash is kept, `id` is for lists."""

    __tablename__ = "session"
    __table_args__ = (Index("session_id", "id", unique=True),)
    token_hash: str = Field(primary_key=True)
    id: str
    account_id: str = Field(foreign_key="account.id", index=True)
    agent: str = ""
    address: str = ""
    seen_at: float
    created_at: float
    expires_at: float


class ApiKey(Row, table=True):
    """A program's key; only the secret's hash is kept.

    `lineage` is the first of the keys that it came from by rotation; they spend as one.
    """

    __tablename__ = "api_key"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    name: str
    hint: str
    secret_hash: str = Field(unique=True)
    scopes: list[str] = json_column()
    models: list[str] | None = json_column(nullable=True)
    budget_per_day: int | None = None
    used_at: float | None = None
    expires_at: float | None = None
    revoked_at: float | None = None
    lineage: str | None = None
    created_at: float


class SignIn(Row, table=True):
    """A one-time sign-in link; only the token's hash is kept."""

    __tablename__ = "sign_in"
    token_hash: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    made_by: str = ""
    created_at: float = 0
    expires_at: float


class TierRow(Row, table=True):
    """What a tier grants and allows; a null is without bound.

    `allowance` is granted in each `period`, `day` or `month`, without being added up.
    """

    __tablename__ = "tier"
    name: str = Field(primary_key=True)
    allowance: int = 0
    period: str = "month"
    max_running: int | None = None
    per_minute: int | None = None
    storage_bytes: int | None = Field(
        default=None, sa_column=Column(BigInteger, nullable=True)
    )
    retention_days: int | None = None


class Webhook(Row, table=True):
    """Where a viewer's program is told of their jobs.

    `secret` is what the secret is derived from with the installation's own key; the
    `previous_secret` signs too until `previous_until`. Nothing is sent until
    `resting_until`: something is on its way, or it has just failed. `detail` says why
    it is disabled.
    """

    __tablename__ = "webhook"
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    url: str
    events: list[str] = json_column()
    secret: str
    previous_secret: str | None = None
    previous_until: float | None = None
    resting_until: float | None = None
    failing_since: float | None = None
    detail: str = ""
    disabled_at: float | None = None
    created_at: float
