"""How each app stands with each tier, and whether that has become another; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import Verdict, judge

State = Literal["hidden", "degraded", "visible"]
Place = tuple[str, str]
"""An app and a tier's word."""
OF_WORKERS = frozenset({"NO_WORKER", "WORKER_STALE", "VERSION_SKEW"})
"""Codes that come and go when a worker process is started again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict as it is kept: equal ones are no transition."""

    state: State
    codes: tuple[str, ...]

    def flaps_to(self, other: "Standing") -> bool:
        """Whether all that differs may be a worker process being started again."""
        return {*self.codes} ^ {*other.codes} <= OF_WORKERS


def standing(verdict: Verdict) -> Standing:
    """Hidden, visible, or visible with something that does not run."""
    gates = [*verdict.blocking, *verdict.degraded]
    gates += [one.gate for one in verdict.broken if one.gate]
    codes = tuple(sorted({gate.code or gate.name for gate in gates}))
    if not verdict.visible:
        return Standing("hidden", codes)
    return Standing("degraded" if codes else "visible", codes)


def verdicts(snapshot: Snapshot, known: Iterable[str] = ()) -> dict[Place, Verdict]:
    """Of every app for every tier; also of those `known` that are no longer there."""
    plugins = snapshot.configuration.plugins.values()
    apps = sorted({*known, *(one.id for one in plugins if one.is_app)})
    return {
        (app, tier.word): judge(snapshot, Viewer("usr_", tier), app)
        for app in apps
        for tier in Tier
    }


def evidence(verdict: Verdict) -> Mapping[str, Any]:
    """What the verdict rests on, as JSON."""
    return {
        "summary": verdict.summary,
        "funnel": verdict.funnel,
        "blocking": [gate.document() for gate in verdict.blocking],
        "degraded": [gate.document() for gate in verdict.degraded],
        "dead": {
            one.model.key: one.gate.code if one.gate else None for one in verdict.dead
        },
    }
