"""The limits that a child process puts upon itself before any stranger's code runs."""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

PDEATHSIG, NO_NEW_PRIVS = 1, 38
"""Of prctl(2)."""
FILES = 1024
ROOM, LEAST_ROOM = 4, 8 * 1024**3
"""Address space, as a multiple of the memory allowed, and at least so many bytes:
libraries map far more than they touch. What is touched is watched from outside."""
LARGEST_FILE = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of address space and of a file, seconds of a processor, open files."""

    space: int
    file: int
    seconds: int | None = None
    files: int = FILES


def of_runner(memory: int, database: Path | None) -> Limits:
    """A runner's, from the bytes it may touch; it writes to an SQLite file as well."""
    kept = database.stat().st_size if database and database.exists() else 0
    return Limits(max(ROOM * memory, LEAST_ROOM), max(4 * kept, LARGEST_FILE))


def confine(limits: Limits, parent: int) -> None:
    """Apply them to this process, and end it when the process `parent` ends."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        if prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0) or prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(0)  # it has ended before we could ask to be told
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, limits.files)
    _lower(resource.RLIMIT_FSIZE, limits.file)
    _lower(resource.RLIMIT_AS, limits.space)
    if limits.seconds is not None:
        # A second between the two: whoever waits is told by SIGXCPU what it died of.
        _lower(resource.RLIMIT_CPU, limits.seconds + 1)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (min(limits.seconds, hard), hard))


def _lower(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    new = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (new, new))
