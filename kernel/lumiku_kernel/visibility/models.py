"""The gates of each model, 9 to 12, and what they come to for the app.

The same model must pass them all.
"""

from dataclasses import dataclass, replace
from typing import Any

from lumiku_contracts import LOCAL, Viewer
from lumiku_kernel.errors import Fix
from lumiku_kernel.visibility.gates import NAMES, Gate
from lumiku_kernel.visibility.snapshot import ModelFact, PluginFact, Snapshot

Models = tuple[ModelFact, ...]


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """Whether one model can be used by one viewer, and if not, why."""

    model: ModelFact
    gate: Gate | None = None

    @property
    def usable(self) -> bool:
        """Whether nothing keeps it from being chosen."""
        return self.gate is None or self.gate.outcome == "unknown"

    @property
    def is_unset(self) -> bool:
        """Whether all it lacks is a setting that its provider has never had here."""
        gate = self.gate
        lacks = gate is not None and gate.code == "PROVIDER_NOT_CONFIGURED"
        return bool(lacks and gate and not gate.evidence["once_ready"])

    def document(self) -> dict[str, Any]:
        """As JSON, for operators."""
        return {
            "key": self.model.key,
            "usable": self.usable,
            "gate": self.gate.number if self.gate else None,
            "code": self.gate.code if self.gate else None,
            "detail": self.gate.detail if self.gate else "",
            "fix": self.gate.fix.document() if self.gate and self.gate.fix else None,
        }


def model_gates(model: ModelFact, viewer: Viewer, snapshot: Snapshot) -> ModelVerdict:
    """Gates 9 to 12 for one model: the first that fails."""
    for gate in (
        _sound(model),
        _model_enabled(model),
        _in_tier(model, viewer),
        _provider(model, snapshot),
    ):
        if gate.outcome != "pass":
            return ModelVerdict(model, gate)
    return ModelVerdict(model)


def _sound(model: ModelFact) -> Gate:
    if model.fault is None:
        return Gate(9, NAMES[9])
    fix = Fix(
        "operator",
        f"lumiku models set {model.key} --price N --tier TIER --reason '…'",
        f"PATCH /api/admin/models/{model.key}",
    )
    detail = {
        "PRICE_MISSING": "has no price; nothing is free by an omission",
        "TIER_UNKNOWN": "is stored with a tier that there is not",
    }[model.fault]
    detail = f"The model {model.key} {detail}."
    return Gate(9, NAMES[9], "fail", "hide", model.fault, detail, fix)


def _model_enabled(model: ModelFact) -> Gate:
    if model.enabled:
        return Gate(10, NAMES[10])
    fix = Fix(
        "operator",
        f"lumiku models set {model.key} --enable --reason '…'",
        f"PATCH /api/admin/models/{model.key}",
    )
    detail = f"The model {model.key} is disabled."
    return Gate(10, NAMES[10], "fail", "hide", "MODEL_DISABLED", detail, fix)


def _in_tier(model: ModelFact, viewer: Viewer) -> Gate:
    if not viewer.signed_in:
        fix = Fix("viewer", "sign in", "POST /api/auth/login")
        detail = "Only signed-in viewers see it."
        return Gate(11, NAMES[11], "fail", "hide", "LOGIN_REQUIRED", detail, fix)
    if viewer.tier >= model.tier or viewer.is_operator:
        return Gate(11, NAMES[11])
    fix = Fix(
        "operator",
        f"add or enable a {viewer.tier.word} model, or lumiku users set EMAIL "
        f"--tier {model.tier.word}",
        f"PATCH /api/admin/models/{model.key}",
    )
    detail = (
        f"{model.key} needs the tier {model.tier.word}; yours is {viewer.tier.word}."
    )
    return Gate(11, NAMES[11], "fail", "hide", "TIER_TOO_LOW", detail, fix)


def _provider(model: ModelFact, snapshot: Snapshot) -> Gate:
    name = model.provider
    if name == LOCAL:
        return Gate(12, NAMES[12])
    if name not in snapshot.configuration.providers:
        fix = Fix("operator", f"install a plugin with the provider “{name}”")
        detail = f"No ready plugin declares the provider “{name}”."
        return Gate(
            12, NAMES[12], "fail", "hide", "PROVIDER_NOT_INSTALLED", detail, fix
        )
    word = snapshot.presence.attested(name)
    if word is None:
        detail = "No worker process has spoken for it yet."
        return Gate(12, NAMES[12], "unknown", "hide", None, detail)
    if word["state"] == "ready":
        return Gate(12, NAMES[12])
    if word["state"] == "not_configured":
        names = ", ".join(word["settings"])
        fix = Fix("operator", f"set {names} for the worker process and restart it")
        detail = f"The provider “{name}” lacks its setting {names}."
        code = "PROVIDER_NOT_CONFIGURED"
        return Gate(
            12,
            NAMES[12],
            "fail",
            "hide",
            code,
            detail,
            fix,
            {
                "settings": word["settings"],
                "once_ready": snapshot.presence.once_ready(name),
            },
        )
    cure = word.get("fix") or "install what the provider lacks"
    fix = Fix("operator", f"{cure} and restart the worker process")
    detail = f"The provider “{name}” cannot be opened: {word.get('reason', '')}"
    opened = word["state"] != "not_opened"
    code = "PROVIDER_NOT_INSTALLED" if opened else "PROVIDER_NOT_OPENED"
    return Gate(12, NAMES[12], "fail", "hide", code, detail, fix)


def has_models(app_id: str, declared: int, stored: Models) -> Gate:
    """Gate 9 of the app; no models, not visible."""
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


def model_level(models: tuple[ModelVerdict, ...]) -> dict[int, Gate]:
    """Gates 9 to 12 of the app: the furthest that any of its models comes."""
    if not models:
        return {n: Gate(n, NAMES[n], "unknown") for n in (10, 11, 12)}
    if any(one.usable for one in models):
        return {n: Gate(n, NAMES[n]) for n in (9, 10, 11, 12)}
    failed = [one.gate for one in models if one.gate is not None]
    furthest = max(gate.number for gate in failed)
    blamed = [gate for gate in failed if gate.number == furthest]
    cause = min(blamed, key=lambda gate: gate.detail)
    if cause.code == "MODEL_DISABLED":
        said = "Every model is disabled."
        cause = replace(cause, code="ALL_MODELS_DISABLED", detail=said)
    if cause.code == "TIER_TOO_LOW":
        cause = _cheapest_tier(models, cause)
    level = {
        n: Gate(n, NAMES[n], "pass" if n < furthest else "unknown")
        for n in (9, 10, 11, 12)
    }
    return {**level, furthest: cause}


def role_gate(app: PluginFact | None, viewer: Viewer) -> Gate | None:
    """Gate 11 of an app whose every page is for operators, for anybody else."""
    pages = app.declaration.get("pages", ()) if app else ()
    theirs = pages and all(page.get("auth") == "operator" for page in pages)
    if not theirs or viewer.is_operator:
        return None
    fix = Fix("operator", "lumiku users set EMAIL --role operator")
    detail = "All its pages are for operators."
    return Gate(11, NAMES[11], "fail", "hide", "ROLE", detail, fix)


def _cheapest_tier(models: tuple[ModelVerdict, ...], cause: Gate) -> Gate:
    out = [one for one in models if one.gate and one.gate.code == "TIER_TOO_LOW"]
    lowest = min(out, key=lambda one: one.model.tier)
    gate = lowest.gate
    return gate if gate is not None else cause
