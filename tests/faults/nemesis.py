"""Does harm by a schedule that its seed decides, and writes down what it did."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults.town import Town


@dataclass(frozen=True)
class Harm:
    """Something done to a town: `act(town, chance)` returns to whom."""

    what: str
    act: Callable[[Town, random.Random], str]


@dataclass(frozen=True)
class Blow:
    """A harm and its moment, in seconds from the start."""

    at: float
    harm: Harm


def schedule(
    harms: tuple[Harm, ...], count: int, gap: tuple[float, float], seed: int
) -> list[Blow]:
    """So many blows, one `gap` after another; each harm in turn, in shuffled rounds."""
    chance = random.Random(seed)  # noqa: S311 (repeatable)
    turn = _rounds(harms, chance)
    at, blows = 0.0, []
    for _ in range(count):
        at += chance.uniform(*gap)
        blows.append(Blow(round(at, 2), next(turn)))
    return blows


def _rounds(harms: tuple[Harm, ...], chance: random.Random) -> Iterator[Harm]:
    while True:
        yield from chance.sample(harms, len(harms))


class Nemesis:
    """A thread that strikes."""

    def __init__(self, town: Town, blows: list[Blow], seed: int) -> None:
        """Say the schedule."""
        self._town, self._blows = town, blows
        self._chance = random.Random(seed)  # noqa: S311 (repeatable)
        self._thread = threading.Thread(target=self._strike, daemon=True)
        self.error: Exception | None = None
        plan = ", ".join(f"{one.at:g} {one.harm.what}" for one in blows)
        print(f"seed {seed}: {plan}", flush=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the last blow; raise what went wrong."""
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _strike(self) -> None:
        began = time.monotonic()
        try:
            for blow in self._blows:
                time.sleep(max(0.0, began + blow.at - time.monotonic()))
                self._town.history.write("fault", what=blow.harm.what)
                whom = blow.harm.act(self._town, self._chance)
                self._town.history.write("healed", what=blow.harm.what, whom=whom)
        except Exception as error:
            self.error = error
