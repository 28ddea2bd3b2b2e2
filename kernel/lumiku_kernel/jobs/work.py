"""The worker process: claims jobs, drives runners, and stops without losing any."""

import logging
import threading
from typing import Any

import dramatiq
from structlog.contextvars import bound_contextvars

from lumiku_kernel import traces
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.jobs import claim
from lumiku_kernel.jobs.broker import ACTOR, JobBroker
from lumiku_kernel.jobs.choose import Claimant
from lumiku_kernel.jobs.host import Host, when_told
from lumiku_kernel.jobs.recheck import Recheck
from lumiku_kernel.jobs.supervise import Supervisor
from lumiku_kernel.jobs.warm import Runners
from lumiku_kernel.plugins.settings import of_files
from lumiku_kernel.settings import Settings

SECRETS_SECONDS = 2.0
"""Between two looks at the files that hold plugins' secrets."""
log = logging.getLogger(__name__)


class WorkerProcess:
    """All that works in this process; `start`, then `stop`."""

    def __init__(self, settings: Settings, queues: frozenset[str] | None) -> None:
        """Load plugins, start nothing; `queues` are the classes served, None: all."""
        self.host = host = Host(settings, "worker", queues)
        self._slots = {
            slot: count
            for slot, count in settings.slots.items()
            if queues is None or slot in queues
        }
        cpu = [
            name
            for name, (_, provider) in host.registry.providers.items()
            if provider.cost == "cpu" and settings.warm_runners
        ]
        self._runners = Runners(
            settings, {"cpu": tuple(cpu)}, host.shelf.bench, host.bell.ring
        )
        self._known = self._secrets()
        self._supervisor = Supervisor(
            settings,
            host.store,
            host.registry,
            host.shelf,
            self._runners,
            refused=Recheck(host.store, host.watch),
            overtaken=self._overtaken,
        )
        self._broker = JobBroker(
            self._slots,
            host.bell,
            self._claim,
            self._supervisor.release,
            host.store.excuses,
        )
        dramatiq.actor(
            broker=self._broker, actor_name=ACTOR, queue_name=next(iter(self._slots))
        )(self._run)
        host.presence.idle_for = self._broker.idle_for
        host.presence.unopened = self._runners.faults
        threads = sum(self._slots.values())
        self._worker = dramatiq.Worker(
            self._broker, worker_threads=threads, worker_timeout=1000
        )

    def start(self) -> None:
        """Warm the runners, appear, and begin to claim."""
        settings = self.host.settings
        self._runners.prepare("cpu", self._slots.get("cpu", 0))
        self.host.start()
        # A renewal also tells of cancelled jobs, which nobody likes to wait for.
        often = min(settings.lease_seconds / 3, 2.0)
        self.host.every(often, "renew", self._supervisor.renew)
        self.host.every(SECRETS_SECONDS, "secrets", self._reread)
        self._worker.start()

    def stop(self) -> None:
        """Claim no more; let what is under way end for a while, then give it back."""
        grace = self.host.settings.stop_seconds
        self._supervisor.stopping.set()
        late = threading.Timer(grace, self._supervisor.give_up.set)
        late.daemon = True
        late.start()
        self._worker.stop(timeout=int((grace + 10) * 1000))
        late.cancel()
        self._runners.close()
        self.host.stop()

    def _reread(self) -> None:
        """Where a file holds another secret: open providers anew, and say so."""
        now = self._secrets()
        if now != self._known:
            self._known = now
            log.info("secrets have changed: providers are opened anew")
            self._runners.renew()
            self.host.presence.attest_again()

    def _secrets(self) -> dict[str, int]:
        ready = self.host.registry.ready
        return {ident: of_files(plugin) for ident, plugin in ready.items()}

    def _run(self, job: dict[str, Any]) -> None:
        words = {"job": job["id"], "plugin": job["plugin_id"]}
        words |= {"account": job["account_id"], "request_id": job["request_id"]}
        about = {"app": job["plugin_id"], "worker": job["worker"]}
        about |= {"model": job["model"], "job": job["id"], "epoch": job["epoch"]}
        span = traces.span("job", "consumer", job["traceparent"], **about)
        with bound_contextvars(**words), span:
            self._supervisor.run(job)

    def _claim(self, slot: str) -> dict[str, Any] | None:
        if self._supervisor.stopping.is_set() or self._runners.resting(slot):
            return None
        # A job waits for a runner in the queue, where another process may take it.
        job = claim.claim(
            self.host.store, self._asks(slot), lambda: self._runners.ready(slot)
        )
        if job is not None:
            self._runners.promise(job)
        return job

    def _overtaken(self, job: dict[str, Any]) -> bool:
        return claim.overtaken(self.host.store, self._asks(job["slot"]), job)

    def _asks(self, slot: str) -> Claimant:
        snapshot, settings = self.host.watch.snapshot, self.host.settings
        facts = snapshot.configuration.plugins
        flags = snapshot.configuration.flags
        held = {one.id for one in facts.values() if one.code == "QUARANTINED"}
        # Jobs of what is off are taken and refused, so that their credits come back.
        off = {
            ident
            for ident in facts
            if True not in flags.outcomes(enabled_key(ident), True)
        }
        return Claimant(
            slot=slot,
            plugins=({*self.host.registry.ready} - held) | off,
            owner=self.host.presence.id,
            lease_seconds=settings.lease_seconds,
            slots=sum(one.slots.get(slot, 0) for one in snapshot.presence.working),
            provider_most=settings.provider_concurrency,
        )


def work(settings: Settings, queues: frozenset[str] | None = None) -> None:
    """Run a worker process until it is told to stop."""
    told = threading.Event()
    when_told(told.set)
    process = WorkerProcess(settings, queues)
    process.start()
    log.info("worker process %s is ready", process.host.presence.id)
    told.wait()
    process.stop()
