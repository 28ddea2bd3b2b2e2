"""The child of `plugins.trial`: imports plugins that are new to this machine."""

import json
import os
import resource
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from lumiku_contracts import ENTRY_POINTS, Plugin
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.context import resolve
from lumiku_kernel.plugins.discovery import load_one, said
from lumiku_kernel.plugins.sentinels import look, replaced

_dumps, _write = json.dumps, os.write  # as they are before any plugin is imported


def main() -> None:
    """Import what standard input names; tell of each before and after."""
    pipe = int(sys.argv[1])
    memory, wanted = json.load(sys.stdin)
    _limit(memory)
    for ident, value in wanted:
        _tell(pipe, {"begin": ident})
        point = EntryPoint(ident, value, ENTRY_POINTS)
        loaded = tried(point, Loaded(ident, "?", "0"))
        _tell(pipe, {"end": ident, "code": loaded.code, "reason": loaded.reason})
    _tell(pipe, {"done": True})
    os._exit(0)  # threads that a plugin may have started do not keep us


def tried(point: EntryPoint, loaded: Loaded) -> Loaded:
    """Import a plugin and all that it names; refuse it for what it has replaced."""
    before = look()
    loaded = load_one(point, loaded)
    if loaded.plugin is not None:
        root = point.module.partition(".")[0]
        problem = next(_unresolved(loaded.plugin, root), None)
        if problem is not None:
            loaded = loaded.rejected("MANIFEST_INVALID", problem)
    changed = replaced(before)
    if changed:
        reason = f"Its import replaces {', '.join(changed)}, which everybody uses."
        return loaded.rejected("MONKEY_PATCH", reason)
    return loaded


def _unresolved(plugin: Plugin, root: str) -> Iterator[str]:
    """What is wrong with each `module:name` that the server never imports."""
    for where, dotted in dotted_names(plugin):
        try:
            found = resolve(dotted)
        except KeyboardInterrupt:
            raise
        except ModuleNotFoundError as error:
            # What is not the plugin's own may be installed where its jobs run only,
            # and a provider that is not there is for gate 12 to tell.
            absent = dotted.startswith(f"{error.name}:") and where.startswith(
                "Provider"
            )
            if (error.name or root).partition(".")[0] == root and not absent:
                yield f"{where}: “{dotted}” cannot be resolved: {said(error)}"
        except BaseException as error:
            yield f"{where}: “{dotted}” cannot be resolved: {said(error)}"
        else:
            if not callable(found):
                yield f"{where}: “{dotted}” is no function."


def dotted_names(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """Where a declaration names a function without importing it, and its name."""
    yield from ((f"Worker {one.name}.run", one.run) for one in plugin.workers)
    yield from ((f"Provider {one.name}.open", one.open) for one in plugin.providers)
    for one in plugin.resources:
        yield f"Resource {one.kind}.get", one.get
        yield f"Resource {one.kind}.list", one.list
    yield from ((f"Health {one.name}.check", one.check) for one in plugin.health)


def _limit(memory: int) -> None:
    """Bound the address space to what is used now and `memory` bytes more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _tell(pipe: int, message: dict[str, Any]) -> None:
    _write(pipe, _dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
