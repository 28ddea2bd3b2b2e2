"""Plugins, models, flags and processes, and the count of their changes."""

from typing import Any

from sqlmodel import Field

from lumiku_kernel.store.tables.row import Row, json_column


class Process(Row, table=True):
    """A running process and what it attests of itself."""

    __tablename__ = "process"
    id: str = Field(primary_key=True)
    role: str
    name: str
    pid: int
    started_at: float
    seen_at: float
    plugins: dict[str, Any] = json_column()
    providers: dict[str, Any] = json_column()
    slots: dict[str, Any] = json_column()
    epoch: int | None = None
    looked_at: float | None = None
    rejected: dict[str, Any] | None = json_column(nullable=True)
    attested: dict[str, Any] | None = json_column(nullable=True)
    """Its release, code, data folder and key, as marks to be compared."""


class PluginRow(Row, table=True):
    """What the last process to start found of a plugin."""

    __tablename__ = "plugin"
    id: str = Field(primary_key=True)
    dist: str
    version: str
    state: str
    code: str | None = None
    reason: str | None = None
    declaration: dict[str, Any] | None = json_column(nullable=True)
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
    declaration: dict[str, Any] = json_column()
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
    version: int
    state: str
    targets: dict[str, Any] = json_column()
    rules: list[Any] = json_column()
    percentage: float | None = None
    salt: str
    reason: str
    actor: str
    at: float


class FlagUse(Row, table=True):
    """When plugins last asked for a flag, and how often in all."""

    __tablename__ = "flag_use"
    key: str = Field(primary_key=True)
    at: float
    times: int


class Audit(Row, table=True):
    """An operator's change, before and after."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True)
    at: float
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None = json_column(nullable=True)
    after: dict[str, Any] | None = json_column(nullable=True)
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
