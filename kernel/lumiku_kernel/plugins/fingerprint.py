"""Which files a plugin is made of, as one short word: it changes when they do."""

import hashlib
import json
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

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
