"""What a child prints, in the log: bounded, so that a talkative one fills no disk."""

import json
import logging
import os
import sys
import threading
import time
from collections import deque

from lumiku_kernel.logs import scrubbed

LONGEST = 32_000
"""Bytes of a line that are kept."""
LINES, BYTES = 50, 8 * 1024 * 1024
"""Lines a second that are logged, and bytes a second that are read."""
REMEMBERED = 20

log = logging.getLogger(__name__)


class Chatter:
    """Reads a pipe to its end in a thread of its own."""

    def __init__(self, pipe: int, name: str) -> None:
        """Begin; `name` is who talks."""
        self._pipe = pipe
        self._name = name
        self._second = 0.0
        self._read = self._said = self._unsaid = 0
        self._last: deque[str] = deque(maxlen=REMEMBERED)
        self._thread = threading.Thread(target=self._listen, name=name, daemon=True)
        self._thread.start()

    def last_words(self) -> str:
        """The last lines, once the pipe is at its end or half a second is over."""
        self._thread.join(0.5)
        return "\n".join(self._last)

    def _listen(self) -> None:
        held = b""
        with os.fdopen(self._pipe, "rb", buffering=0) as pipe:
            while fresh := pipe.read(65536):
                self._pace(len(fresh))
                *lines, held = (held + fresh).split(b"\n")
                for line in lines:
                    self._say(line)
                if len(held) > LONGEST:
                    self._say(held)
                    held = b""
        self._say(held)

    def _pace(self, count: int) -> None:
        """Read no faster than allowed: who prints more waits."""
        self._read += count
        since = time.monotonic() - self._second
        if since < 1 and self._read > BYTES:
            time.sleep(1 - since)
            since = 1.0
        if since >= 1:
            if self._unsaid:
                log.warning("%s: %s more lines left out", self._name, self._unsaid)
            self._second = time.monotonic()
            self._read = self._said = self._unsaid = 0

    def _say(self, line: bytes) -> None:
        text = line[:LONGEST].decode("utf-8", "replace").rstrip()
        if not text:
            return
        self._last.append(text)
        if self._said >= LINES:
            self._unsaid += 1
            return
        self._said += 1
        stream = sys.__stderr__
        if stream is not None and not stream.isatty() and text.startswith("{"):
            # It is a line of a log already; one write, so that lines stay whole.
            stream.write(scrubbed(text) + "\n")
            stream.flush()
        else:
            log.info("%s: %s", self._name, _words(text))


def _words(text: str) -> str:
    """A line for people."""
    try:
        said = json.loads(text)
    except ValueError:
        return text
    if not isinstance(said, dict) or "event" not in said:
        return text
    return "\n".join(str(said[one]) for one in ("event", "exception") if one in said)
