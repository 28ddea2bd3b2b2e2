"""A fake provider of images: it speaks HTTP like the real one, and can misbehave.

`python -m tests.faults.provider --port N --log FILE`. It imports nothing of the
product. Each call is written to the log before it is answered; each picture carries
the nonce of its prompt, as text and as coloured blocks.

`POST /mode {"mode": "500", "share": 0.5}` makes it misbehave to that share of calls;
a prompt may name a mode for itself.
"""

import argparse
import hashlib
import json
import random
import re
import struct
import threading
import time
import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIDE, BLOCKS = 64, 8
MODES = (
    "ok",
    "500",
    "429",
    "429-once",
    "503",
    "401",
    "drip",
    "hang",
    "truncated",
    "html",
    "junk",
    "closed",
)


def colours(nonce: str) -> bytes:
    """The colours of a picture's blocks, left to right: 8 times red, green, blue."""
    return hashlib.sha256(nonce.encode()).digest()[: BLOCKS * 3]


def picture(nonce: str) -> bytes:
    """A PNG of 64 x 64 that says its nonce twice."""
    blocks = colours(nonce)
    line = b"".join(blocks[n * 3 : n * 3 + 3] * (SIDE // BLOCKS) for n in range(BLOCKS))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"tEXt", b"nonce\0" + nonce.encode()),
            _chunk(b"IDAT", zlib.compress((b"\0" + line) * SIDE)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


class Log:
    """What was asked, one line a call; nothing is ever changed in it."""

    def __init__(self, path: Path) -> None:
        """Append to `path`."""
        self._file = path.open("a")
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()

    def write(self, nonce: str, mode: str) -> int:
        """A call has come; how many there have been for this nonce."""
        with self._lock:
            self._calls[nonce] += 1
            line = {
                "at": time.time(),
                "nonce": nonce,
                "call": self._calls[nonce],
                "mode": mode,
            }
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            return self._calls[nonce]


class Answering(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    log: Log
    mode = "ok"
    share = 1.0
    chance = random.Random(1)  # noqa: S311 (misbehaviour that can be repeated)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing; there is a log of our own."""

    def do_GET(self) -> None:
        """Say that it is there."""
        self._answer(200, b"{}", "application/json")

    def do_POST(self) -> None:
        """A picture, or whatever the mode says; or a change of mode."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/mode":
            kind = type(self)
            kind.mode, kind.share = body["mode"], body.get("share", 1.0)
            return self._answer(200, b"{}", "application/json")
        words = dict(re.findall(r"(\w+)=(\S+)", body["inputs"]))
        general = self.mode if self.chance.random() < self.share else "ok"
        mode = words.get("mode", general)
        calls = self.log.write(words["nonce"], mode)
        if mode == "429-once":
            mode = "429" if calls == 1 else "ok"
        time.sleep(float(words.get("delay", 0)))
        try:
            self._misbehave(mode, picture(words["nonce"]))
        except OSError:
            self.close_connection = True
        return None

    def _misbehave(self, mode: str, content: bytes) -> None:
        if mode in {"500", "503", "401"}:
            error = json.dumps({"error": f"fake {mode}"}).encode()
            self._answer(int(mode), error, "application/json")
        elif mode == "429":
            error = b'{"error": "Rate limit reached"}'
            self._answer(429, error, "application/json", ("Retry-After", "1"))
        elif mode == "html":
            self._answer(200, b"<html>Sorry</html>", "image/png")
        elif mode == "junk":
            self._answer(200, self.chance.randbytes(10_000_000), "image/png")
        elif mode == "closed":
            self.close_connection = True
        elif mode == "truncated":
            self._head(200, len(content), "image/png")
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif mode == "drip":
            self._head(200, len(content), "image/png")
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                time.sleep(0.2)
        elif mode == "hang":
            time.sleep(600)
        else:
            self._answer(200, content, "image/png")

    def _answer(
        self, status: int, content: bytes, media_type: str, *headers: tuple[str, str]
    ) -> None:
        self._head(status, len(content), media_type, *headers)
        self.wfile.write(content)

    def _head(
        self, status: int, length: int, media_type: str, *headers: tuple[str, str]
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()


def main() -> None:
    """Serve until the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args()
    Answering.log = Log(given.log)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Answering)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
