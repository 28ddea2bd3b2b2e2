"""Is this app there for this viewer, can it run, and if not, why: one pure function."""

from dataclasses import dataclass, field
from typing import Any

from lumiku_contracts import Viewer
from lumiku_kernel.visibility.gates import NAMES, Gate, plugin_gates
from lumiku_kernel.visibility.models import (
    ModelVerdict,
    has_models,
    model_gates,
    model_level,
    role_gate,
)
from lumiku_kernel.visibility.snapshot import ModelFact, Snapshot
from lumiku_kernel.visibility.wishes import Wish, wishes
from lumiku_kernel.visibility.workers import health_gate, worker_gate

USABLE_BY_NOBODY = (9, 12)
"""Gates that no viewer can pass by being another."""
JUDGED_LATER = "It is judged when a price is asked for, and at submit."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one app for one viewer."""

    app: str
    visible: bool
    runnable: bool
    gates: tuple[Gate, ...]
    models: tuple[ModelVerdict, ...]
    funnel: dict[str, int]
    epoch: int
    of: tuple[Snapshot, Viewer] = field(repr=False, compare=False)
    """What was looked at, and through whose eyes."""

    @property
    def blocking(self) -> tuple[Gate, ...]:
        """The gates that hide it."""
        return tuple(gate for gate in self.gates if gate.hides)

    @property
    def degraded(self) -> tuple[Gate, ...]:
        """The gates that keep it from running though it is seen."""
        return tuple(
            gate
            for gate in self.gates
            if gate.outcome == "fail" and gate.effect == "degrade"
        )

    @property
    def usable(self) -> tuple[ModelFact, ...]:
        """The models this viewer can choose, in the author's order."""
        return tuple(one.model for one in self.models if one.usable)

    @property
    def dead(self) -> tuple[ModelVerdict, ...]:
        """Models that nobody can use, beside those that live."""
        return tuple(
            one
            for one in self.models
            if not one.usable and one.gate and one.gate.number in USABLE_BY_NOBODY
        )

    @property
    def broken(self) -> tuple[ModelVerdict, ...]:
        """The dead ones, but for those that an operator has not set up yet."""
        return tuple(one for one in self.dead if not (self.visible and one.is_unset))

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What would make it visible, if it is not; worked out when it is asked for."""
        return () if self.visible else wishes(*self.of, self.app, self.blocking)

    @property
    def would_be_visible_if(self) -> tuple[str, ...]:
        """The same in words: each sentence alone suffices."""
        return tuple(wish.words for wish in self.wishes)

    @property
    def summary(self) -> str:
        """One sentence."""
        if self.blocking:
            first = self.blocking[0]
            return f"{self.app} is hidden: {first.code}. {first.detail}"
        if self.degraded:
            first = self.degraded[0]
            return f"{self.app} is visible but cannot run: {first.code}. {first.detail}"
        if told := self.broken or self.dead:
            gate = told[0].gate
            share = f"{len(told)} of its {len(self.models)} models are"
            detail = gate.detail if gate else ""
            if self.broken:
                return f"{self.app} is visible; {share} usable by nobody: {detail}"
            return f"{self.app} is visible and can run; {share} not set up: {detail}"
        return f"{self.app} is visible and can run."

    def document(self) -> dict[str, Any]:
        """As JSON, complete: for operators."""
        return {
            "app": self.app,
            "visible": self.visible,
            "reachable": self.visible,
            "runnable": self.runnable,
            "degraded": [gate.code for gate in self.degraded],
            "summary": self.summary,
            "blocking": [gate.document() for gate in self.blocking],
            "funnel": self.funnel,
            "gates": [gate.document() for gate in self.gates],
            "models": [one.document() for one in self.models],
            "would_be_visible_if": list(self.would_be_visible_if),
            "epoch": self.epoch,
        }

    def for_viewer(self) -> dict[str, Any]:
        """As JSON, with only what the viewer can act on."""
        theirs = [
            g for g in self.blocking if g.code in ("LOGIN_REQUIRED", "TIER_TOO_LOW")
        ]
        return {
            "app": self.app,
            "visible": self.visible,
            "reachable": self.visible,
            "runnable": self.runnable,
            "degraded": [gate.code for gate in self.degraded],
            "blocking": [
                {"gate": g.number, "code": g.code, "detail": g.detail} for g in theirs
            ],
        }


def evaluate(snapshot: Snapshot, viewer: Viewer) -> dict[str, Verdict]:
    """The verdict of every known app for `viewer`, in the order of cards."""
    apps = [one for one in snapshot.configuration.plugins.values() if one.is_app]
    apps.sort(key=lambda one: (one.declaration.get("order", 100), one.id))
    return {one.id: judge(snapshot, viewer, one.id) for one in apps}


def judge(snapshot: Snapshot, viewer: Viewer, app_id: str) -> Verdict:
    """The verdict of one app, known or not."""
    app = snapshot.configuration.plugins.get(app_id)
    gates = plugin_gates(app, app_id, viewer, snapshot)
    stored = snapshot.configuration.models.get(app_id, ())
    models = tuple(model_gates(model, viewer, snapshot) for model in stored)
    declared = len(app.declared) if app else 0
    usable = [one.model for one in models if one.usable]
    level = {9: has_models(app_id, declared, stored), **model_level(models)}
    if (app is None or not app.installed) and not (stored or declared):
        level[9] = Gate(9, NAMES[9], "unknown")  # nobody knows what it declares
    if (role := role_gate(app, viewer)) is not None:
        level[11] = role
    gates += [level[number] for number in sorted(level)]
    gates.append(health_gate(usable, snapshot))
    gates.append(
        worker_gate(app, usable, snapshot) if app else Gate(14, NAMES[14], "unknown")
    )
    gates.append(Gate(15, NAMES[15], "unknown", "inform", None, JUDGED_LATER))
    visible = not any(gate.hides for gate in gates)
    degraded = any(g.outcome == "fail" and g.effect == "degrade" for g in gates)
    return Verdict(
        app_id,
        visible,
        visible and bool(usable) and not degraded,
        tuple(gates),
        models,
        _funnel(declared, stored, models),
        snapshot.configuration.epoch,
        (snapshot, viewer),
    )


def _funnel(
    declared: int, stored: tuple[ModelFact, ...], models: tuple[ModelVerdict, ...]
) -> dict[str, int]:
    def past(number: int) -> int:
        return sum(
            1 for one in models if one.usable or (one.gate and one.gate.number > number)
        )

    return {
        "declared": declared,
        "stored": len(stored),
        "enabled": past(10),
        "in_tier": past(11),
        "provider_ready": past(12),
    }
