"""Plugins, their models, their places, and who sees them."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select, table

from lumiku_contracts import LOCAL, Tier, Viewer
from lumiku_kernel.doctor.palette import COLOURS, ICONS
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.plugins.context import resolve
from lumiku_kernel.settings import listed
from lumiku_kernel.visibility.census import census, orphans
from lumiku_kernel.visibility.gates import RECORDED
from lumiku_kernel.visibility.snapshot import PluginFact
from lumiku_kernel.visibility.switched import switched
from lumiku_kernel.visibility.verdict import Verdict, evaluate

BAD = frozenset({"rejected", "retry", "quarantined"})


def is_given_up(asked: Question, plugin: PluginFact) -> bool:
    """Whether a plugin that is gone was switched off or denied first."""
    flags = asked.snapshot.configuration.flags
    off = True not in flags.outcomes(enabled_key(plugin.id), default=True)
    denied = listed(asked.settings.plugins_denied)
    return not plugin.installed and (off or bool({plugin.id, plugin.dist} & {*denied}))


def loaded(asked: Question) -> Iterator[Finding]:
    """K01: every plugin found is ready, and those that must be are there."""
    plugins = asked.snapshot.configuration.plugins
    ready = {one.id for one in plugins.values() if one.state == "ready"}
    for ident in sorted(asked.settings.required - ready):
        found = plugins.get(ident)
        absent = found is None or not found.installed
        why = "no installed package offers it."
        if found and not absent:
            why = f"{found.code}. {found.reason}"
        cause = f"LUMIKU_PLUGINS_REQUIRED demands the plugin {ident}: {why}"
        told = {"code": "EXPECTED_PLUGIN_MISSING", "plugin": ident}
        first = "install it" if absent else f"mend it (lumiku why {ident})"
        if found and absent and found.dist != "?":
            first = f"pip install {found.dist}"
        fix = f"{first}, or take {ident} out of LUMIKU_PLUGINS_REQUIRED"
        yield Finding("K01", "error", cause, fix, told)
    for one in plugins.values():
        told = {"plugin": one.id, "code": one.code or "", "dist": one.dist}
        fix = RECORDED.get(one.code or "", (0, "lumiku why {id}"))[1]
        fix = fix.format(id=one.id, dist=one.dist)
        if one.state in BAD:
            word = "rejected" if one.state == "rejected" else f"in {one.state}"
            cause = f"The plugin {one.id} was {word}: {one.code}. {one.reason}"
            yield Finding("K01", "error", cause, fix, told)
        elif one.state == "ready" and one.code is not None:
            cause = f"The plugin {one.id}: {one.code}. {one.reason}"
            yield Finding("K01", "warn", cause, fix, told)
    cause = f"{len(ready)} plugins are ready: {', '.join(sorted(ready))}."
    yield Finding("K01", "ok", cause)


def models(asked: Question) -> Iterator[Finding]:
    """K03: each model has a provider that somebody declares; no app is without one."""
    configuration, lost = asked.snapshot.configuration, 0
    for app, stored in configuration.models.items():
        if app in orphans(configuration):
            continue
        names = {one.provider for one in stored} - {LOCAL, *configuration.providers}
        for name in sorted(names):
            lost += 1
            keys = [one.key for one in stored if one.provider == name]
            cause = f"{len(keys)} models of {app} need the provider {name}: nobody’s."
            fix = f"install a plugin with the provider {name}, then lumiku migrate"
            yield Finding("K03", "error", cause, fix, {"models": keys})
    if not lost:
        yield Finding("K03", "ok", "Every model's provider is declared.")


def routes(asked: Question) -> Iterator[Finding]:
    """K05: no two workers, routes or pages of a plugin answer at one address."""
    count, clashes = 0, 0
    for one in asked.snapshot.configuration.plugins.values():
        routes_ = one.declaration.get("routes", ())
        count += len(routes_)
        posts = {r["path"] for r in routes_ if r["method"] == "POST"}
        hidden = posts & {f"/{w['name']}" for w in one.declaration.get("workers", ())}
        for path in sorted(hidden):
            clashes += 1
            cause = f"The route POST {path} of {one.id} hides its worker."
            yield Finding("K05", "error", cause, f"pip install --upgrade {one.dist}")
    if not clashes:
        yield Finding("K05", "ok", f"{count} routes, each below its plugin's address.")


def looks(asked: Question) -> Iterator[Finding]:
    """K06: icons and colours are those there are."""
    wrong = 0
    for one in asked.snapshot.configuration.plugins.values():
        icon, colour = one.declaration.get("icon"), one.declaration.get("color")
        for kind, name, known in (("icon", icon, ICONS), ("colour", colour, COLOURS)):
            if one.is_app and name and name not in known:
                wrong += 1
                cause = f"{one.id} wants the {kind} “{name}”, which there is not."
                fix = f"choose one of {', '.join(sorted(known))}"
                yield Finding("K06", "warn", cause, fix)
    if not wrong:
        yield Finding("K06", "ok", "Every app's icon and colour are known.")


def stored(asked: Question) -> Iterator[Finding]:
    """S01: the models declared are those stored."""
    configuration, wrong = asked.snapshot.configuration, 0
    for one in configuration.plugins.values():
        there = {model.id for model in configuration.models.get(one.id, ())}
        lacking = [said["id"] for said in one.declared if said["id"] not in there]
        if one.state == "ready" and lacking:
            wrong += 1
            declared = len(one.declared)
            found = declared - len(lacking)
            cause = f"{one.id} declares {declared} models; {found} are stored."
            told = {"declared": declared, "stored": found}
            yield Finding("S01", "error", cause, "lumiku seed", told)
    for plugin, keys in orphans(configuration).items():
        cause = f"{len(keys)} models of {plugin} are kept; it is not installed."
        yield Finding("S01", "ok", cause, evidence={"models": keys})
    if not wrong:
        counts = census(asked.snapshot).document()
        words = ", ".join(f"{number} {name}" for name, number in counts.items())
        cause = f"The models declared are those stored: {words}."
        yield Finding("S01", "ok", cause, evidence=counts)


def seeds(asked: Question) -> Iterator[Finding]:
    """S02: every plugin's seeds are planted, and their rows are there."""
    plugins, wrong = asked.snapshot.configuration.plugins.values(), 0
    for one in plugins:
        if one.code == "SEED_FAILED":
            wrong += 1
            cause = f"The seeds of {one.id} could not be planted: {one.reason}"
            yield Finding("S02", "error", cause, "lumiku seed", {"plugin": one.id})
        elif one.state == "ready":
            for table, declared, found in _counted(asked, one):
                if found < declared:
                    wrong += 1
                    cause = (
                        f"{one.id} needs {declared} rows of {table}; {found} are there."
                    )
                    told = {"plugin": one.id, "declared": declared, "stored": found}
                    yield Finding("S02", "error", cause, "lumiku seed", told)
    if not wrong:
        yield Finding("S02", "ok", "All seeds are planted.")


