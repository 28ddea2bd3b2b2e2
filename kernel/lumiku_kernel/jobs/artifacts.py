"""Keeps files under names the kernel makes: below a folder, or in a bucket."""

import errno
import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lumiku_kernel.errors import Problem

CHUNK = 256 * 1024
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Unkept(Problem):
    """A file that cannot be kept, or read, for the moment."""


class Shelf(Protocol):
    """Where finished files are; a file is nobody's until a row names its key."""

    @property
    def bench(self) -> Path:
        """The folder where runners put what they have just made."""
        ...

    def prepare(self) -> None:
        """Make what must be there."""
        ...

    def keep(self, made: Path, *, job_id: str, name: str, media_type: str) -> str:
        """Take a finished file away from the bench, durably; its key, or `Unkept`."""
        ...

    def place(self, made: Path, key: str) -> None:
        """Take a file under a key that it had before, durably, or `Unkept`."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`; `FileNotFoundError`, or `Unkept`."""
        ...

    def size(self, key: str) -> int | None:
        """How many bytes there are; None if there is no such file."""
        ...

    def remove(self, key: str) -> None:
        """Forget a file; one that is not there is no fault."""
        ...

    def older(self, before: float) -> Iterator[str]:
        """The keys of files last written before a moment."""
        ...


def key_of(job_id: str, name: str, media_type: str) -> str:
    """Where a file goes."""
    suffix = mimetypes.guess_extension(media_type) or ".bin"
    return f"{job_id[-2:]}/{job_id}/{name}{suffix}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of artifacts, and beside it the folder of what is being made."""

    root: Path

    @property
    def bench(self) -> Path:
        """Where runners put what they have just made."""
        return self.root.parent / "making"

    def prepare(self) -> None:
        """Make the folders."""
        for folder in (self.root, self.bench):
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, made: Path, *, job_id: str, name: str, media_type: str) -> str:
        """Move a finished file onto the shelf, durably; its key."""
        key = key_of(job_id, name, media_type)
        self.place(made, key)
        return key

    def place(self, made: Path, key: str) -> None:
        """Move a file under a key, durably."""
        target = self.path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.replace(target)
            for changed in (target.parent, target.parent.parent, self.root):
                _sync(changed)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise full(str(self.root)) from error

    def path(self, key: str) -> Path:
        """The file of a key; refuses one that leads out of the folder."""
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(key)
        return path

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`; it is opened at once."""
        file = self.path(key).open("rb")
        left = None if end is None else end - start

        def chunks() -> Iterator[bytes]:
            nonlocal left
            with file:
                file.seek(start)
                while left is None or left > 0:
                    part = file.read(CHUNK if left is None else min(CHUNK, left))
                    if not part:
                        return
                    left = None if left is None else left - len(part)
                    yield part

        return chunks()

    def size(self, key: str) -> int | None:
        """How many bytes there are; None if there is no such file."""
        path = self.path(key)
        return path.stat().st_size if path.is_file() else None

    def remove(self, key: str) -> None:
        """Forget a file, and its folder with the last one."""
        path = self.path(key)
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def older(self, before: float) -> Iterator[str]:
        """The keys of files last written before a moment."""
        for path in self.root.rglob("*"):
            if path.is_file() and path.stat().st_mtime < before:
                yield str(path.relative_to(self.root))


def full(place: str) -> Unkept:
    """There is no room left in a place."""
    detail = f"There is no room left in {place}."
    headers = {"Retry-After": "60"}
    return Unkept(507, "disk-full", detail, fix="free some space", headers=headers)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
