"""Asks the rules of `lumiku verify` now and then; one server does it for all."""

import logging

from prometheus_client import Gauge

from lumiku_kernel.jobs.host import Host
from lumiku_kernel.jobs.sweep import elected
from lumiku_kernel.ledger import verify
from lumiku_kernel.store import seals
from lumiku_kernel.web.measures import COUNTED

LOOK_SECONDS = 60.0
EVERY_SECONDS = 3600.0
LEASE = "verifier"
log = logging.getLogger(__name__)

BROKEN = Gauge(
    "lumiku_verify_broken",
    "Rules of credits, jobs and seals that were found broken; 0 where another looked.",
    registry=COUNTED,
)


class Proof:
    """What was found when it was looked last."""

    def __init__(self, host: Host) -> None:
        """Nothing was looked at yet."""
        self._host = host
        self._looked_at: float | None = None

    def look(self) -> None:
        """Look, if it is time and no other server does; what is broken is logged."""
        store = self._host.store
        if not elected(
            store, self._host.presence.id, seconds=LOOK_SECONDS * 3, task=LEASE
        ):
            self._looked_at = None
            BROKEN.set(0)
            return
        now = store.now()
        if self._looked_at is not None and now - self._looked_at < EVERY_SECONDS:
            return
        asked = (*verify.verify(store), *seals.check(store))
        found = [one for one in asked if one.level == "error"]
        for one in found:
            log.error("%s: %s (%s)", one.check, one.cause, one.fix)
        BROKEN.set(len(found))
        self._looked_at = now
