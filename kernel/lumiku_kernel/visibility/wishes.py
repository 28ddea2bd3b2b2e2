"""What would make a hidden app visible: true statements, since each can be tried.

A wish is a row of steps; each step says in words what would have to be otherwise, and
does it to a copy of the snapshot or of the viewer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lumiku_contracts import LOCAL, Tier, Viewer
from lumiku_kernel.flags.word import Word, enabled_key
from lumiku_kernel.visibility.gates import Gate
from lumiku_kernel.visibility.snapshot import (
    ModelFact,
    PluginFact,
    ProcessFact,
    Snapshot,
)

MOST = 6
"""Wishes that are told; there is one at least for each model."""
LAST_OF_PLUGIN = 6
Seen = tuple[Snapshot, Viewer]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be otherwise; without `act` it is beyond what can be tried."""

    words: str
    act: Callable[[Seen], Seen] | None = None
    tier: Tier | None = None
    """The viewer's tier it takes, if it is that."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Steps that together suffice."""

    steps: tuple[Step, ...]

    @property
    def words(self) -> str:
        """The steps in one sentence."""
        return " and ".join(step.words for step in self.steps)

    @property
    def can_be_tried(self) -> bool:
        """Whether every step can be done to a snapshot."""
        return all(step.act is not None for step in self.steps)

    def granted(self, snapshot: Snapshot, viewer: Viewer) -> Seen:
        """The snapshot and the viewer as they would be."""
        return _done((snapshot, viewer), self.steps)


def wishes(
    snapshot: Snapshot, viewer: Viewer, app_id: str, blocking: Sequence[Gate]
) -> tuple[Wish, ...]:
    """The shortest wishes for an app that `blocking` hides from the viewer."""
    app = snapshot.configuration.plugins.get(app_id)
    if app is None:
        return tuple(Wish((Step(g.fix.command),)) for g in blocking if g.fix)
    base = tuple(_base(snapshot, viewer, app, blocking))
    seen = _done((snapshot, viewer), base)
    stored = seen[0].configuration.models.get(app_id, ())
    if not stored:
        author = Step("its author declared a model, and lumiku seed stored it")
        return (Wish((*base, author)),)
    found = [(*base, *more) for model in stored for more in _for_model(seen, model)]
    return tuple(Wish(steps) for steps in _shortest(found))


def _done(seen: Seen, steps: Sequence[Step]) -> Seen:
    for step in steps:
        seen = step.act(seen) if step.act else seen
    return seen


def _base(
    snapshot: Snapshot, viewer: Viewer, app: PluginFact, blocking: Sequence[Gate]
) -> Iterator[Step]:
    """What must be otherwise whichever model is used."""
    codes = {gate.code for gate in blocking}
    for gate in blocking:
        if gate.number <= LAST_OF_PLUGIN and gate.fix:
            words = f"the plugin were ready ({gate.fix.command})"
            yield Step(words, partial(_plugin, app.id))
        if gate.code == "FLAG_OFF" and gate.fix:
            words = f"the app were switched on ({gate.fix.command})"
            yield Step(words, partial(_flag, enabled_key(app.id)))
    if not viewer.signed_in:
        yield Step("the viewer were signed in", _signed_in)
    if "ROLE" in codes:
        yield Step("the viewer were an operator", _operator)
    if not snapshot.configuration.models.get(app.id) and app.declared:
        words = f"its {len(app.declared)} declared models were stored (lumiku seed)"
        yield Step(words, partial(_models, app.id, _declared(app)))


def _for_model(seen: Seen, model: ModelFact) -> Iterator[tuple[Step, ...]]:
    """Each way for one model to be usable."""
    steps: list[Step] = []
    if model.fault is not None:
        words = f"{model.key} had a price and a tier (lumiku models set {model.key})"
        steps.append(Step(words, partial(_model, model, {"fault": None})))
    if not model.enabled:
        words = f"{model.key} were enabled (lumiku models set {model.key} --enable)"
        steps.append(Step(words, partial(_model, model, {"enabled": True})))
    steps += _for_provider(seen[0], model.provider)
    viewer = seen[1]
    if viewer.is_operator or viewer.tier >= model.tier:
        yield tuple(steps)
        return
    raised = f"the viewer's tier were {model.tier.word}"
    yield (*steps, Step(raised, partial(_tier, model.tier), model.tier))
    mine = viewer.tier.word
    opened = (
        f"{model.key} were open to the tier {mine} "
        f"(lumiku models set {model.key} --tier {mine})"
    )
    yield (*steps, Step(opened, partial(_model, model, {"tier": viewer.tier})))


