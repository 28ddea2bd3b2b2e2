"""Which files a plugin is made of, as one short word: it changes when they do."""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from lumiku_kernel.plugins.admission import installed

RULES = "2"
"""Raised when a trial looks for more than before, so that all are tried again."""


def fingerprint(point: EntryPoint) -> str:
    """A hash of what would be imported: the record of its files, or their stamps."""
    dist = point.dist
    parts = [RULES, point.name, point.value, sys.version]
    record = dist.read_text("RECORD") if dist is not None else None
    if dist is not None:
        parts += [dist.name or "", dist.version or "", record or ""]
    if not record or dist is None or _is_editable(dist.read_text("direct_url.json")):
        parts += _stamps(point.module)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def codes() -> Mapping[str, str]:
    """What the kernel's and each plugin's source files come to, by plugin id.

    It is read once a process: what is installed later is not what runs. The same files
    give the same word on any machine, wherever they lie.
    """
    # A point that names no module is refused where plugins are admitted.
    named = (one for one in installed() if EntryPoint.pattern.match(one.value))
    points = {point.name: point.module for point in named}
    return {
        name: _content(module.partition(".")[0])
        for name, module in {"kernel": "lumiku_kernel", **points}.items()
    }


def _content(package: str) -> str:
    digest = hashlib.sha256()
    spec = find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(place).rglob("*.py")):
            digest.update(f"{file.relative_to(place).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    if spec and spec.origin and not spec.submodule_search_locations:
        digest.update(Path(spec.origin).read_bytes())
    return digest.hexdigest()[:12]


def _is_editable(direct_url: str | None) -> bool:
    if direct_url is None:
        return False
    said: Mapping[str, Mapping[str, bool]] = json.loads(direct_url)
    return bool(said.get("dir_info", {}).get("editable"))


def _stamps(module: str) -> list[str]:
    """Time and size of each source file of the module's top package."""
    spec = find_spec(module.partition(".")[0])
    if spec is None:
        return []
    folders = [Path(place) for place in spec.submodule_search_locations or ()]
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    if not folders and spec.origin:
        files = [Path(spec.origin)]
    return [
        f"{file}:{stat.st_mtime_ns}:{stat.st_size}"
        for file in files
        if (stat := file.stat())
    ]
