"""Is this app there for this viewer, can it run, and if not, why: one pure function."""

from dataclasses import dataclass
from typing import Any

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.errors import Fix
from lumiku_kernel.visibility.gates import (
    NAMES,
    Gate,
    ModelVerdict,
    model_gates,
    plugin_gates,
    worker_gate,
)
from lumiku_kernel.visibility.snapshot import ModelFact, PluginFact, Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one app for one viewer."""

    app: str
    visible: bool
    runnable: bool
    gates: tuple[Gate, ...]
    models: tuple[ModelVerdict, ...]
    funnel: dict[str, int]
    would_be_visible_if: tuple[str, ...]
    epoch: int

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
            if not one.usable and one.gate and one.gate.name == NAMES[12]
        )

    @property
    def summary(self) -> str:
        """One sentence."""
        if self.blocking:
            first = self.blocking[0]
            return f"{self.app} is hidden: {first.code}. {first.detail}"
        if self.degraded:
            first = self.degraded[0]
            return f"{self.app} is visible but cannot run: {first.code}. {first.detail}"
        if self.dead:
            gate = self.dead[0].gate
            detail = gate.detail if gate else ""
            return (
                f"{self.app} is visible; {len(self.dead)} of its {len(self.models)} "
                f"models are usable by nobody: {detail}"
            )
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
    declared = len(app.declaration.get("models", ())) if app else 0
    gates += [
        _has_models(app_id, declared, stored),
        *_model_level(models),
        Gate(13, NAMES[13], effect="degrade"),
    ]
    usable = [one.model for one in models if one.usable]
    if app is not None:
        gates.append(worker_gate(app, usable, snapshot))
    visible = not any(gate.hides for gate in gates)
    degraded = any(g.outcome == "fail" and g.effect == "degrade" for g in gates)
    return Verdict(
        app_id,
        visible,
        visible and bool(usable) and not degraded,
        tuple(gates),
        models,
        _funnel(declared, stored, models),
        () if visible else _wishes(snapshot, viewer, app, gates, models),
        snapshot.configuration.epoch,
    )


def _has_models(app_id: str, declared: int, stored: tuple[ModelFact, ...]) -> Gate:
    if stored:
        return Gate(9, NAMES[9])
    if declared:
        detail = f"{app_id} declares {declared} models and none of them is stored."
        fix = Fix("operator", "lumiku seed")
    else:
        detail = f"{app_id} declares no models; a plugin without models is never shown."
        fix = Fix("author", "add a Model to the plugin's declaration, then lumiku seed")
    evidence = {"declared": declared, "stored": 0}
    return Gate(9, NAMES[9], "fail", "hide", "NO_MODELS", detail, fix, evidence)


def _model_level(models: tuple[ModelVerdict, ...]) -> list[Gate]:
    """Gates 10 to 12 of the app: the furthest that any of its models comes."""
    if not models:
        return [Gate(number, NAMES[number], "unknown") for number in (10, 11, 12)]
    if any(one.usable for one in models):
        return [Gate(number, NAMES[number]) for number in (10, 11, 12)]
    failed = [one.gate for one in models if one.gate is not None]
    furthest = max(gate.number for gate in failed)
    blamed = [gate for gate in failed if gate.number == furthest]
    cause = min(blamed, key=lambda gate: gate.detail)
    if cause.code == "MODEL_DISABLED":
        cause = Gate(
            10,
            NAMES[10],
            "fail",
            "hide",
            "ALL_MODELS_DISABLED",
            "Every model is disabled.",
            cause.fix,
        )
    if cause.code == "TIER_TOO_LOW":
        cause = _cheapest_tier(models, cause)
    return [
        cause
        if number == furthest
        else Gate(number, NAMES[number], "pass" if number < furthest else "unknown")
        for number in (10, 11, 12)
    ]


def _cheapest_tier(models: tuple[ModelVerdict, ...], cause: Gate) -> Gate:
    out = [one for one in models if one.gate and one.gate.code == "TIER_TOO_LOW"]
    lowest = min(out, key=lambda one: one.model.tier)
    gate = lowest.gate
    return gate if gate is not None else cause


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


def _wishes(
    snapshot: Snapshot,
    viewer: Viewer,
    app: PluginFact | None,
    gates: list[Gate],
    models: tuple[ModelVerdict, ...],
) -> tuple[str, ...]:
    """What would make it visible: each a sentence that alone, or in turn, suffices."""
    blockers = [gate for gate in gates if gate.hides]
    wishes = [f"{gate.fix.who}: {gate.fix.command}" for gate in blockers if gate.fix]
    of_models = [gate for gate in blockers if gate.number in (10, 11, 12)]
    if app is None or of_models != blockers or not viewer.signed_in:
        return tuple(wishes)
    for tier in Tier:
        other = Viewer(viewer.id, tier)
        if tier > viewer.tier and any(
            model_gates(one.model, other, snapshot).usable for one in models
        ):
            wishes.append(f"the viewer's tier were {tier.word}")
            break
    return tuple(wishes)
