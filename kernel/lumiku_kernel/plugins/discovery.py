"""Entry points to plugins, one at a time, and why others were rejected."""

import sys
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points, version
from types import ModuleType

import pluggy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lumiku_contracts import ENTRY_POINTS, DeclarationError, Plugin, hooks
from lumiku_kernel.plugins.validate import validate

CONTRACTS = "lumiku-contracts"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin as this process found it.

    `state` is `ready`, `rejected` or `left-out`; `code` and `reason` say why it is not
    ready; `plugin` is there when the declaration could be read.
    """

    id: str
    dist: str
    version: str
    state: str = "ready"
    code: str | None = None
    reason: str | None = None
    plugin: Plugin | None = None

    def rejected(self, code: str, reason: str) -> "Loaded":
        """The same plugin, refused."""
        return replace(self, state="rejected", code=code, reason=reason)


def discover(
    only: frozenset[str] | None = None, points: Iterable[EntryPoint] | None = None
) -> tuple[Loaded, ...]:
    """Every plugin found, in the order of ids; `only` names those to load.

    What can be known from metadata is checked before anything is imported, and
    whatever a plugin raises stays its own.
    """
    found = list(entry_points(group=ENTRY_POINTS) if points is None else points)
    claims = Counter(point.name for point in found)
    seen: dict[str, Loaded] = {}
    for point in sorted(found, key=lambda point: point.name):
        loaded = _named(point)
        if claims[point.name] > 1:
            dists = sorted({_named(p).dist for p in found if p.name == point.name})
            seen[point.name] = loaded.rejected(
                "CONFLICT", f"{' and '.join(dists)} both claim the id “{point.name}”."
            )
        elif only is not None and point.name not in only:
            reason = "The setting LUMIKU_PLUGINS does not name it."
            seen[point.name] = replace(
                loaded, state="left-out", code="NOT_IN_ALLOWLIST", reason=reason
            )
        else:
            seen[point.name] = _load(point, loaded)
    return tuple(seen.values())


def _named(point: EntryPoint) -> Loaded:
    dist = point.dist
    if dist is None:
        return Loaded(point.name, "?", "?")
    # Metadata may lack either, whatever the types say.
    return Loaded(point.name, dist.name or "?", dist.version or "?")


def _load(point: EntryPoint, loaded: Loaded) -> Loaded:
    try:
        Version(loaded.version)
        reason = _incompatible(point)
    except (InvalidRequirement, InvalidVersion) as error:
        return loaded.rejected("MANIFEST_INVALID", f"Its metadata says: {error}")
    if reason is not None:
        return loaded.rejected("CONTRACT_RANGE", reason)
    try:
        module = point.load()
        plugin = _declared(module)
    except KeyboardInterrupt:
        raise
    except DeclarationError as error:
        return loaded.rejected("MANIFEST_INVALID", _where(error, point))
    except BaseException as error:
        return loaded.rejected("IMPORT_ERROR", _where(error, point))
    problem = validate(plugin, point.name)
    if problem is not None:
        return loaded.rejected("MANIFEST_INVALID", problem)
    return replace(loaded, plugin=plugin)


def _declared(module: ModuleType) -> Plugin:
    manager = pluggy.PluginManager("lumiku")
    manager.add_hookspecs(hooks)
    manager.register(module)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise DeclarationError(module.__name__, str(error)) from error
    plugin = manager.hook.lumiku_plugin()
    if not isinstance(plugin, Plugin):
        problem = (
            "needs a function lumiku_plugin(), marked @hookimpl, that returns a Plugin"
        )
        raise DeclarationError(module.__name__, problem)
    return plugin


def _incompatible(point: EntryPoint) -> str | None:
    here = version(CONTRACTS)
    for line in (point.dist.requires or []) if point.dist else []:
        need = Requirement(line)
        if canonicalize_name(need.name) != CONTRACTS:
            continue
        if need.specifier.contains(here, prereleases=True):
            return None
        return f"It needs {CONTRACTS}{need.specifier}; here is {here}."
    return f"Its distribution does not require {CONTRACTS}."


def _where(error: BaseException, point: EntryPoint) -> str:
    """The exception in a line, with the last frame in the plugin's own files."""
    said = f"{type(error).__name__}: {error}"
    root = point.value.split(":")[0].split(".")[0]
    spec = sys.modules.get(root)
    home = getattr(spec, "__file__", None) or f"/{root}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f"/{root}" in f.filename or f.filename == home]
    if not own:
        return said
    return f"{said} ({own[-1].filename}:{own[-1].lineno})"
