"""Sends what is due to webhooks: in threads of its own, at most one to each webhook.

Any number of processes may do it at once. A receiver that is slow or dead holds one of
these threads for `SECONDS`, then rests; webhooks that fail have half of the threads at
most, so that the others are not kept waiting.
"""

import json
import logging
import threading

import httpx

from lumiku_kernel import outbound
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import deliveries, signing
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store

EVERY = 0.5
"""Seconds between two looks at what is due."""
SECONDS = 10.0
"""A receiver answers within so long, all in all."""
THREADS, FAILING = 8, 4
MOST_BYTES = 64 * 1024
STOP_SECONDS = 2.0

log = logging.getLogger(__name__)


class Courier:
    """A process's senders."""

    def __init__(self, settings: Settings, store: Store) -> None:
        """Idle until `start`."""
        self._settings = settings
        self._store = store
        self._stopped = threading.Event()
        self._look = threading.Event()
        self._lock = threading.Lock()
        self._under_way: dict[threading.Thread, bool] = {}
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more, and wait a little for what is under way."""
        self._stopped.set()
        self._look.set()
        self._thread.join(STOP_SECONDS)
        for thread in list(self._under_way):
            thread.join(STOP_SECONDS / THREADS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                while self._begin():
                    pass
            except Exception:
                log.exception("webhooks could not be looked at; it is tried again")
            self._look.wait(EVERY)
            self._look.clear()

    def _begin(self) -> bool:
        """Send one message in a thread, if one is due and a thread is free."""
        with self._lock:
            free = THREADS - len(self._under_way)
            failing = sum(self._under_way.values()) < FAILING
        if free <= 0 or self._stopped.is_set():
            return False
        with self._store.read() as session:
            if not deliveries.waits(session, failing=failing):
                return False
        with self._store.write() as session:
            claimed = deliveries.claim(session, failing=failing)
        if claimed is None:
            return False
        thread = threading.Thread(
            target=self._deliver, args=(claimed,), name="webhook", daemon=True
        )
        with self._lock:
            self._under_way[thread] = claimed.failing_since is not None
        thread.start()
        return True

    def _deliver(self, claimed: deliveries.Claimed) -> None:
        try:
            status, detail = send(self._settings, claimed)
            with self._store.write() as session:
                deliveries.record(session, claimed, status, detail)
        except Exception:
            log.exception("delivery %s is tried again", claimed.id)
        finally:
            with self._lock:
                del self._under_way[threading.current_thread()]
            self._look.set()


def send(settings: Settings, claimed: deliveries.Claimed) -> tuple[int | None, str]:
    """The answer's status, or None; and why it was no success. Its body is not read."""
    body = json.dumps(claimed.message, separators=(",", ":"), sort_keys=True).encode()
    try:
        key = pepper(settings)
        known = [signing.secret_of(key, salt) for salt in claimed.salts]
    except Problem as problem:
        return None, problem.code
    signed = signing.headers(known, claimed.once, claimed.at, body)
    try:
        with (
            outbound.client(
                settings.near, seconds=SECONDS, most_bytes=MOST_BYTES
            ) as http,
            http.stream("POST", claimed.url, content=body, headers=signed) as answer,
        ):
            status = answer.status_code
    except outbound.Refusal as refusal:
        return None, refusal.code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return None, type(error).__name__
    return status, f"HTTP {status}"
