"""All that a verdict may know; `visibility.reading` reads it.

Configuration changes with the epoch; presence is read anew at most once a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lumiku_contracts import Tier
from lumiku_kernel.flags.evaluate import Flags

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
    attested: Mapping[str, Any] = field(default_factory=dict)
    """Its release, code, data folder and key, as marks; empty: it does not say."""
    pid: int = 0
    """Its number on its machine; 0: not known."""


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
    free: bool = False
    """Nothing costs credits here, whatever is stored."""


@dataclass(frozen=True, slots=True)
class CircuitFact:
    """A model that is left alone until a moment, because its calls have failed."""

    until: float
    detail: str
    calls: int
    failed: int
    timeouts: int


@dataclass(frozen=True, slots=True)
class Presence:
    """What lives and works, at a moment of the database's clock.

    `circuits` are those that are open, by their models' keys.
    """

    at: float
    processes: tuple[ProcessFact, ...]
    circuits: Mapping[str, CircuitFact] = field(default_factory=dict)

    def down(self, model: str) -> CircuitFact | None:
        """Why a model is left alone now, if it is."""
        found = self.circuits.get(model)
        return found if found is not None and found.until > self.at else None

    def alive(self, role: str) -> tuple[ProcessFact, ...]:
        """The processes of a role seen lately."""
        since = self.at - ALIVE_SECONDS
        return tuple(
            one for one in self.processes if one.role == role and one.seen_at > since
        )

    @property
    def everyone(self) -> tuple[ProcessFact, ...]:
        """The living servers and worker processes."""
        return (*self.alive("server"), *self.alive("worker"))

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

    def once_ready(self, provider: str) -> bool:
        """Whether some worker process has ever said that a provider is ready."""
        return any(
            provider in one.attested.get("once", ())
            or one.providers.get(provider, {}).get("state") == "ready"
            for one in self.processes
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
