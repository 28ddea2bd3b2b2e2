"""Warm runners: ready before a job is claimed for them, replaced when worn."""

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lumiku_kernel.jobs.runners import MB, NotStarted, Runner
from lumiku_kernel.settings import Settings

AHEAD = 20
"""Jobs before a runner goes, its successor starts, where that is light."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds without a new runner of a class after one that could not start."""

log = logging.getLogger(__name__)


class Runners:
    """Idle runners by class of slot; made when wanted, replaced when worn."""

    def __init__(
        self,
        settings: Settings,
        warm: Mapping[str, tuple[str, ...]],
        bench: Path,
        ring: Callable[[], None],
    ) -> None:
        """`warm` names the providers a class's runners open at once.

        `ring` is called when one has become ready.
        """
        self._settings = settings
        self._warm = dict(warm)
        self._bench = bench
        self._ring = ring
        self._idle: dict[str, list[Runner]] = defaultdict(list)
        self._hatching: Counter[str] = Counter()
        self._promised: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._closed = False
        self._all: set[Runner] = set()
        self._pauses: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()
        # Children die with the thread that started them, so it is a lasting one.
        self._nursery = ThreadPoolExecutor(1, "nursery")
        self._faults: dict[str, dict[str, str]] = {}
        self._all_warm = dict(self._warm)
        self._begun = time.monotonic()

    def prepare(self, slot: str, count: int) -> None:
        """Have `count` runners of a class ready before anybody asks."""
        for _ in range(count):
            self._hatch(slot)

    def ready(self, slot: str) -> bool:
        """Whether a runner is there for one more job; if not, one is on its way."""
        with self._lock:
            idle = sum(runner.alive for runner in self._idle[slot])
            if idle > len(self._promised[slot]):
                return True
            if self._hatching[slot]:
                return False
        self._hatch(slot)
        return False

    def promise(self, job: Mapping[str, Any]) -> None:
        """Keep a runner for a job that has been claimed, until it takes it."""
        with self._lock:
            self._promised[job["slot"]].add((job["id"], job["epoch"]))

    def take(self, job: Mapping[str, Any]) -> Runner:
        """A living runner for a job, the warmest first; it may have yet to start."""
        slot = job["slot"]
        while True:
            with self._lock:
                self._promised[slot].discard((job["id"], job["epoch"]))
                runner = self._idle[slot].pop() if self._idle[slot] else None
            if runner is None:
                return self._new(slot)
            if runner.alive:
                return runner
            self.discard(runner)

    def give_back(self, slot: str, runner: Runner) -> None:
        """Keep it for the next job, or replace it when it is worn or dead."""
        runner.jobs += 1
        heavy = runner.memory() > self._settings.runner_memory_mb * MB
        stale = runner.began < self._begun
        if (
            not runner.alive
            or heavy
            or stale
            or runner.jobs >= self._settings.runner_jobs
        ):
            self.discard(runner)
            if self._warm.get(slot):
                self._hatch(slot)
            return
        light = not self._warm.get(slot)
        if light and runner.jobs == self._settings.runner_jobs - AHEAD:
            self._hatch(slot)
        with self._lock:
            self._idle[slot].append(runner)

    def renew(self) -> None:
        """Replace all, those in use once they are free: secrets have changed."""
        with self._lock:
            self._begun = time.monotonic()
            self._warm, self._faults = dict(self._all_warm), {}
            self._pauses.clear()
            idle = [(slot, one) for slot in self._idle for one in self._idle[slot]]
            self._idle.clear()
        for slot, runner in idle:
            self.discard(runner)
            if self._warm.get(slot):
                self._hatch(slot)

    def discard(self, runner: Runner) -> None:
        """End a runner."""
        with self._lock:
            self._all.discard(runner)
        runner.kill()

    def started(self, slot: str, runner: Runner) -> None:
        """Note that a runner is ready, and which providers it could not open."""
        with self._lock:
            self._pauses.pop(slot, None)
            for name in self._warm.get(slot, ()):
                self._faults.pop(name, None)
            self._faults.update(runner.unopened)

    def not_started(self, slot: str, runner: Runner, reason: str) -> None:
        """Let the next one start without the provider that this one died of.

        If it was none's fault, this class rests for a while, longer each time.
        """
        log.error("runner %s did not start (runner-start): %s", runner.pid, reason)
        with self._lock:
            if runner.opening is not None:
                self._faults[runner.opening] = {"reason": reason.partition("\n")[0]}
                names = self._warm.get(slot, ())
                self._warm[slot] = tuple(n for n in names if n != runner.opening)
                return
        self._rest(slot)

    def faults(self) -> dict[str, dict[str, str]]:
        """Providers that did not open when last tried: `reason`, and `fix` if known."""
        with self._lock:
            return dict(self._faults)

    def resting(self, slot: str) -> bool:
        """Whether a class takes no jobs now, because its runners do not start."""
        with self._lock:
            return time.monotonic() < self._pauses.get(slot, (0.0, 0.0))[0]

    def close(self) -> None:
        """End all of them, those too that are being born."""
        self._closed = True
        self._nursery.shutdown(cancel_futures=True)
        with self._lock:
            runners, self._all = self._all, set()
        for runner in runners:
            runner.kill()

    def _rest(self, slot: str) -> None:
        with self._lock:
            _, last = self._pauses.get(slot, (0.0, FIRST_PAUSE / 2))
            pause = min(last * 2, LONGEST_PAUSE)
            self._pauses[slot] = (time.monotonic() + pause, pause)

    def _hatch(self, slot: str) -> None:
        """Start a runner and hear, in a thread of its own, how it goes."""
        with self._lock:
            self._hatching[slot] += 1
        threading.Thread(target=self._attend, args=(slot,), daemon=True).start()

    def _attend(self, slot: str) -> None:
        try:
            runner = self._hatched(slot)
            if runner is not None:
                self.started(slot, runner)
                with self._lock:  # the last to be taken: those in use are used up first
                    self._idle[slot].insert(0, runner)
        finally:
            with self._lock:
                self._hatching[slot] -= 1
            self._ring()

    def _hatched(self, slot: str) -> Runner | None:
        try:
            runner = self._new(slot)
        except (OSError, RuntimeError, CancelledError):
            if not self._closed:  # or nobody is born any more
                log.exception("no runner could be made (runner-start)")
                self._rest(slot)
            return None
        try:
            while not runner.start(self._settings.runner_start_seconds):
                pass
        except NotStarted as reason:
            self.discard(runner)
            if not self._closed:
                self.not_started(slot, runner, str(reason))
            return None
        return runner

    def _new(self, slot: str) -> Runner:
        return self._nursery.submit(self._bear, self._warm.get(slot, ())).result()

    def _bear(self, warm: tuple[str, ...]) -> Runner:
        runner = Runner(warm, self._bench)
        with self._lock:
            self._all.add(runner)
        return runner