def _counted(asked: Question, one: PluginFact) -> Iterator[tuple[str, int, int]]:
    """Of each table with seeds: its name, the rows declared, and those there."""
    declared: Counter[str] = Counter()
    for said in one.declaration.get("seeds", ()):
        declared[resolve(said["table"]).__tablename__] += len(said["rows"])
    with asked.store.read() as session:
        for name, count in declared.items():
            asks = select(func.count()).select_from(table(name))
            yield name, count, session.execute(asks).scalar_one()


def seen(asked: Question) -> Iterator[Finding]:
    """V01, K04: who sees which app, and what hides it; models that nobody can use."""
    free = evaluate(asked.snapshot, Viewer("usr_", Tier.FREE))
    best = evaluate(asked.snapshot, Viewer("usr_", Tier.ENTERPRISE))
    plugins = asked.snapshot.configuration.plugins
    for app, verdict in best.items():
        if plugins[app].state == "left-out":
            yield Finding("V01", "ok", f"{app} is left out: {plugins[app].reason}")
        elif is_given_up(asked, plugins[app]):
            yield Finding("V01", "ok", f"{app} was switched off, and is gone.")
        elif not verdict.visible:
            level = "warn" if verdict.blocking[0].code == "FLAG_OFF" else "error"
            word = _switched(asked, verdict)
            yield _hidden("V01", level, f"{app} is seen by nobody", verdict, word)
        elif free[app].visible:
            yield Finding("V01", "ok", f"{app} is seen by every tier.")
        else:
            yield _hidden(
                "K04", "warn", f"{app} is hidden from the tier free", free[app]
            )
        if verdict.visible:
            yield from _dead(app, verdict)
    if asked.wish.viewer is not None:
        yield from _seen_by(asked, asked.wish.viewer)


def _seen_by(asked: Question, viewer: Viewer) -> Iterator[Finding]:
    plugins = asked.snapshot.configuration.plugins
    for app, verdict in evaluate(asked.snapshot, viewer).items():
        if plugins[app].state == "left-out":
            continue
        if verdict.visible:
            yield Finding("V01", "ok", f"{app} is seen by {viewer.id}.")
        else:
            word = _switched(asked, verdict)
            said = f"{app} is hidden from {viewer.id}"
            yield _hidden("V01", "warn", said, verdict, word)


def _switched(asked: Question, verdict: Verdict) -> str:
    with asked.store.read() as session:
        told = switched(session, verdict)
    return f" {told}" if told else ""


def _hidden(
    check: str, level: str, what: str, verdict: Verdict, word: str = ""
) -> Finding:
    first = verdict.blocking[0]
    fix = first.fix.command if first.fix else f"lumiku why {verdict.app}"
    told = {"app": verdict.app, "gate": first.number, "code": first.code}
    cause = f"{what}: {first.code}. {first.detail}{word}"
    return Finding(check, level, cause, fix, told)


def _dead(app: str, verdict: Verdict) -> Iterator[Finding]:
    details = {one.gate.detail: one.gate for one in verdict.dead if one.gate}
    for detail, gate in details.items():
        same = [one for one in verdict.dead if one.gate and one.gate.detail == detail]
        share = f"{len(same)} of {len(verdict.models)} models of {app}"
        fix = gate.fix.command if gate.fix else f"lumiku why {app}"
        keys = {"models": [one.model.key for one in same]}
        if same[0] in verdict.broken:
            cause = f"{share} are usable by nobody: {detail}"
            yield Finding("K03", "error", cause, fix, keys)
        else:
            cause = f"{share} are not set up: {detail}"
            yield Finding("K03", "ok", cause, fix, keys)
