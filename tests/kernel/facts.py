"""A snapshot written by hand, for tests of the verdict."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.flags.evaluate import Flags
from lumiku_kernel.flags.word import Word
from lumiku_kernel.visibility.snapshot import (
    Configuration,
    ModelFact,
    PluginFact,
    Presence,
    ProcessFact,
    Snapshot,
)
from lumiku_kernel.visibility.verdict import Verdict

NOW = 1_000_000.0
FREE = Viewer("usr_a", Tier.FREE)
PRO = Viewer("usr_b", Tier.PRO)
OPERATOR = Viewer("usr_o", Tier.FREE, "operator")
NOBODY = Viewer(None)
READY = {"state": "ready"}
LACKING = {"state": "not_configured", "settings": ["ACME_KEY"]}
ABSENT = {"state": "not_installed", "reason": "there is no module acme"}


def model(
    ident: str = "one",
    provider: str = "local",
    tier: Tier = Tier.FREE,
    *,
    enabled: bool = True,
) -> ModelFact:
    declaration = {"id": ident, "name": ident}
    return ModelFact(f"app:{ident}", ident, provider, tier, 5, enabled, declaration)


def worker(
    seen: float = NOW,
    started: float = NOW - 60,
    **words: Mapping[str, Any],
) -> ProcessFact:
    slots = {"cpu": 1, "io": 8}
    return ProcessFact("prc_1", "worker", seen, started, {"app": "1.0"}, words, slots)


def said(on: bool) -> Word:
    return Word(state="on" if on else "off")


def plugin(**changes: Any) -> PluginFact:
    declared = {"kind": "app", "models": [{}], "order": 1}
    fact = PluginFact("app", "acme-app", "1.0", "ready", None, None, declared)
    return replace(fact, **changes)


def snapshot(
    *models: ModelFact,
    app: PluginFact | None = None,
    flags: Mapping[str, bool] | None = None,
    providers: tuple[str, ...] = (),
    processes: tuple[ProcessFact, ...] | None = None,
) -> Snapshot:
    there = app or plugin()
    return Snapshot(
        Configuration(
            7,
            {there.id: there},
            {there.id: models} if models else {},
            Flags({key: said(on) for key, on in (flags or {}).items()}),
            {name: {"name": name, "cost": "io"} for name in providers},
        ),
        Presence(NOW, (worker(),) if processes is None else processes),
    )


def codes(verdict: Verdict) -> list[str | None]:
    return [gate.code for gate in (*verdict.blocking, *verdict.degraded)]
