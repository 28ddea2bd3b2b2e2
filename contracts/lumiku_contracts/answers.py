"""What a route answers with when it is not JSON."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to show or download; `cache_seconds` lets a browser keep them."""

    content: bytes
    media_type: str
    name: str | None = None
    cache_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes sent as they are made."""

    chunks: Iterable[bytes]
    media_type: str
    name: str | None = None
