"""Reads a snapshot with a constant number of queries."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_contracts import Tier
from lumiku_kernel.flags.read import read_flags
from lumiku_kernel.flags.word import NOWHERE, Local
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import (
    circuits,
    epochs,
    model_overrides,
    models,
    plugins,
    processes,
)
from lumiku_kernel.visibility.snapshot import (
    CircuitFact,
    Configuration,
    ModelFact,
    PluginFact,
    Presence,
    ProcessFact,
)

EPOCH = select(epochs.c.value).where(epochs.c.name == "config")
"""The count of configuration changes."""


def read_epoch(session: Session) -> int:
    """The count of configuration changes at the session's moment."""
    return int(session.execute(EPOCH).scalar_one())


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
        fact = _model(dict(row), overrides.get(row["key"], {}), free=local.free)
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
        local.free,
    )


def read_presence(session: Session) -> Presence:
    """The processes and open circuits of this moment; three queries."""
    at = session.execute(select(now())).scalar_one()
    rows = session.execute(select(processes)).mappings()
    opened = select(circuits).where(circuits.c.state == "open")
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
                row["attested"] or {},
                row["pid"],
            )
            for row in rows
        ),
        {
            row["name"]: CircuitFact(
                row["open_until"] or at,
                row["detail"],
                row["calls"],
                row["failed"],
                row["timeouts"],
            )
            for row in session.execute(opened).mappings()
        },
    )


def _model(
    row: Mapping[str, Any], override: Mapping[str, Any], *, free: bool
) -> ModelFact:
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
        0 if free else int(price or 0),
        bool(word("enabled")),
        declared,
        "PRICE_MISSING" if price is None else fault,
    )
