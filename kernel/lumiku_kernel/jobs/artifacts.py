"""Keeps files: below one folder, under names the kernel makes."""

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of artifacts, and beside it the folder of what is being made."""

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
        """Move a finished file onto the shelf, durably; its key.

        It is nobody's until a row names it: a file without a row is swept away.
        """
        suffix = mimetypes.guess_extension(media_type) or ".bin"
        folder = self.root / job_id[-2:] / job_id
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{name}{suffix}"
        made.replace(target)
        for changed in (folder, folder.parent, self.root):
            _sync(changed)
        return str(target.relative_to(self.root))

    def path(self, key: str) -> Path:
        """The file of a key; refuses one that leads out of the folder."""
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(key)
        return path


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
