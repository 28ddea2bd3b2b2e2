"""What stands in a backup, with digests: its last member, without which it is none."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from lumiku_kernel.errors import Problem

NAME = "manifest.json"
FORMAT = 1
CHUNK = 256 * 1024


class Part(BaseModel):
    """The words that all parts share."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rows(Part):
    """A table: the kind of each column, how many rows, and their digest."""

    name: str
    owner: str
    columns: dict[str, str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the tar."""
        return f"tables/{self.name}.jsonl"


class Kept(Part):
    """A file: of which row, under which key, and its digest."""

    table: str
    id: str
    key: str
    sha256: str
    size: int

    @property
    def member(self) -> str:
        """Its name in the tar."""
        return f"files/{self.key}"


class Owner(Part):
    """Whose tables: the kernel, or a plugin with its distribution and version."""

    revision: str
    dist: str
    version: str

    @property
    def named(self) -> str:
        """As it is installed."""
        return f"{self.dist}=={self.version}"


class Manifest(Part):
    """A backup. `gone` rows were forgotten while it was made, `lost` have no file."""

    format: int = FORMAT
    release: str
    made_at: str
    database: str
    installation: str | None
    owners: dict[str, Owner]
    tables: list[Rows]
    files: list[Kept]
    with_files: bool
    with_secret: bool
    gone: list[str]
    lost: list[str]
    damaged: list[str]

    def write(self, tar: tarfile.TarFile) -> None:
        """Add it, as the last member."""
        text = self.model_dump_json(indent=1).encode()
        add(tar, NAME, io.BytesIO(text), len(text))


def add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    """A member that only its owner may read."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that is being read."""

    path: Path
    tar: tarfile.TarFile
    manifest: Manifest

    def member(self, name: str) -> IO[bytes]:
        """A member's bytes; 422 if it is not there."""
        try:
            file = self.tar.extractfile(name)
        except (KeyError, tarfile.TarError) as error:
            raise unreadable(self.path, f"{name} is missing") from error
        if file is None:
            raise unreadable(self.path, f"{name} is no file")
        return file

    def check(self) -> None:
        """422 unless each member is what it was when it was written."""
        parts: list[Rows | Kept] = [*self.manifest.tables, *self.manifest.files]
        for one in parts:
            found = hashlib.sha256()
            file = self.member(one.member)
            while part := file.read(CHUNK):
                found.update(part)
            if found.hexdigest() != one.sha256:
                raise unreadable(self.path, f"{one.member} was changed")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """A backup to be read; 422 `backup-unreadable`, 409 `backup-newer`."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 (closed below)
    except (OSError, tarfile.TarError) as error:
        raise unreadable(path, str(error)) from error
    with tar:
        yield Source(path, tar, _read(path, tar))


def _read(path: Path, tar: tarfile.TarFile) -> Manifest:
    try:
        file = tar.extractfile(NAME)
        document = json.load(file) if file else {}
    except (KeyError, ValueError, tarfile.TarError) as error:
        raise unreadable(path, "it is not whole: it has no manifest") from error
    if document.get("format") != FORMAT:
        detail = f"{path} was made by release {document.get('release')}."
        fix = f"restore it with release {document.get('release')} or a newer one"
        raise Problem(409, "backup-newer", detail, fix=fix)
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        raise unreadable(path, f"{error.error_count()} faults in {NAME}") from error


def unreadable(path: Path, why: str) -> Problem:
    """What is no backup, or a broken one."""
    detail = f"{path} cannot be restored: {why}."
    return Problem(422, "backup-unreadable", detail, fix="take another backup")
