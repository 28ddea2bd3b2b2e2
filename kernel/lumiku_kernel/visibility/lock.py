"""`visibility.lock`: which models each tier can use, as somebody has agreed; pure.

It is checked before traffic is let onto a release: what is not as it was agreed is
named with the gate at fault and its fix.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lumiku_contracts import Tier
from lumiku_kernel.errors import Fix, Problem
from lumiku_kernel.visibility.gates import NAMES, Gate
from lumiku_kernel.visibility.snapshot import PluginFact, Snapshot
from lumiku_kernel.visibility.transitions import verdicts
from lumiku_kernel.visibility.verdict import Verdict

Agreed = dict[str, dict[str, list[str]]]
"""The keys of usable models by app and tier."""
_AGREED = TypeAdapter(Agreed)
PACKAGES = "packages"
_PACKAGES = TypeAdapter(dict[str, str])
HEAD = """\
# Which models each tier can use, by app. `lumiku visibility check` exits 1 when it is
# otherwise; `lumiku visibility lock` writes how it is now.
"""


@dataclass(frozen=True, slots=True)
class Lock:
    """A whole lock: what tiers can use, and from which packages plugins come, by id."""

    agreed: Agreed
    packages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A model that a tier can use and should not, or the other way round."""

    app: str
    tier: str
    model: str
    usable: bool
    gate: Gate | None = None

    def row(self) -> dict[str, Any]:
        """As a row of a listing."""
        gate = self.gate
        fix = gate.fix if gate else Fix("operator", "lumiku visibility lock")
        said = f"{gate.code}. {gate.detail}" if gate else "The lock does not have it."
        return {
            "app": self.app,
            "tier": self.tier,
            "model": self.model,
            "usable": self.usable,
            "gate": gate.number if gate else None,
            "cause": said,
            "fix": fix.command if fix else f"lumiku why {self.app} --tier {self.tier}",
        }


def usable(snapshot: Snapshot) -> Agreed:
    """How it is now."""
    found: Agreed = {}
    for (app, tier), verdict in verdicts(snapshot).items():
        found.setdefault(app, {})[tier] = _keys(verdict)
    return found


def intended(snapshot: Snapshot) -> Agreed:
    """How authors and operators mean it to be, where no lock says it.

    Every declared model that nobody has disabled, for its tier and those above; not of
    apps that an operator has switched off, or an author has not released.
    """
    found: Agreed = {}
    for (app, tier), verdict in verdicts(snapshot).items():
        fact = snapshot.configuration.plugins[app]
        quiet = verdict.gates[6].outcome == "fail" or not fact.declared
        wanted = [] if quiet else _intended(fact, verdict, Tier[tier.upper()])
        found.setdefault(app, {})[tier] = wanted
    return found


def _intended(fact: PluginFact, verdict: Verdict, tier: Tier) -> list[str]:
    stored = {one.model.key: one.model for one in verdict.models}
    keys = []
    for said in fact.declared:
        key = f"{fact.id}:{said.get('id')}"
        model = stored.get(key)
        lowest = model.tier if model else Tier[str(said.get("tier", "free")).upper()]
        enabled = model.enabled if model else bool(said.get("enabled", True))
        if enabled and tier >= lowest:
            keys.append(key)
    return keys


def _keys(verdict: Verdict) -> list[str]:
    return [one.key for one in verdict.usable] if verdict.visible else []


def differences(agreed: Agreed, snapshot: Snapshot) -> Iterator[Difference]:
    """What is not as agreed, by app, tier and model."""
    for (app, tier), verdict in verdicts(snapshot, agreed).items():
        wanted, there = set(agreed.get(app, {}).get(tier, ())), set(_keys(verdict))
        for key in sorted(wanted - there):
            yield Difference(app, tier, key, usable=False, gate=_fault(verdict, key))
        for key in sorted(there - wanted):
            yield Difference(app, tier, key, usable=True)


def _fault(verdict: Verdict, key: str) -> Gate:
    """The gate that keeps a viewer from a model."""
    own = next((one.gate for one in verdict.models if one.model.key == key), None)
    seeded = verdict.gates[7]
    lacking = key.partition(":")[2] in seeded.evidence.get("lacking", ())
    faults = [*verdict.blocking[:1], *filter(None, [own, seeded if lacking else None])]
    if faults:
        return min(faults, key=lambda gate: gate.number)
    fix = Fix("operator", "lumiku visibility lock")
    detail = f"There is no model {key}, and nobody declares it."
    return Gate(9, NAMES[9], "fail", "inform", "NO_SUCH_MODEL", detail, fix)


def changes(old: Agreed, new: Agreed) -> Iterator[dict[str, str]]:
    """What one lock has that the other has not."""
    for app in sorted({*old, *new}):
        for tier in Tier:
            before = set(old.get(app, {}).get(tier.word, ()))
            after = set(new.get(app, {}).get(tier.word, ()))
            for key in sorted(before ^ after):
                change = "removed" if key in before else "added"
                row = {"app": app, "tier": tier.word, "model": key, "change": change}
                yield row


def packages(snapshot: Snapshot) -> dict[str, str]:
    """The packages that plugins come from now, with their versions, by plugin."""
    return {
        one.id: f"{one.dist}=={one.version}"
        for one in snapshot.configuration.plugins.values()
        if one.state == "ready"
    }


def dump(agreed: Agreed, packages: Mapping[str, str] | None = None) -> str:
    """As TOML."""
    parts = [HEAD]
    if packages:
        named = (
            f"{json.dumps(i)} = {json.dumps(packages[i])}" for i in sorted(packages)
        )
        parts.append("\n".join([f"[{PACKAGES}]", *named]) + "\n")
    for app in sorted(agreed):
        tiers = agreed[app]
        lines = [f"[{json.dumps(app)}]"]
        lines += [f"{tier} = {json.dumps(keys)}" for tier, keys in tiers.items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def parse(text: str) -> Agreed:
    """What tiers can use, from TOML, or 422 `lock-invalid`."""
    return read(text).agreed


def read(text: str) -> Lock:
    """A whole lock from TOML, or 422 `lock-invalid`."""
    fix = "lumiku visibility lock"
    try:
        said = tomllib.loads(text)
        named = said.get(PACKAGES, {})
        if isinstance(named, dict) and not all(
            isinstance(n, str) for n in named.values()
        ):
            named = {}  # an app that is called so
        else:
            said.pop(PACKAGES, None)
        known = _PACKAGES.validate_python(named, strict=True)
        agreed = _AGREED.validate_python(said, strict=True)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        detail = f"The lock cannot be read: {error}"
        raise Problem(422, "lock-invalid", detail, fix=fix) from error
    unknown = {tier for tiers in agreed.values() for tier in tiers} - _TIERS
    if unknown:
        names = ", ".join(sorted(unknown))
        detail = f"The lock names tiers that there are not: {names}."
        raise Problem(422, "lock-invalid", detail, fix=fix)
    return Lock(agreed, known)


_TIERS = {tier.word for tier in Tier}


def matrix(snapshot: Snapshot) -> list[Mapping[str, Any]]:
    """Every app for every tier: seen, runnable, why not, and by which models."""
    rows: dict[str, dict[str, Any]] = {}
    for (app, tier), verdict in verdicts(snapshot).items():
        rows.setdefault(app, {"app": app, "tiers": {}})["tiers"][tier] = {
            "visible": verdict.visible,
            "runnable": verdict.runnable,
            "codes": [gate.code for gate in verdict.blocking],
            "degraded": [gate.code for gate in verdict.degraded],
            "models": [model.key for model in verdict.usable],
        }
    return list(rows.values())
