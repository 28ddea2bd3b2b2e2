"""Runners that follow a script, so that each can do its worst at a chosen moment."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.jobs.room import Room

from lumiku_kernel.jobs.supervise import Supervisor

Message = dict[str, Any]
Script = Callable[["Scripted", Message], Iterator[Message | Exception | None]]


class Scripted:
    """A runner that follows a script for each order."""

    def __init__(self, script: Script) -> None:
        """Ready at once."""
        self.script = script
        self.ready = True
        self.cancelled = False
        self.orders: list[int] = []
        self._saying: Iterator[Message | Exception | None] = iter(())

    def send(self, message: Message) -> None:
        """Take an order, or hear that it is cancelled."""
        if message["op"] == "cancel":
            self.cancelled = True
        else:
            self.orders.append(message["item"]["index"])
            self._saying = self.script(self, message)

    def start(self, seconds: float) -> bool:
        """It needs no time for it."""
        del seconds
        return self.ready

    def memory(self) -> int:
        """Bytes it takes: next to none."""
        return 0

    def disk(self, enough: int) -> int:
        """Bytes of files it keeps: none."""
        del enough
        return 0

    def receive(self, timeout: float) -> Message | None:
        """The next word of the script."""
        del timeout
        said = next(self._saying, None)
        if isinstance(said, Exception):
            raise said
        if said is None:
            time.sleep(0.005)
        return said


class Stable:
    """Hands out scripted runners and counts how they come back."""

    def __init__(self, script: Script) -> None:
        """All runners follow one script."""
        self.script = script
        self.runners: list[Scripted] = []
        self.kept = 0

    def take(self, job: Message) -> Scripted:
        """A new runner."""
        del job
        self.runners.append(Scripted(self.script))
        return self.runners[-1]

    def give_back(self, slot: str, runner: Scripted) -> None:
        """It is still good."""
        del slot, runner
        self.kept += 1

    def started(self, slot: str, runner: Scripted) -> None:
        """It is ready."""

    def discard(self, runner: Scripted) -> None:
        """It is not."""

    @property
    def orders(self) -> list[int]:
        """All items ordered, from all runners."""
        return [index for runner in self.runners for index in runner.orders]


DONE: Message = {"op": "done", "outputs": [], "result": None}


def well(_runner: Scripted, _order: Message) -> Iterator[Message]:
    """Make the item."""
    yield DONE


def supervisor(room: Room, script: Script) -> tuple[Supervisor, Stable]:
    """A supervisor with scripted runners."""
    stable = Stable(script)
    made = Supervisor(
        room.settings,
        room.store,
        room.registry,
        room.shelf,
        stable,  # type: ignore[arg-type]
    )
    return made, stable


def failing(kind: str, **more: Any) -> Script:
    """A script that fails every item."""

    def script(_runner: Scripted, _order: Message) -> Iterator[Message]:
        answer = {"op": "failed", "kind": kind, "code": "said", "detail": "Said so."}
        yield {**answer, **more}

    return script
