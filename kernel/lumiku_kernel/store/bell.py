"""A bell that rings when somebody has committed, here or in another process.

On SQLite it is `PRAGMA data_version`, asked every few milliseconds on a connection of
its own (a read of one page in shared memory). Where there is a door, each process also
tells the others through it: Redis if one is named, else LISTEN and NOTIFY of
PostgreSQL. A ring that is lost costs latency only: whoever waits looks at the tables,
at each `TICK` at the latest.
"""

import logging
import random
import sqlite3
import threading
from collections.abc import Callable

from lumiku_kernel.store.doors import Door, NotifyDoor, RedisDoor
from lumiku_kernel.store.engine import Store
from lumiku_kernel.store.trouble import Outage

EVERY = 0.02
"""Seconds between two looks at SQLite."""
TICK = 1.0
"""At most so many seconds between two rings where there is a door, open or not."""
REST = 0.003
"""Seconds between two words to the others: many commits are one word."""

log = logging.getLogger(__name__)


class Bell:
    """Counts the rings, wakes those who wait, and calls those who listen."""

    def __init__(self, store: Store, redis_url: str | None = None) -> None:
        """Silent until `start`."""
        self._store = store
        self._door = _door(store, redis_url)
        self._rings = 0
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._written = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self._heeding = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to look."""
        acts: dict[str, Callable[[], None]] = {}
        if self._store.is_sqlite:
            self._heeding.set()
            acts["bell"] = self._watch_file
        if self._door is not None:
            acts |= {"bell door": self._watch_door, "bell out": self._tell_others}
            self._store.listen(self._written.set)
        for name, act in acts.items():
            thread = threading.Thread(target=act, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Look no more; those who wait are woken."""
        self._stopped.set()
        self._written.set()
        self.ring()

    def join(self) -> None:
        """Wait until its threads have ended."""
        for thread in self._threads:
            thread.join(5)

    def heeds(self, seconds: float) -> bool:
        """Whether others are heard, within so many seconds; else it rings by time."""
        return self._heeding.wait(seconds)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each ring, in a thread of the bell's: it must be quick."""
        self._listeners.append(listener)

    def ring(self) -> None:
        """Wake everybody, as for a change in this process."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()
        for listener in self._listeners:
            listener()

    @property
    def rings(self) -> int:
        """How often it has rung."""
        return self._rings

    def wait(self, seen: int, timeout: float) -> int:
        """Wait up to `timeout` seconds for a ring after `seen`; the count now."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout)
            return self._rings

    def _watch_file(self) -> None:
        while not self._stopped.is_set():
            try:
                self._watch(str(self._store.path))
            except sqlite3.Error:
                log.exception("the bell could not look at the database; it tries again")
                self._stopped.wait(1.0)

    def _watch(self, path: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None, timeout=1)
        try:
            seen = None
            while not self._stopped.wait(EVERY):
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != seen:
                    seen = version
                    self.ring()
        finally:
            connection.close()

    def _watch_door(self) -> None:
        """Ring when somebody else does, and at each tick whatever the door says."""
        assert self._door is not None  # noqa: S101 (only then the thread is started)
        outage = Outage(f"the bell of {self._door.name}", "the database is asked")
        while not self._stopped.is_set():
            patience = TICK * random.uniform(0.7, 1.0)  # noqa: S311 (jitter)
            try:
                self._door.open()
                self._heeding.set()
                outage.over()
                self._door.hear(patience)
            except self._door.failures as error:
                if not self._store.is_sqlite:
                    self._heeding.clear()
                self._door.close()
                outage.begun(error)
                self._stopped.wait(patience)
            self.ring()
        self._door.close()

    def _tell_others(self) -> None:
        """After commits: ring here, then say so through the door."""
        assert self._door is not None  # noqa: S101 (only then the thread is started)
        outage = Outage(f"the way to {self._door.name}", "others look by themselves")
        while True:
            self._written.wait()
            if self._stopped.is_set():
                return
            self._written.clear()
            self.ring()
            try:
                self._door.tell()
                outage.over()
            except self._door.failures as error:
                outage.begun(error)
            self._stopped.wait(REST)


def ring_out(store: Store, redis_url: str | None = None) -> None:
    """For a process that is soon over: tell others of each commit, hear nobody.

    A way that is gone is the doctor's to tell: others look by themselves.
    """
    door = _door(store, redis_url)
    if door is None:
        return

    def tell() -> None:
        try:
            door.tell()
        except door.failures as error:
            log.debug("nobody is told through %s: %s", door.name, error)

    store.listen(tell)


def _door(store: Store, redis_url: str | None) -> Door | None:
    if redis_url is not None:
        return RedisDoor(redis_url, store)
    return None if store.is_sqlite else NotifyDoor(store)
