"""A dramatiq broker whose queue is the job table.

dramatiq gives the worker threads, their life and their stop; what is to be done, and
who does it, is in the database alone. Nothing is enqueued here, retried or delayed:
a message is made when a job is claimed, and forgotten when it is acknowledged.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from dramatiq import Broker, Consumer, Message, MessageProxy

from lumiku_kernel.store import Bell

ACTOR = "run_job"
Claim = Callable[[str], dict[str, Any] | None]
Release = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)


class JobBroker(Broker):
    """Queues are classes of slots; `slots` says how many jobs each may hold."""

    def __init__(
        self,
        slots: dict[str, int],
        bell: Bell,
        claim: Claim,
        release: Release,
        excused: Callable[[Exception], bool] = lambda _: False,
    ) -> None:
        """`claim(slot)` takes the next job or None; `release(job)` gives one back.

        A failure to claim is logged, unless it is `excused`.
        """
        super().__init__(middleware=[])
        self.slots = slots
        self.bell = bell
        self.claim = claim
        self.release = release
        self.excused = excused
        self._held = dict.fromkeys(slots, 0)
        self._looked = dict.fromkeys(slots, time.monotonic())
        self._lock = threading.Lock()
        for slot in slots:
            self.declare_queue(slot)

    def declare_queue(self, queue_name: str) -> None:
        """Know a class of slots."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def get_declared_queues(self) -> set[str]:
        """The classes known."""
        return set(self.queues)

    def enqueue(
        self, message: Message[Any], *, delay: int | None = None
    ) -> Message[Any]:
        """Refuse: a job is submitted by a row, never by a message."""
        raise RuntimeError(f"jobs come from the job table, not from {message} {delay}")

    def consume(
        self, queue_name: str, prefetch: int = 1, timeout: int = 1000
    ) -> Consumer:
        """Claim jobs of a class as its slots become free."""
        del prefetch  # a job is claimed only when it can start
        return JobConsumer(self, queue_name, timeout / 1000)

    def free(self, slot: str) -> bool:
        """Whether a job of this class could start now."""
        return self._held[slot] < self.slots[slot]

    def look(self, slot: str) -> None:
        """Note that a class's claim loop goes round."""
        self._looked[slot] = time.monotonic()

    def idle_for(self) -> float:
        """Seconds since the slowest claim loop last went round."""
        return time.monotonic() - min(self._looked.values(), default=time.monotonic())

    def hold(self, slot: str, change: int) -> None:
        """Count a job in (1) or out (-1)."""
        with self._lock:
            self._held[slot] += change


class JobConsumer(Consumer):
    """Waits for the bell or a free slot, then claims."""

    def __init__(self, broker: JobBroker, slot: str, timeout: float) -> None:
        """`timeout`: seconds until it answers with nothing."""
        self._broker = broker
        self._slot = slot
        self._timeout = timeout

    def __next__(self) -> MessageProxy | None:
        """The next job as a message, or None when there was none in time."""
        until = time.monotonic() + self._timeout
        while True:
            rings = self._broker.bell.rings
            self._broker.look(self._slot)
            job = self._claimed() if self._broker.free(self._slot) else None
            if job is not None:
                return self._message(job)
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._broker.bell.wait(rings, left)

    def _claimed(self) -> dict[str, Any] | None:
        try:
            return self._broker.claim(self._slot)
        except Exception as error:
            if not self._broker.excused(error):
                log.exception("no job could be claimed; it is tried again")
            time.sleep(0.5)
            return None

    def _message(self, job: dict[str, Any]) -> MessageProxy:
        self._broker.hold(self._slot, 1)
        message: Message[Any] = Message(
            queue_name=self._slot, actor_name=ACTOR, args=(job,), kwargs={}, options={}
        )
        return MessageProxy(message)

    def ack(self, message: MessageProxy) -> None:
        """A slot is free again."""
        self._broker.hold(message.queue_name, -1)
        self._broker.bell.ring()

    def nack(self, message: MessageProxy) -> None:
        """The same: what became of the job is in the database."""
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Claimed and not started, because this process stops: given back."""
        for message in messages:
            self._broker.release(message.args[0])
            self.ack(message)
