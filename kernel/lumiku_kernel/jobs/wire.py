"""Words between a supervisor and its runner: JSON, one to a line, both ways.

A runner is where strangers' code runs. What comes from it is read in bounded pieces,
and is `Garbled` unless it is one of the words below.
"""

import json
import math
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

LONGEST_WORD = 4 * 1024 * 1024
"""Bytes of one word of a runner's."""
MOST_OUTPUTS = 32
SEND_SECONDS = 10.0
"""How long a runner may leave our own words unread."""


class Garbled(Exception):
    """What came is not of the protocol."""


class Wire:
    """One end of a socket."""

    def __init__(
        self,
        end: socket.socket,
        most: int | None = None,
        clean: Callable[[str], str] = str,
    ) -> None:
        """Take the end over.

        `most` bounds the bytes of a word that comes in; `clean` goes over those sent.
        """
        self._clean = clean
        self._end = end
        self._most = most
        self._held = bytearray()
        self._saying = threading.Lock()
        self._poll = select.poll()
        self._poll.register(end, select.POLLIN)

    def say(self, word: Mapping[str, Any]) -> None:
        """Send a word; `OSError` when nobody takes it."""
        text = self._clean(json.dumps(word)).encode() + b"\n"
        with self._saying:
            self._end.sendall(text)

    def hear(self, timeout: float | None) -> dict[str, Any] | None:
        """The next word, or None after `timeout` seconds; raises `EOFError`, `Garbled`.

        A word that is never finished is not waited for longer than any other.
        """
        until = None if timeout is None else time.monotonic() + timeout
        begun = 0
        while (end := self._held.find(b"\n", begun)) < 0:
            begun = len(self._held)
            if self._most is not None and begun > self._most:
                raise Garbled(f"a word of more than {self._most} bytes")
            left = None if until is None else max(0.0, until - time.monotonic())
            if not self._poll.poll(None if left is None else left * 1000):
                return None
            fresh = self._end.recv(256 * 1024)
            if not fresh:
                raise EOFError
            self._held += fresh
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return _parsed(line)

    def close(self) -> None:
        """Hang up."""
        self._end.close()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        word = _plain(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise Garbled("a word that is no JSON") from error
    if not isinstance(word, dict):
        raise Garbled("a word that is no object")
    return word


def _plain(value: Any) -> Any:
    """Without what no database keeps: NUL, halves of characters, endless numbers."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode() if _odd(value) else value
        return text.replace("\0", "�")
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("no finite number")
    return value


def _odd(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


class _Word(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Short(_Word):
    op: Literal["ready", "writing", "written"]


class _Opening(_Word):
    op: Literal["opening", "unopened"]
    provider: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=600)] = ""
    fix: Annotated[str, Field(max_length=300)] = ""


class _Progress(_Word):
    op: Literal["progress"]
    fraction: Annotated[float, Field(ge=0, le=1)]
    note: Annotated[str, Field(max_length=200)]


class _Made(_Word):
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+(-\d+){3}$", max_length=120)]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]
    width: Annotated[int, Field(ge=0, lt=2**31)] | None
    height: Annotated[int, Field(ge=0, lt=2**31)] | None
    meta: dict[str, Any]


class _Done(_Word):
    op: Literal["done"]
    outputs: Annotated[list[_Made], Field(max_length=MOST_OUTPUTS)]
    result: dict[str, Any] | None


class _Failed(_Word):
    op: Literal["failed"]
    kind: Literal["cancelled", "transient", "permanent", "bug", "room"]
    code: Annotated[str, Field(max_length=100)] = "cancelled"
    detail: Annotated[str, Field(max_length=2000)] = ""
    cause: Literal["busy", "timeout", "key"] = "busy"
    retry_after: Annotated[float, Field(ge=0)] | None = None
    trace: Annotated[str, Field(max_length=20_000)] = ""


_WORDS: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _Short | _Opening | _Progress | _Done | _Failed, Field(discriminator="op")
    ]
)


def understood(word: dict[str, Any]) -> dict[str, Any]:
    """A runner's word if it is one of those above, else `Garbled`."""
    try:
        _WORDS.validate_python(word)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise Garbled(f"{place}: {fault['msg']}"[:300]) from error
    return word
