"""Ways in which an item takes, says or makes more than it may."""

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from lumiku_contracts import Output, Task

MB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


def _swell(_: Task[Any]) -> None:
    held = []
    while True:
        held.append(bytearray(os.urandom(64) * (MB // 64 * 16)))
        time.sleep(0.01)


def _ask_for_all(_: Task[Any]) -> None:
    bytearray(1 << 42)


def _fill(_: Task[Any]) -> None:
    with (Path(os.environ["TMPDIR"]) / "big").open("wb") as file:
        while True:
            file.write(bytes(MB))
            file.flush()


def _spin(_: Task[Any]) -> None:
    sum(range(1 << 60))  # holds the interpreter's lock, in C


def _crash(_: Task[Any]) -> None:
    ctypes.string_at(0)


def _misread(task: Task[Any]) -> None:
    type(task.input).model_validate({"items": "many"})


def _wire(data: bytes) -> None:
    wire = int(sys.argv[1])
    while data:
        data = data[os.write(wire, data[:MB]) :]


def _junk(_: Task[Any]) -> None:
    _wire(os.urandom(5000) + b"\n")
    time.sleep(600)


def _long(_: Task[Any]) -> None:
    _wire(b'{"op": "' + b"x" * (50 * MB))
    time.sleep(600)


def _half(_: Task[Any]) -> None:
    _wire(b'{"op": "done", ')
    time.sleep(600)


def _chatter(_: Task[Any]) -> None:
    _wire(b'{"op": "progress", "fraction": 0.5, "note": "again"}\n' * 100_000)


def _lie(_: Task[Any]) -> None:
    _wire(b'{"op": "done", "outputs": [{"file": "../lumiku.db"}], "result": null}\n')
    time.sleep(600)


def _print(_: Task[Any]) -> None:
    os.write(2, (b"far too much to say " * 5 + b"\n") * 100_000)


def _keep_open(task: Task[Any]) -> None:
    with task.session() as session:
        session.execute(text("SELECT 1"))
        time.sleep(600)


def _far(task: Task[Any]) -> None:
    task.http.post(os.environ["TRIAL_FAR"] + "?token=hush-hush", content=b"hello")


ILLS = {
    "far": _far,
    "swell": _swell,
    "ask-for-all": _ask_for_all,
    "fill": _fill,
    "spin": _spin,
    "crash": _crash,
    "misread": _misread,
    "junk": _junk,
    "long": _long,
    "half": _half,
    "chatter": _chatter,
    "lie": _lie,
    "print": _print,
    "keep-open": _keep_open,
}
MADE = {
    "page": (Output(b"<html>no picture</html>", "image/png"),),
    "truncated": (Output(PNG + b"\0\0\0\rIHDR", "image/png"),),
    "vast": (Output(bytes(101 * MB), "text/plain"),),
    "many": (Output(b"x", "text/plain"),) * 40,
    "odd": (Output(b"x", "text/plain\r\nX: y"),),
}
