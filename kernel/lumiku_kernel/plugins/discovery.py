"""Imports admitted plugins, one at a time; what one raises stays its own."""

import sys
import traceback
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

import pluggy

from lumiku_contracts import ENTRY_POINTS, DeclarationError, Plugin, hooks
from lumiku_kernel.plugins.admission import Loaded, Policy, admit
from lumiku_kernel.plugins.trial import Trial
from lumiku_kernel.plugins.validate import validate


def discover(
    word: Policy | None = None,
    points: Iterable[EntryPoint] | None = None,
    trial: Trial | None = None,
) -> tuple[Loaded, ...]:
    """Every plugin found, in the order of ids.

    With a `trial`, what this machine has not seen before is imported in a child
    process first, and rejected here if it did not survive there.
    """
    found = entry_points(group=ENTRY_POINTS) if points is None else points
    admitted = admit(found, word or Policy())
    ready = [point for point, loaded in admitted if loaded.state == "ready"]
    failed = trial.run(ready) if trial is not None else {}
    return tuple(
        loaded.rejected(*failed[loaded.id])
        if loaded.id in failed and loaded.state == "ready"
        else load_one(point, loaded)
        for point, loaded in admitted
    )


def load_one(point: EntryPoint, loaded: Loaded) -> Loaded:
    """Import an admitted plugin and read its declaration, or say what is wrong."""
    if loaded.state != "ready":
        return loaded
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
