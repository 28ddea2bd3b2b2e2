"""Which files a plugin is made of, as one short word: it changes when they do."""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from lumiku_kernel.plugins.admission import installed

RULES = "2"
"""Raised when a trial looks for more than before, so that all are tried again."""
UNREAD = "unreadable: "
"""What stands before the reason, where a package's files cannot be read."""
log = logging.getLogger(__name__)


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
    """What the source files that are installed here come to, as `code_of` tells it."""
    # A point that names no module is refused where plugins are admitted.
    named = (one for one in installed() if EntryPoint.pattern.match(one.value))
    return code_of({point.name: point.module for point in named})


def code_of(modules: Mapping[str, str]) -> Mapping[str, str]:
    """What the kernel's and each plugin's source files come to, by plugin id.

    `modules` are the plugins' modules, by id. A process asks once, when it starts: what
    is installed later is not what runs. The same files give the same word on any
    machine, wherever they lie and whenever they were put there: so contents are looked
    at, not times. Of a package that cannot be read it is `UNREAD` with the reason.
    """
    return {
        name: _content(module.partition(".")[0])
        for name, module in {"kernel": "lumiku_kernel", **modules}.items()
    }


def _content(package: str) -> str:
    try:
        return _hashed(package)
    except (OSError, ImportError, ValueError) as error:
        log.warning("%s cannot be read: %s", package, error)
        return f"{UNREAD}{error}"


def _hashed(package: str) -> str:
    digest = hashlib.sha256()
    spec = find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for name in _sources(place):
            digest.update(f"{name}\0".encode())
            digest.update(Path(place, name).read_bytes())
    if spec and spec.origin and not spec.submodule_search_locations:
        digest.update(Path(spec.origin).read_bytes())
    return digest.hexdigest()[:12]


def _sources(place: str) -> list[str]:
    """The source files below a folder, as paths with slashes, folder by folder."""

    def found() -> Iterator[tuple[str, ...]]:
        for folder, _, names in os.walk(place, onerror=_refuse):
            inside = Path(folder).relative_to(place).parts
            yield from ((*inside, name) for name in names if name.endswith(".py"))

    return ["/".join(parts) for parts in sorted(found())]


def _refuse(error: OSError) -> None:
    raise error


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
