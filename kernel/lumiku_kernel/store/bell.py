"""A bell that rings when another connection has committed.

On SQLite it is `PRAGMA data_version`, asked every few milliseconds on a connection of
its own (a read of one page in shared memory). Elsewhere a slow tick takes its place.
A ring that is lost costs latency only: whoever waits looks at the tables.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable

from lumiku_kernel.store.engine import Store

EVERY = 0.02
"""Seconds between two looks at SQLite."""
TICK = 0.5
"""Seconds between two rings where the database has no cheap sign of change."""

log = logging.getLogger(__name__)


class Bell:
    """Counts the rings, wakes those who wait, and calls those who listen."""

    def __init__(self, store: Store) -> None:
        """Silent until `start`."""
        self._store = store
        self._rings = 0
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; those who wait are woken."""
        self._stopped.set()
        self.ring()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at each ring, in the bell's thread: it must be quick."""
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

    def _run(self) -> None:
        if self._store.path is None:
            while not self._stopped.wait(TICK):
                self.ring()
            return
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
