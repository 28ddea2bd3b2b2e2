"""What changed between two snapshots that an app's verdict may rest on; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from lumiku_kernel.clock import iso
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.visibility.snapshot import ModelFact, Snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """In words; `subject` is what the audit would call it, if an operator did it."""

    words: str
    subject: str = ""


def differences(
    before: Snapshot, after: Snapshot, app: str, *, of_workers: bool
) -> list[Difference]:
    """All of them; those of worker processes only if they are asked for."""
    found = [
        *_plugin(before, after, app),
        *_flag(before, after, app),
        *_models(before, after, app),
        *_providers(before, after, app),
    ]
    return [*found, *_workers(before, after)] if of_workers or not found else found


def _plugin(before: Snapshot, after: Snapshot, app: str) -> Iterator[Difference]:
    old = before.configuration.plugins.get(app)
    new = after.configuration.plugins.get(app)
    if new is None or old is None:
        if new is not old:
            words = "is no longer recorded" if new is None else "was found"
            yield Difference(f"the plugin {app} {words}", app)
        return
    if old.version != new.version:
        yield Difference(f"the plugin {app} went from {old.version} to {new.version}")
    if (old.state, old.code) != (new.state, new.code):
        was, now = old.code or old.state, new.code or new.state
        words = f"the plugin {app} went from {was} to {now}: {new.reason or ''}"
        yield Difference(words.rstrip(": "), app)


def _flag(before: Snapshot, after: Snapshot, app: str) -> Iterator[Difference]:
    key = enabled_key(app)
    old = before.configuration.flags.words.get(key)
    new = after.configuration.flags.words.get(key)
    if old == new:
        return
    was, now = old.state if old else "unset", new.state if new else "unset"
    words = f"turned {now}" if was != now else "changed"
    yield Difference(f"the flag {key} was {words}", key)


def _models(before: Snapshot, after: Snapshot, app: str) -> Iterator[Difference]:
    old = {one.key: one for one in before.configuration.models.get(app, ())}
    new = {one.key: one for one in after.configuration.models.get(app, ())}
    retired = {*after.configuration.retired.get(app, ())}
    gone = [key for key in old if key not in new]
    for words, keys in (
        (
            "retired, since they are no longer declared",
            [k for k in gone if k in retired],
        ),
        ("deleted by hand", [key for key in gone if key not in retired]),
        ("stored", [key for key in new if key not in old]),
    ):
        if keys:
            yield Difference(f"models {words}: {', '.join(keys)}")
    for key in old.keys() & new.keys():
        for words in _changes(old[key], new[key]):
            yield Difference(f"the model {key} {words}", key)


def _changes(old: ModelFact, new: ModelFact) -> Iterator[str]:
    if old.enabled != new.enabled:
        yield "was enabled" if new.enabled else "was disabled"
    if old.tier != new.tier:
        yield f"went from the tier {old.tier.word} to {new.tier.word}"
    if old.provider != new.provider:
        yield f"went from the provider {old.provider} to {new.provider}"
    if old.fault != new.fault:
        yield f"has {new.fault}" if new.fault else f"no longer has {old.fault}"


def _providers(before: Snapshot, after: Snapshot, app: str) -> Iterator[Difference]:
    models = [
        *before.configuration.models.get(app, ()),
        *after.configuration.models.get(app, ()),
    ]
    for name in sorted({one.provider for one in models}):
        was, now = _word(before, name), _word(after, name)
        if was != now:
            yield Difference(f"the provider {name} went from {was} to {now}")


def _word(snapshot: Snapshot, name: str) -> str:
    if name not in snapshot.configuration.providers:
        return "undeclared"
    word = snapshot.presence.attested(name)
    if word is None:
        return "unknown"
    lacking = ", ".join(word.get("settings", ()))
    return f"{word['state']} ({lacking})" if lacking else str(word["state"])


def _workers(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    old = {one.id: one for one in before.presence.working}
    new = {one.id: one for one in after.presence.working}
    last = {one.id: one for one in after.presence.processes}
    for ident in old.keys() - new.keys():
        seen = last[ident].seen_at if ident in last else 0.0
        words = f"is silent since {iso(seen)}" if seen else "has left"
        yield Difference(f"the worker process {old[ident].name} {words}")
    for ident in new.keys() - old.keys():
        yield Difference(f"the worker process {new[ident].name} came")
