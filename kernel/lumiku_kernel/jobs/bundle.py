"""What a job made as one ZIP, made while it is read: nothing waits on a disk."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from lumiku_kernel.jobs.artifacts import Shelf

UNSAFE = re.compile(r"[^\w.-]+")
LONGEST = 80
EPOCH = (1980, 1, 1, 0, 0, 0)


class Wire(io.RawIOBase):
    """Where a ZIP is written to, and taken from at once."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, part: Any) -> int:
        """Keep them until they are taken."""
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        made, self._parts = b"".join(self._parts), []
        return made


def bundle(shelf: Shelf, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The bytes of a ZIP of artifacts; pictures are packed already, so only stored."""
    wire, used = Wire(), set[str]()
    with zipfile.ZipFile(wire, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            name = _free(name_of(row), used)
            chunks = shelf.read(row["key"])
            entry = zipfile.ZipInfo(name, EPOCH)
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk)
                    yield wire.taken()
    yield wire.taken()


def name_of(row: Mapping[str, Any]) -> str:
    """What its maker calls the file in `meta.name`, else its item and kind."""
    ending = PurePath(row["key"]).suffix
    meant = str((row["meta"] or {}).get("name") or "")
    kind = "" if row["kind"] in {"image", "export"} else f"-{row['kind']}"
    plain = UNSAFE.sub("-", meant).strip("-.")[:LONGEST]
    return f"{plain or 'picture-' + str(row['item'] + 1)}{kind}{ending}"


def _free(name: str, used: set[str]) -> str:
    stem, ending, number = PurePath(name).stem, PurePath(name).suffix, 1
    while name in used:
        number += 1
        name = f"{stem}-{number}{ending}"
    used.add(name)
    return name
