"""A process's current snapshot, kept fresh by the bell; asking costs no query."""

import logging
import threading
import time
from collections.abc import Callable

from lumiku_kernel.flags.word import NOWHERE, Local
from lumiku_kernel.store import Bell, Store
from lumiku_kernel.visibility.reading import (
    EPOCH,
    read_configuration,
    read_epoch,
    read_presence,
)
from lumiku_kernel.visibility.snapshot import Snapshot

EVERY = 1.0
"""Seconds between two looks at presence, and at the epoch even without a bell."""

log = logging.getLogger(__name__)


class Watch:
    """Holds the newest complete snapshot; readers get it without waiting."""

    def __init__(
        self, store: Store, bell: Bell | None = None, local: Local = NOWHERE
    ) -> None:
        """Read the first snapshot now."""
        self._store = store
        self._local = local
        self._listeners: list[Callable[[int], None]] = []
        self._bell = bell
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._snapshot = take(store, local)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    @property
    def snapshot(self) -> Snapshot:
        """The newest."""
        return self._snapshot

    def start(self) -> None:
        """Begin to follow changes."""
        self._thread.start()

    def stop(self) -> None:
        """Follow no more."""
        self._stopped.set()

    def listen(self, listener: Callable[[int], None]) -> None:
        """Call `listener` with each epoch that is adopted."""
        self._listeners.append(listener)

    def refresh(self) -> Snapshot:
        """Look now; configuration is read again only if the epoch has risen."""
        before = self._snapshot.configuration.epoch
        found = self._look()
        if found.configuration.epoch != before:
            self._tell(found.configuration.epoch)
        return found

    def _tell(self, epoch: int) -> None:
        for listener in self._listeners:
            try:
                listener(epoch)
            except Exception:
                log.exception("epoch %s is adopted, but not everybody was told", epoch)

    def _look(self) -> Snapshot:
        with self._lock, self._store.read() as session:
            old = self._snapshot.configuration
            same = read_epoch(session) == old.epoch
            configuration = old if same else read_configuration(session, self._local)
            presence = read_presence(session)
            self._snapshot = Snapshot(configuration, presence)
            return self._snapshot

    def _run(self) -> None:
        seen = self._bell.rings if self._bell else 0
        looked = time.monotonic()
        while not self._stopped.is_set():
            if self._bell is None:
                self._stopped.wait(EVERY)
            else:
                seen = self._bell.wait(seen, EVERY)
            try:
                if time.monotonic() - looked >= EVERY or self._epoch_rose():
                    self.refresh()
                    looked = time.monotonic()
            except Exception as error:
                if not self._store.excuses(error):
                    log.exception("no fresh snapshot could be had; the last one stands")
                self._stopped.wait(EVERY)

    def _epoch_rose(self) -> bool:
        return bool(self._store.glance(EPOCH) != self._snapshot.configuration.epoch)


def take(store: Store, local: Local = NOWHERE) -> Snapshot:
    """A complete snapshot of this moment."""
    with store.read() as session:
        configuration = read_configuration(session, local)
        return Snapshot(configuration, read_presence(session))
