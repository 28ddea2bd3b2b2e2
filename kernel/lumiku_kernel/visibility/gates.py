"""The gates of a plugin itself, 1 to 8; pure, each says why and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lumiku_contracts import Viewer
from lumiku_kernel.errors import Fix
from lumiku_kernel.flags.evaluate import Result
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.visibility.snapshot import PluginFact, Snapshot

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
    "EXPECTED_PLUGIN_MISSING": (
        1,
        "install what offers “{id}”, or take it out of LUMIKU_PLUGINS_REQUIRED",
    ),
    "NOT_IN_ALLOWLIST": (2, "add “{id}” to LUMIKU_PLUGINS and restart"),
    "DENIED": (2, "take “{id}” out of LUMIKU_PLUGINS_DENIED and restart"),
    "SAFE_MODE": (2, "set LUMIKU_SAFE_MODE=false and restart, or pin “{id}={dist}”"),
    "QUARANTINED": (2, "lumiku plugins release {id} --reason '…'"),
    "CONTRACT_RANGE": (3, "pip install --upgrade {dist} lumiku-contracts"),
    "USES_MISSING": (3, "install a plugin that offers it; then lumiku plugins list"),
    "CONFLICT": (3, "pip uninstall one of them; then lumiku plugins list"),
    "IMPORT_ERROR": (4, "pip install --force-reinstall {dist}"),
    "IMPORT_TIMEOUT": (4, "pip install --upgrade {dist}"),
    "IMPORT_CRASH": (4, "pip install --upgrade {dist}"),
    "MANIFEST_INVALID": (4, "pip install --upgrade {dist}"),
    "METADATA_UNREADABLE": (4, "pip install --force-reinstall {dist}"),
    "MONKEY_PATCH": (4, "pip uninstall {dist}"),
    "DISABLED": (4, "lumiku plugins enable {id} --reason '…'; then restart"),
    "SETUP_RETRY": (4, "lumiku plugins list"),
    "SETUP_FAILED": (4, "pip install --upgrade {dist}; then restart the server"),
    "HOOK_SWITCHED_OFF": (4, "restart the server"),
    "SETTINGS_MISSING": (5, "set the named variables and restart"),
    "SETTINGS_INVALID": (5, "mend the named variables and restart"),
    "MIGRATION_PENDING": (6, "lumiku migrate"),
    "MIGRATION_FAILED": (6, "lumiku migrate"),
    "SEED_FAILED": (8, "lumiku seed"),
}

# Seeds that failed hide an app only by leaving it no models, which is gate 9.
INFORMING = frozenset({"SEED_FAILED", "HOOK_SWITCHED_OFF"})


def plugin_gates(
    app: PluginFact | None, ident: str, viewer: Viewer, snapshot: Snapshot
) -> list[Gate]:
    """Gates 1 to 8: the plugin itself."""
    if app is None:
        fix = Fix(
            "operator", f"install a package that offers {ident}: pip install PACKAGE"
        )
        detail = f"No installed distribution offers the plugin “{ident}”."
        first = Gate(1, NAMES[1], "fail", "hide", "NOT_INSTALLED", detail, fix)
        return [first, *(Gate(n, NAMES[n], "unknown") for n in range(2, 9))]
    gates = [_recorded(number, app) for number in range(1, 9)]
    gates[6] = _enabled(app, viewer, snapshot)
    if gates[7].outcome == "pass":
        gates[7] = _seeded(app, snapshot)
    return gates


def _recorded(number: int, app: PluginFact) -> Gate:
    failed, command = RECORDED.get(app.code or "", (0, ""))
    if failed == 0 or number < failed:
        return Gate(number, NAMES[number])
    if number > failed:
        return Gate(number, NAMES[number], "unknown")
    fix = Fix("operator", command.format(id=app.id, dist=app.dist))
    evidence = {"dist": app.dist, "version": app.version, "state": app.state}
    effect: Effect = "inform" if app.code in INFORMING else "hide"
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
        f"lumiku flags set {key} on --reason '…'",
        f"PUT /api/admin/flags/{key}",
    )
    if reason == "DISABLED":
        detail = f"The flag {key} is off."
        fix = Fix(
            "operator",
            f"lumiku plugins enable {app.id} --reason 'it is wanted'",
            f"POST /api/admin/plugins/{app.id}/enable",
        )
    elif reason == "STATIC":
        detail = f"The environment forces the flag {key} off."
        fix = Fix("operator", f"take {key} out of LUMIKU_FLAGS_FORCED and restart")
    elif found.rule is not None:
        detail = f"The flag {key} is off for this viewer by its rule {found.rule}."
    evidence = found.document()
    return Gate(7, NAMES[7], "fail", "hide", "FLAG_OFF", detail, fix, evidence)


def _seeded(app: PluginFact, snapshot: Snapshot) -> Gate:
    """Whether each declared model is stored; that none is at all is gate 9's matter."""
    stored = {one.id for one in snapshot.configuration.models.get(app.id, ())}
    declared = [str(one["id"]) for one in app.declared if "id" in one]
    lacking = [ident for ident in declared if ident not in stored]
    if not lacking:
        return Gate(8, NAMES[8])
    detail = (
        f"{len(lacking)} of its {len(declared)} declared models are not stored: "
        f"{', '.join(lacking)}."
    )
    fix = Fix("operator", "lumiku seed")
    evidence = {"lacking": lacking}
    return Gate(8, NAMES[8], "fail", "inform", "SEED_PENDING", detail, fix, evidence)
