"""Is what is installed here what was recorded, migrated and agreed?"""

from collections import defaultdict
from collections.abc import Iterator

from lumiku_kernel.doctor.catalogue import is_given_up
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.plugins.admission import installed
from lumiku_kernel.store.migrate import pending, prefix_of, version_table
from lumiku_kernel.visibility.lock import differences
from lumiku_kernel.visibility.skew import together

RELOCK = "lumiku visibility lock"
MOST_NAMES = 6
"""Models that a sentence names; the evidence has all."""


def offered() -> dict[str, str]:
    """The version of the distribution that offers a plugin here, by plugin id."""
    return {
        point.name: (point.dist.version or "?") if point.dist else "?"
        for point in installed()
    }


def here(asked: Question) -> Iterator[Finding]:
    """K07: each plugin recorded, or named by the lock, is installed in its version."""
    known, there = asked.snapshot.configuration.plugins, offered()
    gone = {
        one.id: f"{one.dist}=={one.version}"
        for one in known.values()
        if one.id not in there and one.dist != "?" and not is_given_up(asked, one)
    }
    if asked.wish.lock is not None:
        named = asked.wish.lock.packages.items()
        gone |= {i: one for i, one in named if i not in there and i not in known}
    for ident, package in gone.items():
        told = {"code": "NOT_INSTALLED", "plugin": ident, "package": package}
        cause = f"The plugin {ident} was here as {package}; nothing here offers it."
        yield Finding("K07", "error", cause, f"pip install {package}", told)
    wrong = len(gone)
    for ident, version in there.items():
        one = known.get(ident)
        if one is None or (one.version != version and one.state != "left-out"):
            wrong += 1
            yield _otherwise(asked, ident, version)
    if not wrong:
        cause = f"What is installed is what was recorded: {len(there)} plugins."
        yield Finding("K07", "ok", cause)


def _otherwise(asked: Question, ident: str, version: str) -> Finding:
    """Of a plugin that is installed in another version than is recorded."""
    one = asked.snapshot.configuration.plugins.get(ident)
    told = {"plugin": ident, "installed": version}
    if one is None:
        cause = f"{ident} {version} is installed here; it was never recorded."
        return Finding("K07", "error", cause, "lumiku migrate", told)
    alive = asked.snapshot.presence.alive("worker")
    if any(p.plugins.get(ident) == one.version for p in alive):
        level = "warn" if together(one.version, version) else "error"
        holds = f"worker processes run {one.version}, which is in force"
        then = f"{version} takes effect when a worker process with {version} starts"
        cause = f"{ident} {version} is installed here; {holds}; {then}."
        return Finding("K07", level, cause, "lumiku work", told)
    cause = f"{ident} {version} is installed here; {one.version} was recorded."
    return Finding("K07", "error", cause, "lumiku migrate", told)


def revisions(asked: Question) -> Iterator[Finding]:
    """D02: each ready plugin's own revisions are applied."""
    there, wrong = offered(), 0
    for one in asked.snapshot.configuration.plugins.values():
        tables = one.declaration.get("tables")
        if one.state != "ready" or not tables or one.id not in there:
            continue
        try:
            lacking = pending(asked.store, tables, version_table(one.id))
        except Exception as error:  # a stranger's migrations
            lacking, said = ["?"], f"{type(error).__name__}: {error}"
            cause = f"The revisions of {one.id} cannot be read: {said}"
        else:
            names = ", ".join(reversed(lacking))
            cause = f"Tables of {one.id} ({prefix_of(one.id)}…) lack revisions {names}."
        if lacking:
            wrong += 1
            told = {"plugin": one.id, "lacking": lacking}
            yield Finding("D02", "error", cause, "lumiku migrate", told)
    if not wrong:
        yield Finding("D02", "ok", "The plugins' tables are up to date.")


def agreed(asked: Question) -> Iterator[Finding]:
    """V03: tiers can use what the lock says, no more and no less."""
    if asked.wish.lock is None:
        return
    alike: dict[tuple[str, str, str, bool], list[tuple[str, str]]] = defaultdict(list)
    for one in differences(asked.wish.lock.agreed, asked.snapshot):
        row = one.row()
        alike[one.app, row["cause"], row["fix"], one.usable].append(
            (one.tier, one.model)
        )
    for (app, why, fix, usable), places in alike.items():
        models = sorted({model for _, model in places})
        tiers = dict.fromkeys(tier for tier, _ in places)
        cause = _differs(models, list(tiers), why, usable=usable)
        told = {"app": app, "models": models, "tiers": list(tiers)}
        undo = f"lumiku models set {models[0]} --disable --reason 'not agreed'"
        if not usable:
            undo = fix if fix != RELOCK else _reinstalled(asked, app)
        both = f"meant: {RELOCK}; not meant: {undo}"
        yield Finding("V03", "error", cause, both, told)
    if not alike:
        yield Finding("V03", "ok", "Each tier can use what the lock says.")


def _differs(models: list[str], tiers: list[str], why: str, *, usable: bool) -> str:
    """A sentence on models that appeared for tiers, or that have vanished from them."""
    names = ", ".join(models[:MOST_NAMES])
    if len(models) > MOST_NAMES:
        names += f" and {len(models) - MOST_NAMES} more"
    one = len(models) == 1
    whom = f"the tier {tiers[0]}" if len(tiers) == 1 else f"tiers {', '.join(tiers)}"
    if usable:
        there = "is" if one else "are"
        return f"{names} {there} usable by {whom}, and not in the lock."
    has, it = ("has", "it") if one else ("have", "them")
    return f"{names} {has} vanished for {whom}, though the lock names {it}: {why}"


def _reinstalled(asked: Question, app: str) -> str:
    """How a model comes back that no installed package declares."""
    lock, there = asked.wish.lock, asked.snapshot.configuration.plugins.get(app)
    package = lock.packages.get(app) if lock is not None else None
    here = f"{there.dist}=={there.version}" if there is not None else None
    if package is None or package == here:
        return f"install the release of {app} that declares it, then lumiku migrate"
    return f"pip install {package}, then lumiku migrate"
