"""Which of the plugins found may be imported: decided from metadata alone.

This is the one place where an operator's word on plugins is heard before any of their
code runs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import Distribution, EntryPoint, distributions, version
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lumiku_contracts import ENTRY_POINTS, Plugin
from lumiku_contracts.words import PLUGIN_ID, RESERVED
from lumiku_kernel.settings import Settings

CONTRACTS = "lumiku-contracts"
UNREADABLE = "unreadable"
"""The group of entry points that stand for metadata which cannot be read."""
LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin as this process found it.

    `state` is `ready`, `rejected` or `left-out`; `code` and `reason` say why it is not
    ready; `plugin` is there when the declaration could be read, `hooks` (pluggy's)
    then too. `fingerprint` says which files it was made of.
    """

    id: str
    dist: str
    version: str
    state: str = "ready"
    code: str | None = None
    reason: str | None = None
    plugin: Plugin | None = None
    module: str = ""
    fingerprint: str = ""
    hooks: Any = field(default=None, compare=False)

    def rejected(self, code: str, reason: str) -> "Loaded":
        """The same plugin, refused."""
        return replace(self, state="rejected", code=code, reason=reason)

    def left_out(self, code: str, reason: str) -> "Loaded":
        """The same plugin, left out by the operator."""
        return replace(self, state="left-out", code=code, reason=reason)


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's word: `only` these (None: all), never `denied` ones.

    Those that are `off` are not even imported, so that a plugin which harms its
    process can be got rid of. `pins` give an id to one of several distributions that
    claim it. In `safe` mode only pinned plugins are loaded.
    """

    only: frozenset[str] | None = None
    off: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    pins: Mapping[str, str] = field(default_factory=dict)
    safe: bool = False


def policy(settings: Settings, off: Iterable[str] = ()) -> Policy:
    """What the settings say of plugins; `off` are those switched off."""
    return Policy(
        None if settings.plugins is None else _names(settings.plugins),
        frozenset(off),
        _names(settings.plugins_denied),
        dict(settings.pins),
        settings.safe_mode,
    )


def _names(text: str) -> frozenset[str]:
    names = (name.strip() for name in text.split(","))
    return frozenset(canonicalize_name(name) for name in names if name)


def installed(
    found: Iterable[Distribution] | None = None,
) -> Iterator[EntryPoint]:
    """Every entry point that claims to be a plugin.

    A distribution whose metadata nobody can read is told as a plugin that is none.
    """
    seen: set[str] = set()
    for dist in distributions() if found is None else found:
        place = str(getattr(dist, "_path", dist))
        points: list[EntryPoint] = []
        try:
            points = [one for one in dist.entry_points if one.group == ENTRY_POINTS]
            name = canonicalize_name(dist.name or place)
        except Exception as error:
            if not points:
                continue  # whatever it is, it says nothing of us
            unread = f"{place}: {type(error).__name__}: {error}"
            yield EntryPoint(place.rpartition("/")[2], unread, UNREADABLE)
            continue
        if name not in seen:  # a later one of the same name is hidden by the first
            yield from points
        seen.add(name)


def admit(
    points: Iterable[EntryPoint], word: Policy
) -> list[tuple[EntryPoint, Loaded]]:
    """Each plugin found, by id; only those still `ready` may be imported."""
    claims: dict[str, list[EntryPoint]] = {}
    for point in points:
        claims.setdefault(point.name, []).append(point)
    return [_judge(claims[ident], word) for ident in sorted(claims)]


def _judge(points: list[EntryPoint], word: Policy) -> tuple[EntryPoint, Loaded]:
    ident = points[0].name
    if points[0].group == UNREADABLE:
        unread = Loaded(ident, ident, "?")
        return points[0], unread.rejected("METADATA_UNREADABLE", points[0].value)
    pinned = word.pins.get(ident)
    if pinned is not None:
        wanted = canonicalize_name(pinned)
        points = [p for p in points if canonicalize_name(named(p).dist) == wanted]
        if not points:
            gone = Loaded(ident, pinned, "?")
            reason = f"The pinned distribution {pinned} is not installed."
            nobody = EntryPoint(ident, "", "")
            return nobody, gone.rejected("NOT_INSTALLED", reason)
    point, loaded = points[0], named(points[0])
    if len(points) > 1:
        dists = sorted({named(one).dist for one in points})
        reason = f"{' and '.join(dists)} both claim the id “{ident}”."
        return point, loaded.rejected("CONFLICT", reason)
    out = _left_out(loaded, word, pinned=pinned is not None)
    return point, out or _compatible(point, loaded)


def _left_out(loaded: Loaded, word: Policy, *, pinned: bool) -> Loaded | None:
    """The plugin as the operator leaves it out, or None."""
    names = {canonicalize_name(loaded.id), canonicalize_name(loaded.dist)}
    if names & word.denied:
        reason = "The setting LUMIKU_PLUGINS_DENIED names it."
        return loaded.left_out("DENIED", reason)
    if word.only is not None and not names & word.only:
        reason = "The setting LUMIKU_PLUGINS does not name it."
        return loaded.left_out("NOT_IN_ALLOWLIST", reason)
    if loaded.id in word.off:
        reason = "It was off when this process started, and so was not loaded."
        return loaded.left_out("DISABLED", reason)
    if word.safe and not pinned:
        reason = "In safe mode only pinned plugins are loaded."
        return loaded.left_out("SAFE_MODE", reason)
    return None


def named(point: EntryPoint) -> Loaded:
    """The plugin that an entry point claims to be."""
    dist = point.dist
    if dist is None:
        return Loaded(point.name, "?", "?")
    # Metadata may lack either, whatever the types say.
    return Loaded(
        point.name,
        dist.name or "?",
        dist.version or "?",
        module=point.value.partition(":")[0].strip(),
    )


def _compatible(point: EntryPoint, loaded: Loaded) -> Loaded:
    if loaded.id in RESERVED:
        reason = f"The id “{loaded.id}” is reserved."
        return loaded.rejected("MANIFEST_INVALID", reason)
    if len(loaded.id) > LONGEST_ID or not re.fullmatch(PLUGIN_ID, loaded.id):
        reason = f"“{loaded.id}” is no id: it is to match {PLUGIN_ID}."
        return loaded.rejected("MANIFEST_INVALID", reason)
    if not EntryPoint.pattern.fullmatch(point.value):
        reason = f"Its entry point “{point.value}” names no module."
        return loaded.rejected("MANIFEST_INVALID", reason)
    try:
        Version(loaded.version)
        unmet = _out_of_range(point)
    except (InvalidRequirement, InvalidVersion) as error:
        return loaded.rejected("MANIFEST_INVALID", f"Its metadata says: {error}")
    return loaded if unmet is None else loaded.rejected("CONTRACT_RANGE", unmet)


def _out_of_range(point: EntryPoint) -> str | None:
    here = version(CONTRACTS)
    for line in (point.dist.requires or []) if point.dist else []:
        need = Requirement(line)
        if canonicalize_name(need.name) != CONTRACTS:
            continue
        if need.specifier.contains(here, prereleases=True):
            return None
        return f"It needs {CONTRACTS}{need.specifier}; here is {here}."
    return f"Its distribution does not require {CONTRACTS}."
