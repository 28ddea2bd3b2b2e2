"""What every long-lived process has: plugins, a bell, a snapshot, a broom."""

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable

from lumiku_contracts import Viewer
from lumiku_kernel import newcomers, traces
from lumiku_kernel.accounts.tiers import Tiers
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.evaluate import Result
from lumiku_kernel.flags.openfeature import provide
from lumiku_kernel.flags.tally import Tally
from lumiku_kernel.flags.word import Local
from lumiku_kernel.jobs import forget, sweep
from lumiku_kernel.jobs.presence import EVERY, Presence
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.ticker import every
from lumiku_kernel.ledger.allowance import renew_due
from lumiku_kernel.plugins import Registry, load, quarantine
from lumiku_kernel.plugins.prepare import LIVE, checked, record
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Bell, Store, seals
from lumiku_kernel.store.migrate import require
from lumiku_kernel.visibility.chronicle import Chronicle
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.tell import tell_due
from lumiku_kernel.visibility.watch import Watch

TIDY_SECONDS = 3600.0
SEAL_SECONDS = 10.0
NOTE_SECONDS = 0.25
ALLOWANCE_SECONDS = 15.0
SETTLE_SECONDS = 2.0
"""Servers see a new worker process within a second."""
log = logging.getLogger(__name__)


class Host:
    """A process in a role, `server` or `worker`."""

    def __init__(
        self, settings: Settings, role: str, queues: frozenset[str] | None = None
    ) -> None:
        """Load plugins and read the first snapshot; start nothing."""
        self.settings = settings
        traces.start(role, settings)
        self.store = Store(settings.database)
        try:
            beyond = require(self.store).beyond
        except Problem:
            self.store.close()
            raise
        if beyond is not None:
            log.warning("the database is of a newer release (%s); we go on", beyond)
        self.registry: Registry = checked(self.store, load(settings, self.store))
        others = {"SEED_FAILED"} if role == "server" else {"SEED_FAILED", *LIVE}
        record(self.store, self.registry.found, keep=others, waits=True)
        self._unsettled = role == "worker"
        self.shelf = shelf_of(settings)
        self.shelf.prepare()
        self.bell = Bell(self.store, settings.redis)
        self.tally = Tally()
        self.tiers = Tiers(self.store)
        self.watch = Watch(self.store, self.bell, Local.of(settings))
        self.watch.listen(self.tiers.adopt)
        self.presence = Presence(self.store, settings, role, self.registry, queues)
        self.stopped = threading.Event()
        self._chosen_until = self._started = 0.0
        webhook = settings.operator_webhook is not None
        self._chronicle = Chronicle(self.store, tells=webhook)
        self._noted: Snapshot | None = None
        self._news = threading.Event()
        self._news.set()  # what a process that died was about to tell
        self._threads: list[threading.Thread] = []
        self._ends: list[Callable[[], None]] = []

    def start(self) -> None:
        """Appear, and begin to watch and sweep."""
        self.presence.appear()
        self._started = time.monotonic()
        self.presence.adopt(self.watch.refresh().configuration.epoch)
        self.watch.listen(self.presence.adopt)
        self.watch.listen(provide(self._judge))
        self.bell.start()
        self.watch.start()
        self.every(EVERY, "presence", self.presence.live)
        self.every(EVERY, "flags asked", lambda: self.tally.write(self.store))
        self.every(SETTLE_SECONDS, "versions", self._settle)
        self.every(self.settings.lease_seconds / 6, "sweep", self._sweep)
        self.every(NOTE_SECONDS, "transitions", self._note)
        self.every(NOTE_SECONDS, "webhook", self._tell)
        self.every(SEAL_SECONDS, "seal", self._seal)
        self.every(TIDY_SECONDS, "tidy", self._tidy)
        self.every(ALLOWANCE_SECONDS, "allowances", self._allow)

    def every(self, seconds: float, name: str, act: Callable[[], None]) -> None:
        """Do `act` each `seconds` until the process stops."""
        self._threads.append(
            every(seconds, self.stopped, name, act, self.store.excuses)
        )

    def at_end(self, act: Callable[[], None]) -> None:
        """Do `act` when the process stops, once its threads have ended."""
        self._ends.append(act)

    def stop(self) -> None:
        """Leave; the threads end."""
        self.stopped.set()
        self.watch.stop()
        self.bell.stop()
        for thread in self._threads:
            thread.join(2)
        for end in self._ends:
            end()
        self.presence.leave()
        self.tally.write(self.store)
        self.store.close()
        traces.stop()

    def _settle(self) -> None:
        """Once servers have seen this worker process: its versions are those here."""
        if self._unsettled and self._appeared(SETTLE_SECONDS):
            keep = {"SEED_FAILED", *LIVE}
            record(self.store, self.registry.found, keep=keep, waits=True)
            self._unsettled = False

    def _appeared(self, seconds: float) -> bool:
        return time.monotonic() - self._started > seconds

    def _judge(self, key: str, viewer: Viewer, default: bool) -> Result:
        self.tally.count(key)
        return self.watch.snapshot.configuration.flags.judge(key, viewer, default)

    def _sweep(self) -> None:
        seconds = self.settings.lease_seconds / 2
        chosen = sweep.elected(self.store, self.presence.id, seconds=seconds)
        self._chosen_until = time.monotonic() + seconds if chosen else 0.0
        if chosen:
            sweep.sweep(self.store)
            quarantine.lapse(self.store)

    @property
    def chosen(self) -> bool:
        """Whether this process is the one that does what one must do."""
        return time.monotonic() < self._chosen_until

    def _note(self) -> None:
        """Have changed verdicts written down; the webhook has a thread of its own."""
        snapshot = self.watch.snapshot
        if not self.chosen:
            self._chronicle.skip(snapshot)
        elif snapshot is not self._noted and self._chronicle.note(snapshot):
            self._news.set()
        self._noted = snapshot

    def _tell(self) -> None:
        if self.chosen and self._news.is_set() and self.settings.operator_webhook:
            self._news.clear()
            tell_due(self.store, self.settings.operator_webhook.get_secret_value())

    def _seal(self) -> None:
        if self.chosen:
            seals.seal(self.store)

    def _allow(self) -> None:
        for terms in self.tiers.all if self.chosen else ():
            renew_due(self.store, terms.name, terms.allowance, terms.period)

    def _tidy(self) -> None:
        if sweep.elected(self.store, self.presence.id, seconds=60.0):
            newcomers.lapse(self.settings, self.store)
            forget.tidy(self.store, self.shelf, self.settings)


def when_told(stop: Callable[[], None]) -> None:
    """Call `stop` once, on SIGTERM, SIGINT, or when the process that started us dies.

    `lumiku up` hands its children the reading end of a pipe (LUMIKU_PARENT_FD): when
    it ends, in whatever way, the pipe closes.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    # A handler that set an Event would wait for ever for the lock that the handler
    # it has interrupted, or the main thread, holds. A byte in a pipe waits for nobody.
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    parent = os.environ.get("LUMIKU_PARENT_FD")
    sources = [reading] if parent is None else [reading, int(parent)]
    thread = threading.Thread(
        target=_wait, args=(sources, stop), name="told", daemon=True
    )
    thread.start()


def _wait(sources: list[int], stop: Callable[[], None]) -> None:
    select.select(sources, [], [])
    stop()
