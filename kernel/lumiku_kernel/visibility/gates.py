"""The gates an app must pass to be seen; pure, each says why and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lumiku_contracts import LOCAL, Viewer
from lumiku_kernel.errors import Fix
from lumiku_kernel.flags.evaluate import Result
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.visibility.snapshot import ModelFact, PluginFact, Snapshot

Outcome = Literal["pass", "fail", "unknown"]
Effect = Literal["hide", "degrade", "inform"]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate's finding; `unknown` never hides."""

    number: int
    name: str
    outcome: Outcome = "pass"
    effect: Effect = "hide"
    code: str | None = None
    detail: str = ""
    fix: Fix | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hides(self) -> bool:
        """Whether it alone keeps the app from being seen."""
        return self.outcome == "fail" and self.effect == "hide"

    def document(self) -> dict[str, Any]:
        """As JSON, for operators."""
        return {
            "gate": self.number,
            "name": self.name,
            "outcome": self.outcome,
            "effect": self.effect,
            "code": self.code,
            "detail": self.detail,
            "fix": self.fix.document() if self.fix else None,
            "evidence": dict(self.evidence),
        }


NAMES = {
    1: "installed",
    2: "admitted",
    3: "compatible",
    4: "loaded",
    5: "configured",
    6: "migrated",
    7: "enabled",
    8: "seeded",
    9: "has_models",
    10: "models_enabled",
    11: "viewer_access",
    12: "provider_configured",
    13: "provider_healthy",
    14: "worker_alive",
    15: "affordable",
}

# Which gate a recorded code of a plugin belongs to, and the command that helps.
RECORDED = {
    "NOT_INSTALLED": (1, "pip install {dist}"),
    "NOT_IN_ALLOWLIST": (2, "add “{id}” to LUMIKU_PLUGINS and restart"),
    "DENIED": (2, "take “{id}” out of LUMIKU_PLUGINS_DENIED and restart"),
    "SAFE_MODE": (2, "set LUMIKU_SAFE_MODE=false and restart, or pin “{id}={dist}”"),
    "CONTRACT_RANGE": (3, "pip install --upgrade {dist} lumiku-contracts"),
    "USES_MISSING": (3, "install a plugin that offers it; then lumiku plugins list"),
    "CONFLICT": (3, "pip uninstall one of them; then lumiku plugins list"),
    "IMPORT_ERROR": (4, "pip install --force-reinstall {dist}"),
    "IMPORT_TIMEOUT": (4, "pip install --upgrade {dist}"),
    "IMPORT_CRASH": (4, "pip install --upgrade {dist}"),
    "MANIFEST_INVALID": (4, "pip install --upgrade {dist}"),
    "SETTINGS_MISSING": (5, "set the named variables and restart"),
    "SETTINGS_INVALID": (5, "mend the named variables and restart"),
    "MIGRATION_PENDING": (6, "lumiku migrate"),
    "MIGRATION_FAILED": (6, "lumiku migrate"),
    "SEED_FAILED": (8, "lumiku seed"),
}


def plugin_gates(
    app: PluginFact | None, ident: str, viewer: Viewer, snapshot: Snapshot
) -> list[Gate]:
    """Gates 1 to 8: the plugin itself."""
    if app is None:
        fix = Fix("operator", f"pip install a distribution that offers “{ident}”")
        detail = f"No installed distribution offers the plugin “{ident}”."
        first = Gate(1, NAMES[1], "fail", "hide", "NOT_INSTALLED", detail, fix)
        return [first, *(Gate(n, NAMES[n], "unknown") for n in range(2, 9))]
    gates = [_recorded(number, app) for number in range(1, 9)]
    gates[6] = _enabled(app, viewer, snapshot)
    return gates


def _recorded(number: int, app: PluginFact) -> Gate:
    failed, command = RECORDED.get(app.code or "", (0, ""))
    if failed == 0 or number < failed:
        return Gate(number, NAMES[number])
    if number > failed:
        return Gate(number, NAMES[number], "unknown")
    fix = Fix("operator", command.format(id=app.id, dist=app.dist))
    evidence = {"dist": app.dist, "version": app.version, "state": app.state}
    # Seeds that failed hide an app only by leaving it no models, which is gate 9.
    effect: Effect = "inform" if app.code == "SEED_FAILED" else "hide"
    return Gate(
        number, NAMES[number], "fail", effect, app.code, app.reason or "", fix, evidence
    )


