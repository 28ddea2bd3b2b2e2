"""Watches a runner while it makes one item: what it says, and what it takes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lumiku_kernel.jobs.runners import Runner
from lumiku_kernel.jobs.wire import Garbled

CANCEL_GRACE = 5.0
"""Seconds a runner has to notice that the job is cancelled."""
LOOK_EVERY = 0.2
"""Seconds between two looks at what the runner takes."""
LONGEST_WRITE = 5.0
"""Seconds that a plugin may keep a write transaction open."""
MOST_WORDS, PER_SECONDS = 5000, 10.0

Heed = Callable[[], bool]
"""Whether the job is cancelled; raises if it must not go on for another reason."""


class Cancelled(Exception):
    """The job was cancelled while its runner had an item in hand."""


class Overrun(Exception):
    """An item (`index`) took more than it may, of what `code` names."""

    def __init__(self, index: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.index = index
        self.code = code


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one item: seconds, bytes of memory, bytes of files in the runner's folder."""

    seconds: float
    memory: int
    disk: int


class Attendance:
    """One item under way."""

    def __init__(
        self,
        runner: Runner,
        order: Mapping[str, Any],
        bounds: Bounds,
        heed: Heed,
        progress: Callable[[float, str], None],
    ) -> None:
        """`progress` writes down how far the item is, as often as it likes."""
        self._runner = runner
        self._order = order
        self._index: int = order["item"]["index"]
        self._bounds = bounds
        self._heed = heed
        self._progress = progress
        self._highest = 0.0
        self._looked = self._counting = 0.0
        self._words = 0
        self._writing: float | None = None
        self._patience: float | None = None

    def answer(self) -> dict[str, Any]:
        """Have the item made; the runner's last word on it, or `Overrun`."""
        self._runner.send(self._order)
        until = time.monotonic() + self._bounds.seconds
        while True:
            try:
                word = self._runner.receive(0.1)
            except Garbled as error:
                detail = f"The runner said what is no word of a runner: {error}"
                raise self._over("runner-protocol", detail) from error
            if word is not None and word["op"] in ("done", "failed"):
                return word
            if word is not None:
                self._hear(word)
            if self._heed():
                self._ask_to_stop()
            if time.monotonic() > until:
                seconds = f"{self._bounds.seconds:.0f} s"
                detail = f"An item may take {seconds}; this one took longer."
                raise self._over("timeout", detail)
            self._look()

    def _hear(self, word: Mapping[str, Any]) -> None:
        moment = time.monotonic()
        if moment - self._counting > PER_SECONDS:
            self._counting, self._words = moment, 0
        self._words += 1
        if self._words > MOST_WORDS:
            raise self._over("runner-protocol", "The runner said far too much.")
        if word["op"] == "writing":
            self._writing = moment
        elif word["op"] == "written":
            self._writing = None
        elif word["op"] == "progress":
            self._highest = max(self._highest, word["fraction"])
            self._progress(self._highest, word["note"])

    def _ask_to_stop(self) -> None:
        moment = time.monotonic()
        if self._patience is None:
            self._patience = moment + CANCEL_GRACE
            self._runner.send({"op": "cancel"})
        elif moment > self._patience:
            raise Cancelled

    def _look(self) -> None:
        """At what it takes, beside time."""
        moment = time.monotonic()
        if moment - self._looked < LOOK_EVERY:
            return
        self._looked = moment
        if self._writing is not None and moment - self._writing > LONGEST_WRITE:
            detail = f"A transaction was open for more than {LONGEST_WRITE:.0f} s."
            raise self._over("transaction-too-long", detail)
        if self._runner.memory() > self._bounds.memory:
            detail = f"An item may take {_mb(self._bounds.memory)} of memory."
            raise self._over("runner-memory", detail)
        if self._runner.disk(self._bounds.disk) > self._bounds.disk:
            detail = f"An item may take {_mb(self._bounds.disk)} of files."
            raise self._over("runner-disk", detail)

    def _over(self, code: str, detail: str) -> Overrun:
        return Overrun(self._index, code, detail)


def _mb(count: int) -> str:
    return f"{count // 1024**2} MB"
