"""What a run has left: the programs' history, the provider's log, what the API said."""

import json
import zlib
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file; one that was cut off by a death is left out."""
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def nonce_of(content: bytes) -> str | None:
    """The nonce a whole PNG carries, as text and as colours; None if it does not."""
    try:
        chunks = dict(_chunks(content))
        nonce = chunks[b"tEXt"].partition(b"\0")[2].decode()
        row = zlib.decompress(chunks[b"IDAT"])[1:]
    except (KeyError, ValueError, IndexError, zlib.error):
        return None
    shown = b"".join(row[place * 24 : place * 24 + 3] for place in range(8))
    return nonce if shown == sha256(nonce.encode()).digest()[:24] else None


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(content):
        size = int.from_bytes(content[place : place + 4])
        kind, data = (
            content[place + 4 : place + 8],
            content[place + 8 : place + 8 + size],
        )
        check = int.from_bytes(content[place + 8 + size : place + 12 + size])
        if len(data) != size or zlib.crc32(kind + data) != check:
            raise ValueError(kind)
        yield kind, data
        place += 12 + size
    if not content.startswith(b"\x89PNG") or kind != b"IEND":
        raise ValueError("cut off")


class Run:
    """The files of a run, read."""

    def __init__(self, folder: Path) -> None:
        """Read all."""
        self.setup = json.loads((folder / "setup.json").read_text())
        self.history = list(lines(folder / "history.jsonl"))
        self.calls = list(lines(folder / "provider.jsonl"))
        found = list(lines(folder / "harvest.jsonl"))
        self.jobs = [one for one in found if one["what"] == "job"]
        self.credits = {one["user"]: one for one in found if one["what"] == "credits"}

    def said(self, kind: str, op: str | None = None) -> list[dict[str, Any]]:
        """Lines of the history."""
        return [
            one
            for one in self.history
            if one["kind"] == kind and op in (None, one.get("op"))
        ]

    @cached_property
    def accepted(self) -> dict[str, dict[str, Any]]:
        """The request of each job that a program was told of."""
        return {one["job"]: one for one in self.said("ok", "submit")}

    def pictures(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each artifact with its job."""
        for found in self.jobs:
            for one in found["job"]["artifacts"]:
                yield found, one