def _enabled(app: PluginFact, viewer: Viewer, snapshot: Snapshot) -> Gate:
    found = snapshot.configuration.flags.judge(enabled_key(app.id), viewer, True)
    if not found.value:
        return _flag_off(app, found)
    if app.declaration.get("stability") == "coming_soon":
        detail = "The author has not released it yet."
        return Gate(7, NAMES[7], "fail", "degrade", "COMING_SOON", detail)
    return Gate(7, NAMES[7], evidence=found.document())


def _flag_off(app: PluginFact, found: Result) -> Gate:
    key, reason = found.key, found.reason
    detail = f"The flag {key} is off ({reason})."
    fix = Fix(
        "operator",
        f"lumiku flags set {key} on --reason “…”",
        f"PUT /api/admin/flags/{key}",
    )
    if reason == "DISABLED":
        detail = f"The flag {key} is off."
        fix = Fix(
            "operator",
            f"lumiku plugins enable {app.id} --reason “…”",
            f"POST /api/admin/plugins/{app.id}/enable",
        )
    elif reason == "STATIC":
        detail = f"The environment forces the flag {key} off."
        fix = Fix("operator", f"take {key} out of LUMIKU_FLAGS_FORCED and restart")
    elif found.rule is not None:
        detail = f"The flag {key} is off for this viewer by its rule {found.rule}."
    evidence = found.document()
    return Gate(7, NAMES[7], "fail", "hide", "FLAG_OFF", detail, fix, evidence)


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """Whether one model can be used by one viewer, and if not, why."""

    model: ModelFact
    gate: Gate | None = None

    @property
    def usable(self) -> bool:
        """Whether nothing keeps it from being chosen."""
        return self.gate is None or self.gate.outcome == "unknown"

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
    """Gates 10 to 12 for one model: the first that fails."""
    for gate in (
        _model_enabled(model),
        _in_tier(model, viewer),
        _provider(model, snapshot),
    ):
        if gate.outcome != "pass":
            return ModelVerdict(model, gate)
    return ModelVerdict(model)


def _model_enabled(model: ModelFact) -> Gate:
    if model.enabled:
        return Gate(10, NAMES[10])
    fix = Fix(
        "operator",
        f"lumiku models set {model.key} --enable --reason “…”",
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
            {"settings": word["settings"]},
        )
    fix = Fix(
        "operator", "install what the provider lacks and restart the worker process"
    )
    detail = f"The provider “{name}” cannot be opened: {word.get('reason', '')}"
    return Gate(12, NAMES[12], "fail", "hide", "PROVIDER_NOT_INSTALLED", detail, fix)


def worker_gate(app: PluginFact, usable: list[ModelFact], snapshot: Snapshot) -> Gate:
    """Gate 14: a living worker process that has the plugin, and slots for a model."""
    alive = snapshot.presence.alive("worker")
    fix = Fix("operator", "lumiku work")
    able = [one for one in alive if app.id in one.plugins]
    if not alive:
        detail = "No worker process is alive."
        return Gate(14, NAMES[14], "fail", "degrade", "NO_WORKER", detail, fix)
    if not able:
        detail = f"No living worker process has the plugin {app.id}."
        fix = Fix("operator", "restart the worker processes")
        return Gate(14, NAMES[14], "fail", "degrade", "VERSION_SKEW", detail, fix)
    classes = {slot_of(model, snapshot) for model in usable}
    if usable and not any(one.slots.get(slot) for one in able for slot in classes):
        named = "/".join(sorted(classes))
        detail = f"No living worker process has slots of the class {named}."
        return Gate(14, NAMES[14], "fail", "degrade", "NO_WORKER", detail, fix)
    return Gate(14, NAMES[14], effect="degrade")


def slot_of(model: ModelFact, snapshot: Snapshot) -> str:
    """The class of slots a model's jobs need; `cpu` for `LOCAL`."""
    provider = snapshot.configuration.providers.get(model.provider)
    return str(provider["cost"]) if provider else "cpu"
