"""Drives a runner through a job; alone writes down what becomes of it."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import OperationalError

from lumiku_kernel.jobs import claim, states
from lumiku_kernel.jobs.artifacts import Shelf, Unkept
from lumiku_kernel.jobs.attend import Attendance, Bounds, Cancelled, Overrun
from lumiku_kernel.jobs.fate import Fate
from lumiku_kernel.jobs.order import order
from lumiku_kernel.jobs.recheck import Refusal
from lumiku_kernel.jobs.runners import MB, NotStarted, Runner, RunnerDied
from lumiku_kernel.jobs.warm import Runners
from lumiku_kernel.plugins import Registry, quarantine
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

PROGRESS_EVERY = 0.5
"""Seconds between two words of progress that are written down."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Held:
    """A job in hand, as the thread that renews leases sees it."""

    job: dict[str, Any]
    cancel: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    told: float = 0.0
    """When progress was last written down, by `time.monotonic`."""


class Stopping(Exception):
    """This process is to stop; the job goes back."""


OUTSIDE = (RunnerDied, NotStarted, Cancelled, Stopping, OperationalError)
"""Not our own fault."""


class Supervisor:
    """The jobs of one worker process."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        registry: Registry,
        shelf: Shelf,
        runners: Runners,
        *,
        refused: Callable[[dict[str, Any]], Refusal | None] = lambda _job: None,
        overtaken: Callable[[dict[str, Any]], bool] = lambda _job: False,
    ) -> None:
        """Holds nothing yet.

        `refused` says of a job why it may no longer be run; `overtaken` whether
        another's turn comes before its next item.
        """
        self.settings = settings
        self.store = store
        self.registry = registry
        self.shelf = shelf
        self.fate = Fate(store, shelf)
        self.runners = runners
        self.refused = refused
        self.overtaken = overtaken
        self.stopping = threading.Event()
        self.give_up = threading.Event()
        # By epoch too: a job may come back while its zombie is still in hand here.
        self._held: dict[tuple[str, int], Held] = {}
        self._lock = threading.Lock()

    def run(self, job: dict[str, Any]) -> None:
        """Run a claimed job to its end, or give it back; never raises."""
        held, lease = Held(job), (job["id"], job["epoch"])
        with self._lock:
            self._held[lease] = held
        try:
            refusal = self.refused(job)
            if refusal is None:
                self._run(held)
            else:
                log.info("job %s is not run: %s", job["id"], refusal.detail)
                self.fate.end(job, None, refusal.code, refusal.detail)
        except states.LostLease:
            log.warning("job %s is another's now; its work here is dropped", job["id"])
        except Exception:
            # The lease runs out and the job is rescued; the cause is in the log.
            log.exception("job %s could not be supervised", job["id"])
        finally:
            with self._lock:
                del self._held[lease]

    def renew(self) -> None:
        """Prolong all leases in hand; tell jobs that are lost or cancelled."""
        with self._lock:
            held = dict(self._held)
        kept = claim.renew(self.store, held, lease_seconds=self.settings.lease_seconds)
        for lease, one in held.items():
            if lease not in kept:
                one.lost.set()
            elif kept[lease]:
                one.cancel.set()

    def release(self, job: dict[str, Any]) -> None:
        """Give back a job that was claimed and not started; never raises."""
        try:
            self.fate.give_back(job, rescued=False)
        except states.LostLease:
            log.warning("job %s is another's now", job["id"])
        except Exception:
            log.exception("job %s is left to the sweeper", job["id"])

    def _run(self, held: Held) -> None:
        while (over := self._with_a_runner(held)) is not None:
            if over.code == "timeout":
                self.fate.timed_out(held.job, over.index, str(over))
            else:
                self.fate.give_up(held.job, over.index, over.code, str(over))

    def _with_a_runner(self, held: Held) -> Overrun | None:
        """Run the job to its end, or to an item that its runner was killed for."""
        job = held.job
        runner = self.runners.take(job)
        try:
            self._start(held, runner)
            self._items(held, runner)
        except Overrun as reason:
            self.runners.discard(runner)
            log.warning("job %s item %s: %s", job["id"], reason.index, reason)
            return reason
        except Unkept as reason:
            self.runners.give_back(job["slot"], runner)
            self.fate.hold_over(job, reason)
        except Exception as reason:
            # Whatever it was, the runner's state is unknown and the job must go on.
            self.runners.discard(runner)
            if isinstance(reason, NotStarted):
                self.runners.not_started(job["slot"], runner, str(reason))
            if isinstance(reason, RunnerDied) and runner.ready:
                self._mourn(job)
            self._after(job, reason)
        else:
            self.runners.give_back(job["slot"], runner)
        return None

    def _start(self, held: Held, runner: Runner) -> None:
        while not runner.start(self.settings.runner_start_seconds):
            if self._heed(held):
                raise Cancelled
        self.runners.started(held.job["slot"], runner)

    def _heed(self, held: Held) -> bool:
        """Whether the job is cancelled; raises if it must not go on otherwise."""
        if held.lost.is_set():
            raise states.LostLease(held.job["id"])
        if self.give_up.is_set():
            raise Stopping
        return held.cancel.is_set()

    def _mourn(self, job: dict[str, Any]) -> None:
        """A runner that was ready died of a job: whose plugin is it?"""
        found = self.registry.of(job["plugin_id"])
        if found is None or self.stopping.is_set():
            return
        if quarantine.died(self.store, quarantine.Version.of(found), job):
            log.error("plugin %s is in quarantine: runners die of it", found.id)

    def _after(self, job: dict[str, Any], reason: Exception) -> None:
        """What becomes of a job whose runner had to go."""
        if isinstance(reason, states.LostLease):
            raise reason
        if not isinstance(reason, OUTSIDE):
            log.error("job %s: our own fault", job["id"], exc_info=reason)
        if isinstance(reason, Cancelled):
            self.fate.end(job, states.CANCELED)
        elif isinstance(reason, OperationalError):
            self.fate.hold_over(job, reason.orig)
        elif isinstance(reason, Stopping | NotStarted) or self.stopping.is_set():
            self.fate.give_back(job, rescued=False)
        elif job["rescues"] + 1 >= states.MOST_RESCUES:
            self.fate.end(job, None, "runner-died", f"{reason}, again and again.")
        else:
            log.warning("job %s: %s; it is queued again", job["id"], reason)
            self.fate.give_back(job, rescued=True)

    def _items(self, held: Held, runner: Runner) -> None:
        job = held.job
        for number, item in enumerate(self.fate.waiting(job["id"])):
            if held.cancel.is_set():
                self.fate.end(job, states.CANCELED)
                return
            if self.stopping.is_set() or (number and self.overtaken(job)):
                self.fate.give_back(job, rescued=False)
                return
            answer = self._make(held, runner, item)
            if answer["op"] == "done":
                self.fate.deliver(job, item["index"], answer)
            elif not self.fate.failed(job, item["index"], answer):
                return
        self.fate.end(job, None)

    def _make(self, held: Held, runner: Runner, item: dict[str, Any]) -> dict[str, Any]:
        """Have an item made; the runner's last word on it."""
        job, settings = held.job, self.settings
        worker = self.registry.worker(job["plugin_id"], job["worker"])
        return Attendance(
            runner,
            order(self.store, self.shelf, job, item),
            Bounds(
                # Without a worker it is over at once: the runner says that it is gone.
                worker.timeout if worker else settings.runner_start_seconds,
                settings.runner_memory_limit_mb * MB,
                settings.runner_disk_mb * MB,
            ),
            lambda: self._heed(held),
            lambda fraction, note: self._progress(held, item["index"], fraction, note),
        ).answer()

    def _progress(self, held: Held, index: int, fraction: float, note: str) -> None:
        if time.monotonic() - held.told < PROGRESS_EVERY:
            return
        job, held.told = held.job, time.monotonic()
        self.fate.progress(job, index, fraction, note)
