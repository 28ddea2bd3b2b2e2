"""All that a verdict may know, read with a constant number of queries.

Configuration changes with the epoch; presence is read anew at most once a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_contracts import Tier
from lumiku_kernel.flags.evaluate import Flags
from lumiku_kernel.flags.read import read_flags
from lumiku_kernel.flags.word import NOWHERE, Local
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import (
    epochs,
    model_overrides,
    models,
    plugins,
    processes,
)

ALIVE_SECONDS = 15.0
"""A process not seen for longer is taken for dead; it writes every 5 s."""
SILENT_SECONDS = 120.0
"""A process not seen for longer is said to be gone, no longer to be silent."""
LOOKING_SECONDS = 30.0
"""A worker process that has not looked for a job so long does not work."""


@dataclass(frozen=True, slots=True)
class ModelFact:
    """A stored model, the operator's override applied; `price` is credits an item.

    `fault` is the code of what is wrong with the row itself; nobody can use it then.
    """

    key: str
    name: str
    provider: str
    tier: Tier
    price: int
    enabled: bool
    declaration: Mapping[str, Any]
    fault: str | None = None

    @property
    def id(self) -> str:
        """The short key."""
        return self.key.split(":", 1)[1]

    def serves(self, worker: str) -> bool:
        """Whether it can be chosen for a worker; unless it says which, for all."""
        capabilities = self.declaration.get("capabilities", {})
        return worker in {*capabilities.get("workers", (worker,))}


@dataclass(frozen=True, slots=True)
class PluginFact:
    """A plugin as the last process to start has recorded it."""

    id: str
    dist: str
    version: str
    state: str
    code: str | None
    reason: str | None
    declaration: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_app(self) -> bool:
        """Whether it has a card; unknown declarations are taken for apps."""
        return bool(self.declaration.get("kind", "app") == "app")

    @property
    def installed(self) -> bool:
        """Whether its distribution is there, however broken."""
        return self.state != "missing"

    @property
    def declared(self) -> tuple[Mapping[str, Any], ...]:
        """The models that its author declares."""
        return tuple(self.declaration.get("models", ()))


@dataclass(frozen=True, slots=True)
class ProcessFact:
    """A process's word on itself."""

    id: str
    role: str
    seen_at: float
    started_at: float
    plugins: Mapping[str, Any]
    providers: Mapping[str, Any]
    slots: Mapping[str, Any]
    name: str = ""
    """Of a server, its address."""
    looked_at: float | None = None
    """When its claim loop last looked for a job; None: it does not say."""
    rejected: Mapping[str, Any] = field(default_factory=dict)
    """The plugins that are not ready there: `{id: {code, reason}}`."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What operators and authors have said, as of an epoch."""

    epoch: int
    plugins: Mapping[str, PluginFact]
    models: Mapping[str, tuple[ModelFact, ...]]
    flags: Flags
    providers: Mapping[str, Mapping[str, Any]]
    """Declared providers by name."""
    retired: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By plugin, the keys of stored models that are no longer declared."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Which processes there are, at a moment of the database's clock."""

    at: float
    processes: tuple[ProcessFact, ...]

    def alive(self, role: str) -> tuple[ProcessFact, ...]:
        """The processes of a role seen lately."""
        since = self.at - ALIVE_SECONDS
        return tuple(
            one for one in self.processes if one.role == role and one.seen_at > since
        )

    @property
    def working(self) -> tuple[ProcessFact, ...]:
        """The living worker processes that look for jobs."""
        since = self.at - LOOKING_SECONDS
        return tuple(
            one
            for one in self.alive("worker")
            if one.looked_at is None or one.looked_at > since
        )

    def silent(self, role: str) -> tuple[ProcessFact, ...]:
        """The processes of a role that were seen a while ago, and did not leave."""
        since, until = self.at - SILENT_SECONDS, self.at - ALIVE_SECONDS
        return tuple(
            one
            for one in self.processes
            if one.role == role and since < one.seen_at <= until
        )

    def attested(self, provider: str) -> Mapping[str, Any] | None:
        """What worker processes say of a provider.

        A living one's `ready` outweighs all; else the latest word counts, be its
        process dead or alive.
        """
        alive = self.alive("worker")

        def weight(one: ProcessFact) -> tuple[bool, float]:
            able = one in alive and one.providers[provider]["state"] == "ready"
            return able, one.started_at

        spoken = [one for one in self.processes if provider in one.providers]
        return max(spoken, key=weight).providers[provider] if spoken else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What `evaluate` looks at."""

    configuration: Configuration
    presence: Presence


def read_epoch(session: Session) -> int:
    """The count of configuration changes."""
    statement = select(epochs.c.value).where(epochs.c.name == "config")
    return int(session.execute(statement).scalar_one())


def read_configuration(session: Session, local: Local = NOWHERE) -> Configuration:
    """The configuration, complete, of one moment; five queries."""
    epoch = read_epoch(session)
    facts = {
        row["id"]: PluginFact(
            row["id"],
            row["dist"],
            row["version"],
            row["state"],
            row["code"],
            row["reason"],
            row["declaration"] or {},
        )
        for row in session.execute(select(plugins)).mappings()
    }
    overrides = {
        row["key"]: dict(row)
        for row in session.execute(select(model_overrides)).mappings()
    }
    stored: dict[str, list[ModelFact]] = {}
    retired: dict[str, list[str]] = {}
    ordered = select(models).order_by(models.c.plugin_id, models.c.position)
    for row in session.execute(ordered).mappings():
        if row["retired_at"] is not None:
            retired.setdefault(row["plugin_id"], []).append(row["key"])
            continue
        fact = _model(dict(row), overrides.get(row["key"], {}))
        stored.setdefault(row["plugin_id"], []).append(fact)
    told = [(one.id, one.declaration, one.state == "missing") for one in facts.values()]
    return Configuration(
        epoch,
        facts,
        {plugin: tuple(some) for plugin, some in stored.items()},
        read_flags(session, told, local),
        {
            provider["name"]: {**provider, "plugin": fact.id}
            for fact in facts.values()
            for provider in fact.declaration.get("providers", ())
            if fact.state == "ready"
        },
        {plugin: tuple(some) for plugin, some in retired.items()},
    )


def read_presence(session: Session) -> Presence:
    """The processes of this moment; two queries."""
    at = session.execute(select(now())).scalar_one()
    rows = session.execute(select(processes)).mappings()
    return Presence(
        at,
        tuple(
            ProcessFact(
                row["id"],
                row["role"],
                row["seen_at"],
                row["started_at"],
                row["plugins"],
                row["providers"],
                row["slots"],
                row["name"],
                row["looked_at"],
                row["rejected"] or {},
            )
            for row in rows
        ),
    )


def _model(row: Mapping[str, Any], override: Mapping[str, Any]) -> ModelFact:
    def word(name: str) -> Any:
        said = override.get(name)
        return row[name] if said is None else said

    declared = row["declaration"]
    tier, price = str(word("tier")).upper(), word("price")
    fault = None if tier in Tier.__members__ else "TIER_UNKNOWN"
    return ModelFact(
        row["key"],
        declared.get("name") or declared["id"],
        row["provider"],
        Tier[tier] if fault is None else Tier.ENTERPRISE,
        int(price or 0),
        bool(word("enabled")),
        declared,
        "PRICE_MISSING" if price is None else fault,
    )
