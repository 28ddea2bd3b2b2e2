"""Imports plugins that are new to this machine in a child process first.

A plugin that ends, hangs, or eats the process that imports it is found out there, and
remembered by what its files were, so that it is tried again only when they change.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path

SECONDS = 10.0
"""How long one plugin's import may take."""
START_SECONDS = 60.0
"""How long the child may take before the first import; that is our own time."""
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

    def run(
        self, points: Sequence[EntryPoint], prints: Mapping[str, str]
    ) -> dict[str, Failure]:
        """`(code, reason)` of each plugin that did not survive its import.

        `prints` are the fingerprints, by id.
        """
        self._known = self._read()
        prints = {point.name: prints[point.name] for point in points}
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
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    os.close(writing)
    try:
        if process.stdin is None:
            raise RuntimeError("the trial has no standard input")
        process.stdin.write(json.dumps([MOST_MEMORY, wanted]).encode())
        process.stdin.close()
        yield from _listen(process, reading, seconds)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):  # what it has started goes with it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _listen(
    process: subprocess.Popen[bytes], reading: int, seconds: float
) -> Iterator[tuple[str, Failure | None]]:
    os.set_blocking(reading, False)
    current, text = "", b""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            fresh = os.read(reading, 65536)
        except BlockingIOError:
            if time.monotonic() > until:
                if not current:
                    raise RuntimeError("the trial of plugins did not begin") from None
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
                # It stays the one to blame: a thread of its may end the process yet.
                yield (
                    said["end"],
                    None if said["code"] is None else (said["code"], said["reason"]),
                )
            else:
                return
    status = process.wait()
    how = f"signal {-status}" if status < 0 else f"status {status}"
    if not current:
        raise RuntimeError(f"the trial of plugins ended by itself ({how})")
    yield current, ("IMPORT_CRASH", f"Its import ended the process ({how}).")
