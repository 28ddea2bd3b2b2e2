"""What a PNG, JPEG or WebP file says of itself, read without decoding it.

Sources: the PNG specification (3rd edition), ITU-T T.81, RFC 9649.
"""

import struct
import zlib
from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
SIZES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of segments that hold the size."""
PREFIX, SCAN = 0xFF, 0xDA
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole picture, in pixels; `rest` is how many bytes follow its end."""

    media_type: str
    width: int
    height: int
    moving: bool = False
    rest: int = 0


class NotAPicture(ValueError):
    """It is none of the three, or (`truncated`) not all of one."""

    def __init__(self, detail: str, *, truncated: bool = False) -> None:
        super().__init__(detail)
        self.truncated = truncated


def seen(content: bytes) -> Seen:
    """The picture in `content`, or `NotAPicture`."""
    try:
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(JPEG):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError) as error:
        raise NotAPicture("it ends too early", truncated=True) from error
    raise NotAPicture("it is neither PNG nor JPEG nor WebP")


def _png(content: bytes) -> Seen:
    at, size, moving, data = len(PNG), None, False, False
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(memoryview(content)[at + 4 : at + 8 + length]) != told:
            raise NotAPicture("a part of it is damaged", truncated=True)
        if size is None:
            if kind != b"IHDR":
                raise NotAPicture("it does not begin with its size")
            size = struct.unpack_from(">II", content, at + 8)
        moving = moving or kind == b"acTL"
        data = data or kind == b"IDAT"
        at += 12 + length
        if kind == b"IEND":
            break
    if not data:
        raise NotAPicture("there is nothing in it", truncated=True)
    return Seen("image/png", size[0], size[1], moving, len(content) - at)


def _jpeg(content: bytes) -> Seen:
    at, size = 2, None
    while True:
        if content[at] != PREFIX:
            raise NotAPicture("a part of it is damaged", truncated=True)
        mark = content[at + 1]
        if mark == PREFIX or mark in ALONE:
            at += 1 if mark == PREFIX else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if mark in SIZES_OF_JPEG:
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        at += 2 + length
        if mark == SCAN:
            break
    end = content.find(b"\xff\xd9", at)
    if size is None or end < 0:
        raise NotAPicture("it ends too early", truncated=True)
    return Seen("image/jpeg", *size, rest=len(content) - end - 2)


def _webp(content: bytes) -> Seen:
    (length,) = struct.unpack_from("<I", content, 4)
    end = 8 + length
    if len(content) < end:
        raise NotAPicture("it ends too early", truncated=True)
    kind, _ = struct.unpack_from("<4sI", content, 12)
    moving = False
    if kind == b"VP8X":
        moving = bool(content[20] & 2)
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
    elif kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (one & 0x3FFF for one in struct.unpack_from("<HH", content, 26))
    else:
        raise NotAPicture("it is no WebP of a known kind")
    return Seen("image/webp", width, height, moving, len(content) - end)
