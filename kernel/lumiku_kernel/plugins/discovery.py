"""Imports admitted plugins, one at a time; what one raises stays its own."""

import inspect
import sys
import traceback
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pluggy

from lumiku_contracts import DeclarationError, Plugin, hooks
from lumiku_kernel.plugins.admission import Loaded, Policy, admit, installed
from lumiku_kernel.plugins.fingerprint import fingerprint
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
    found = installed() if points is None else points
    admitted = [_marked(*one) for one in admit(found, word or Policy())]
    ready = [point for point, loaded in admitted if loaded.state == "ready"]
    prints = {one.id: one.fingerprint for _, one in admitted}
    failed = trial.run(ready, prints) if trial is not None else {}
    return tuple(
        loaded.rejected(*failed[loaded.id])
        if loaded.id in failed and loaded.state == "ready"
        else load_one(point, loaded)
        for point, loaded in admitted
    )


def _marked(point: EntryPoint, loaded: Loaded) -> tuple[EntryPoint, Loaded]:
    """The plugin with its fingerprint, or refused if there is none to be had."""
    if loaded.state != "ready":
        return point, loaded
    try:
        return point, replace(loaded, fingerprint=fingerprint(point))
    except Exception as error:
        return point, loaded.rejected("METADATA_UNREADABLE", said(error))


def load_one(point: EntryPoint, loaded: Loaded) -> Loaded:
    """Import an admitted plugin and read its declaration, or say what is wrong."""
    if loaded.state != "ready":
        return loaded
    try:
        plugin, hook = _declared(point.load())
        problem = validate(plugin, point.name, point.module)
    except KeyboardInterrupt:
        raise
    except DeclarationError as error:
        return loaded.rejected("MANIFEST_INVALID", _where(error, point))
    except BaseException as error:
        return loaded.rejected("IMPORT_ERROR", _where(error, point))
    if problem is not None:
        return loaded.rejected("MANIFEST_INVALID", problem)
    return replace(loaded, plugin=plugin, hooks=hook)


def _declared(module: ModuleType) -> tuple[Plugin, Any]:
    manager = pluggy.PluginManager("lumiku")
    manager.add_hookspecs(hooks)
    try:
        manager.register(module)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise DeclarationError(module.__name__, str(error)) from error
    for name, caller in vars(manager.hook).items():
        for one in caller.get_hookimpls():
            if inspect.iscoroutinefunction(one.function):
                problem = f"{name}: write `def`, not `async def`."
                raise DeclarationError(module.__name__, problem)
    plugin = manager.hook.lumiku_plugin()
    if not isinstance(plugin, Plugin):
        problem = (
            "needs a function lumiku_plugin(), marked @hookimpl, that returns a Plugin"
        )
        raise DeclarationError(module.__name__, problem)
    return plugin, manager.hook


def said(error: BaseException) -> str:
    """An exception in a line, even one that cannot be printed."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _where(error: BaseException, point: EntryPoint) -> str:
    """The exception in a line, with the last frame in the plugin's own files."""
    root = point.value.split(":")[0].split(".")[0]
    spec = sys.modules.get(root)
    home = getattr(spec, "__file__", None) or f"/{root}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f"/{root}" in f.filename or f.filename == home]
    if not own:
        return said(error)
    return f"{said(error)} ({own[-1].filename}:{own[-1].lineno})"
