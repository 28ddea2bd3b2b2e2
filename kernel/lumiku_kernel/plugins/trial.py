"""Imports plugins that are new to this machine in a child process first.

A plugin that ends, hangs, or eats the process that imports it is found out there, and
remembered by what its files were, so that it is tried again only when they change.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

SECONDS = 10.0
"""How long one plugin's import may take."""
MOST_MEMORY = 4 * 1024**3
"""Bytes of address space that the child may use beyond what it has at its start."""

Failure = tuple[str, str]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Trial:
    """What is known of plugins' imports, kept in the file `memory`."""

    memory: Path
    seconds: float = SECONDS
    _known: dict[str, Failure | None] = field(default_factory=dict)

    def run(self, points: Sequence[EntryPoint]) -> dict[str, Failure]:
        """`(code, reason)` of each plugin that did not survive its import."""
        self._known = self._read()
        prints = {point.name: fingerprint(point) for point in points}
        unknown = [point for point in points if prints[point.name] not in self._known]
        for ident, failure in self._try(unknown):
            self._known[prints[ident]] = failure
        if unknown:
            self._write()
        return {
            ident: failure
            for ident, print_ in prints.items()
            if (failure := self._known.get(print_)) is not None
        }

    def _try(
        self, points: Sequence[EntryPoint]
    ) -> Iterator[tuple[str, Failure | None]]:
        """Import all in one child; after a death, go on in another with the rest."""
        left = list(points)
        while left:
            for ident, failure in _child(left, self.seconds):
                left = [point for point in left if point.name != ident]
                if failure is not None:
                    log.warning("plugin %s failed its trial: %s", ident, failure[1])
                yield ident, failure

    def _read(self) -> dict[str, Failure | None]:
        try:
            found = json.loads(self.memory.read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            log.warning("%s is not readable; plugins are tried again", self.memory)
            return {}
        return {
            key: None if one is None else (one[0], one[1]) for key, one in found.items()
        }

    def _write(self) -> None:
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.memory.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(self._known))
        fresh.replace(self.memory)


def fingerprint(point: EntryPoint) -> str:
    """A hash of what would be imported: the record of its files, or their stamps."""
    dist = point.dist
    parts = [point.name, point.value, sys.version]
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


def _child(
    points: Sequence[EntryPoint], seconds: float
) -> Iterator[tuple[str, Failure | None]]:
    """What one child tells, and the blame of the plugin it died of."""
    reading, writing = os.pipe()
    wanted = [[point.name, point.value] for point in points]
    process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "lumiku_kernel.plugins.trying", str(writing)],
        pass_fds=(writing,),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    os.close(writing)
    try:
        if process.stdin is None:
            raise RuntimeError("the trial has no standard input")
        process.stdin.write(json.dumps([MOST_MEMORY, wanted]).encode())
        process.stdin.close()
        yield from _listen(process, reading, points[0].name, seconds)
    finally:
        os.close(reading)
        process.kill()
        process.wait()


def _listen(
    process: subprocess.Popen[bytes], reading: int, first: str, seconds: float
) -> Iterator[tuple[str, Failure | None]]:
    os.set_blocking(reading, False)
    current, text = first, b""
    until = time.monotonic() + seconds * 2  # the interpreter starts as well
    while True:
        try:
            fresh = os.read(reading, 65536)
        except BlockingIOError:
            if time.monotonic() > until:
                reason = f"Its import took more than {seconds:.0f} s."
                yield current, ("IMPORT_TIMEOUT", reason)
                return
            time.sleep(0.005)
            continue
        if not fresh:
            break
        *lines, text = (text + fresh).split(b"\n")
        for line in lines:
            said = json.loads(line)
            until = time.monotonic() + seconds
            if "begin" in said:
                current = said["begin"]
            elif "end" in said:
                current = ""
                yield (
                    said["end"],
                    None if said["code"] is None else (said["code"], said["reason"]),
                )
            else:
                return
    status = process.wait()
    how = f"signal {-status}" if status < 0 else f"status {status}"
    yield current or first, ("IMPORT_CRASH", f"Its import ended the process ({how}).")
