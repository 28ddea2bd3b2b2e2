"""Fans events out to those who follow jobs: one reader for the whole process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool

from lumiku_kernel.jobs import events
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.store import Bell, Store

REMEMBERED = 200
"""Events of a followed job kept in memory; older ones are read again."""

log = logging.getLogger(__name__)


class Channel:
    """The tail of one job's events, and those who wait for more."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.tail: list[dict[str, Any]] = []
        self.head = -1
        self.followers = 0
        self.changed = asyncio.Event()

    @property
    def ended(self) -> bool:
        """Whether the last event known is the job's end."""
        return bool(self.tail) and self.tail[-1]["type"] in ENDED

    def since(self, seq: int) -> list[dict[str, Any]] | None:
        """The events after `seq`, or None if they are not all in memory."""
        if self.head < 0 or (self.tail and self.tail[0]["seq"] > seq + 1):
            return None
        if not self.tail and self.head > seq:
            return None
        return [event for event in self.tail if event["seq"] > seq]

    def add(self, fresh: list[dict[str, Any]]) -> None:
        """Newer events; everybody is woken."""
        self.tail = [*self.tail, *fresh][-REMEMBERED:]
        self.head = fresh[-1]["seq"]
        self.changed.set()
        self.changed = asyncio.Event()


class Hub:
    """All channels of the process."""

    def __init__(self, store: Store, bell: Bell) -> None:
        """Idle until `run`."""
        self._store = store
        self._bell = bell
        self._channels: dict[str, Channel] = {}
        self._wake = asyncio.Event()
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Read what is new whenever the bell rings; ends by cancellation."""
        loop = asyncio.get_running_loop()
        self._bell.listen(lambda: self._rung(loop))
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not self._channels:
                continue
            try:
                await self._read()
            except Exception:
                log.exception("events could not be read; it is tried at the next bell")
                await asyncio.sleep(0.5)
                self._wake.set()

    def _rung(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._channels and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake.set)

    async def follow(
        self, job_id: str, after: int, *, idle: float = 15.0
    ) -> AsyncIterator[dict[str, Any] | None]:
        """A job's events after `after`, to its end; None after `idle` quiet seconds."""
        channel = self._channels.setdefault(job_id, Channel())
        channel.followers += 1
        self._wake.set()
        try:
            while not self.stopping.is_set():
                signal = channel.changed
                fresh = channel.since(after)
                if fresh is None:
                    fresh = await run_in_threadpool(self._older, job_id, after)
                for event in fresh:
                    after = event["seq"]
                    yield event
                if channel.ended and after >= channel.head:
                    return
                if not fresh and not await _within(signal, idle):
                    yield None
        finally:
            channel.followers -= 1
            if channel.followers == 0:
                self._channels.pop(job_id, None)

    async def ended(self, job_id: str, seconds: float) -> bool:
        """Whether the job ends in time."""
        try:
            async with asyncio.timeout(seconds):
                async for _ in self.follow(job_id, 0):
                    pass
        except TimeoutError:
            return False
        return not self.stopping.is_set()

    def stop(self) -> None:
        """Let all followers go."""
        self.stopping.set()
        for channel in self._channels.values():
            channel.changed.set()

    def _older(self, job_id: str, after: int) -> list[dict[str, Any]]:
        with self._store.read() as session:
            return events.after(session, job_id, after)

    async def _read(self) -> None:
        known = {ident: channel.head for ident, channel in self._channels.items()}
        for job_id, fresh in (await run_in_threadpool(self._fresh, known)).items():
            channel = self._channels.get(job_id)
            if channel is not None and fresh[-1]["seq"] > channel.head:
                channel.add([e for e in fresh if e["seq"] > channel.head])

    def _fresh(self, known: dict[str, int]) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        with self._store.read() as session:
            for job_id, head in events.heads(session, known).items():
                if head > known[job_id]:
                    after = max(known[job_id], head - REMEMBERED)
                    found[job_id] = events.after(
                        session, job_id, after, limit=REMEMBERED
                    )
        return {job_id: fresh for job_id, fresh in found.items() if fresh}


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
