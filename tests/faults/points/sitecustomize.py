"""Lets processes of a run fail at named places; the product itself knows none of it.

It is on the path of the tests' processes alone. FAULT_POINTS names a folder: there,
`armed` says which point fails how and at which hit, of all processes together.
"""

import fcntl
import functools
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from fault_points import POINTS  # type: ignore[import-not-found]

FOLDER = Path(os.environ["FAULT_POINTS"]) if "FAULT_POINTS" in os.environ else None


class Failed(RuntimeError):
    """A failure that was asked for."""


def reached(folder: Path, name: str) -> None:
    """Fail, if that is what is armed here and this is the hit."""
    try:
        armed = json.loads((folder / "armed").read_text())
    except (OSError, ValueError):
        return
    if armed["point"] != name:
        return
    with (folder / f"hits-{armed['case']}").open("a") as hits:
        fcntl.flock(hits, fcntl.LOCK_EX)
        hits.write("x")
        hits.flush()
        count = hits.tell()
    if count != armed["hit"]:
        return
    if armed["action"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif armed["action"] == "hang":
        time.sleep(armed["seconds"])
    else:
        raise Failed(name)


def wrapped(folder: Path, name: str, when: str, call: Callable[..., Any]) -> Any:
    """The function, with the point before or after it."""

    @functools.wraps(call)
    def calling(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            reached(folder, name)
        result = call(*args, **kwargs)
        if when == "after" or (when == "after-some" and result):
            reached(folder, name)
        return result

    return calling


def patch(folder: Path, module: ModuleType) -> None:
    """Wrap all points of a module; one that is not there is told."""
    for name, (where, when) in POINTS.items():
        place, _, path = where.partition(":")
        if place != module.__name__:
            continue
        *owners, last = path.split(".")
        try:
            owner = functools.reduce(getattr, owners, module)
            setattr(owner, last, wrapped(folder, name, when, getattr(owner, last)))
        except AttributeError as error:
            (folder / f"missing-{name}").write_text(str(error))


class Finder(importlib.abc.MetaPathFinder):
    """Patches modules as they are imported."""

    def __init__(self, folder: Path) -> None:
        """For the modules that have points."""
        self._folder = folder
        self._wanted = {where.partition(":")[0] for where, _ in POINTS.values()}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """The module as it would be found, patched once it has run."""
        if fullname not in self._wanted:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            patch(self._folder, module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if FOLDER is not None:
    sys.meta_path.insert(0, Finder(FOLDER))