def _for_provider(snapshot: Snapshot, name: str) -> Iterator[Step]:
    if name == LOCAL:
        return
    word = snapshot.presence.attested(name)
    if name not in snapshot.configuration.providers:
        words = f"a plugin with the provider “{name}” were installed"
    elif word is None or word["state"] == "ready":
        return
    elif word["state"] == "not_configured":
        words = f"worker processes had {', '.join(word['settings'])} for “{name}”"
    else:
        words = f"worker processes could open the provider “{name}”"
    yield Step(words, partial(_provider, name))


def _shortest(found: list[tuple[Step, ...]]) -> list[tuple[Step, ...]]:
    """Without those that ask for more than another does, or for a higher tier."""
    found.sort(key=lambda one: (len(one), max((s.tier or 0) for s in one)))
    kept: list[tuple[Step, ...]] = []
    for steps in found:
        asked = {_asked(step) for step in steps}
        if not any({_asked(step) for step in other} <= asked for other in kept):
            kept.append(steps)
    return kept[:MOST]


def _asked(step: Step) -> str:
    return step.words if step.tier is None else "a higher tier"


def _plugin(ident: str, seen: Seen) -> Seen:
    app = seen[0].configuration.plugins[ident]
    ready = replace(app, state="ready", code=None, reason=None)
    return _configured(seen, plugins={**seen[0].configuration.plugins, ident: ready})


def _flag(key: str, seen: Seen) -> Seen:
    said = seen[0].configuration.flags.saying(key, Word())
    return _configured(seen, flags=said)


def _models(ident: str, models: tuple[ModelFact, ...], seen: Seen) -> Seen:
    return _configured(seen, models={**seen[0].configuration.models, ident: models})


def _model(model: ModelFact, values: Mapping[str, Any], seen: Seen) -> Seen:
    ident = model.key.split(":", 1)[0]
    others = seen[0].configuration.models[ident]
    changed = [
        replace(one, **values) if one.key == model.key else one for one in others
    ]
    return _models(ident, tuple(changed), seen)


def _provider(name: str, seen: Seen) -> Seen:
    configuration, presence = seen[0].configuration, seen[0].presence
    known = {"name": name, "cost": "io", **configuration.providers.get(name, {})}
    able = ProcessFact(
        "wished", "worker", presence.at, presence.at, {}, {name: {"state": "ready"}}, {}
    )
    there = replace(presence, processes=(*presence.processes, able))
    snapshot, viewer = _configured(
        seen, providers={**configuration.providers, name: known}
    )
    return replace(snapshot, presence=there), viewer


def _configured(seen: Seen, **values: Any) -> Seen:
    configuration = replace(seen[0].configuration, **values)
    return replace(seen[0], configuration=configuration), seen[1]


def _signed_in(seen: Seen) -> Seen:
    return seen[0], replace(seen[1], id="usr_")


def _operator(seen: Seen) -> Seen:
    return seen[0], replace(seen[1], role="operator")


def _tier(tier: Tier, seen: Seen) -> Seen:
    return seen[0], replace(seen[1], tier=tier)


def _declared(app: PluginFact) -> tuple[ModelFact, ...]:
    """Its models as `lumiku seed` would store them."""
    return tuple(
        ModelFact(
            f"{app.id}:{one.get('id', n)}",
            one.get("name") or str(one.get("id", n)),
            one.get("provider", LOCAL),
            Tier[str(one.get("tier", "free")).upper()],
            int(one.get("price") or 0),
            bool(one.get("enabled", True)),
            one,
        )
        for n, one in enumerate(app.declared)
    )
