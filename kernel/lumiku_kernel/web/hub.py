"""Fans events out to those who follow jobs: one reader for the whole process.

A read for each ring of the bell finds what is new of all jobs followed, and each event
is put into words once, for however many listen.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.concurrency import run_in_threadpool

from lumiku_kernel.jobs import events
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.store import Bell, Store
from lumiku_kernel.web.measures import EVENTS

REMEMBERED = 200
"""Events of a followed job kept in memory; older ones are read again."""
PAGE = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """An event in words."""

    seq: int
    type: str
    text: str

    @classmethod
    def of(cls, event: dict[str, Any]) -> "Told":
        """Put an event, or a message that is none, into words."""
        text = json.dumps(event, separators=(",", ":"))
        return cls(event.get("seq", 0), event["type"], text)

    @cached_property
    def frame(self) -> bytes:
        """As a server-sent event."""
        head = f"id: {self.seq}\nevent: {self.type}\n"
        return f"{head}data: {self.text}\n\n".encode()

    def skipping(self, count: int) -> "Told":
        """The same, saying that `count` events before it were left out."""
        return Told(self.seq, self.type, f'{self.text[:-1]},"skipped":{count}}}')


class Channel:
    """The tail of one job's events, and the lines of those who wait for more."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.lines: set[Line] = set()
        self.over = False
        self.head = -1
        self._start = 0
        self._tail: list[Told] = []

    def open(self, seq: int, *, over: bool) -> None:
        """All up to `seq` has been told to somebody; the rest will come here."""
        if self.head < 0:
            self.head = self._start = seq
            self.over = over

    def since(self, seq: int) -> list[Told] | None:
        """The events after `seq`, or None if they are not all in memory."""
        if self.head < 0 or seq < self._start:
            return None
        return self._tail[seq - self._start :]

    def add(self, fresh: list[Told]) -> None:
        """The events that follow the head."""
        self._tail += [told for told in fresh if told.seq > self.head]
        self.head = self._tail[-1].seq if self._tail else self.head
        surplus = len(self._tail) - REMEMBERED
        if surplus > 0:
            del self._tail[:surplus]
            self._start += surplus
        self.over = bool(self._tail) and self._tail[-1].type in ENDED


class Hub:
    """All channels of the process."""

    def __init__(self, store: Store, bell: Bell) -> None:
        """Idle until `run`."""
        self._store = store
        self._bell = bell
        self._channels: dict[str, Channel] = {}
        self.lines: set[Line] = set()
        self._wake = asyncio.Event()
        self.stopping = False

    async def run(self) -> None:
        """Read what is new whenever the bell rings; ends by cancellation."""
        loop = asyncio.get_running_loop()
        self._bell.listen(lambda: self._rung(loop))
        while True:
            await self._wake.wait()
            self._wake.clear()
            known = {i: c.head for i, c in self._channels.items() if c.head >= 0}
            if not known:
                continue
            try:
                found = await run_in_threadpool(self._fresh, known)
            except Exception:
                log.exception("events could not be read; it is tried at the next bell")
                await asyncio.sleep(0.5)
                self._wake.set()
            else:
                self._tell(found)

    def _rung(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._channels and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake.set)

    def _fresh(self, known: dict[str, int]) -> dict[str, list[Told]]:
        with self._store.read() as session:
            found = events.news(session, known, limit=REMEMBERED)
        return {
            ident: [Told.of(one) for one in fresh] for ident, fresh in found.items()
        }

    def _tell(self, found: dict[str, list[Told]]) -> None:
        for ident, fresh in found.items():
            channel = self._channels.get(ident)
            if channel is not None and channel.head >= 0:
                channel.add(fresh)
                if len(fresh) == REMEMBERED:
                    self._wake.set()  # there may be more of it
                EVENTS.inc(len(fresh) * len(channel.lines))
                for line in channel.lines:
                    line.ring(ident)

    def join(self, line: "Line", job_id: str) -> None:
        """Let a line hear of a job."""
        self._channels.setdefault(job_id, Channel()).lines.add(line)

    def leave(self, line: "Line", job_id: str) -> None:
        """Let a line hear no more of a job."""
        channel = self._channels.get(job_id)
        if channel is not None:
            channel.lines.discard(line)
            if not channel.lines:
                del self._channels[job_id]

    @property
    def followers(self) -> int:
        """How often a job is followed."""
        return sum(len(channel.lines) for channel in self._channels.values())

    async def since(self, job_id: str, seq: int) -> tuple[list[Told], bool, bool]:
        """Events after `seq`; whether there may be more now; whether that is all."""
        channel = self._channels[job_id]
        fresh = channel.since(seq)
        if fresh is not None:
            head = fresh[-1].seq if fresh else seq
            return fresh, False, channel.over and head >= channel.head
        older, over = await run_in_threadpool(self._older, job_id, seq)
        if not older:
            channel.open(seq, over=over)
            self._wake.set()  # something may have happened in between
        return older, True, False

    def _older(self, job_id: str, seq: int) -> tuple[list[Told], bool]:
        with self._store.read() as session:
            over = events.over(session, job_id)
            found = events.after(session, job_id, seq, limit=PAGE)
        return [Told.of(one) for one in found], over

    async def ended(self, job_id: str, seconds: float) -> bool:
        """Whether the job ends in time."""
        line = Line(self)
        line.follow(job_id, 0)
        try:
            async with asyncio.timeout(seconds):
                while line.jobs and not self.stopping:
                    await line.more(seconds)
        except TimeoutError:
            return False
        finally:
            line.hang_up()
        return not line.jobs

    def stop(self) -> None:
        """Let all followers go."""
        self.stopping = True
        for line in self.lines:
            line.wake()


class Line:
    """One listener's place in each job it follows.

    What it has yet to hear is a place, not a queue: a listener that falls behind costs
    no memory, and hears of progress only the newest.
    """

    def __init__(self, hub: Hub) -> None:
        """Follows nothing yet."""
        self._hub = hub
        self._due: dict[str, None] = {}
        self._notes: list[Told] = []
        self._awake = asyncio.Event()
        self.jobs: dict[str, int] = {}
        self.slow = False
        hub.lines.add(self)

    def follow(self, job_id: str, after: int) -> None:
        """Hear of a job from the event after `after` to its end."""
        self.jobs[job_id] = after
        self._hub.join(self, job_id)
        self.ring(job_id)

    def unfollow(self, job_id: str) -> None:
        """Hear of it no more."""
        if self.jobs.pop(job_id, None) is not None:
            self._due.pop(job_id, None)
            self._hub.leave(self, job_id)

    def hang_up(self) -> None:
        """Hear of nothing more."""
        for job_id in list(self.jobs):
            self.unfollow(job_id)
        self._hub.lines.discard(self)

    def ring(self, job_id: str) -> None:
        """Something is new of a job."""
        self._due[job_id] = None
        self._awake.set()

    def note(self, message: dict[str, Any]) -> None:
        """Say something to this listener alone."""
        self._notes.append(Told.of(message))
        self._awake.set()

    def wake(self) -> None:
        """Return from `more`, though nothing is new."""
        self._awake.set()

    async def more(self, seconds: float) -> list[Told] | None:
        """What is new of one job, if anything; None after so many quiet seconds."""
        quiet = False
        if not self._due and not self._notes:
            quiet = not await _within(self._awake, seconds)
        self._awake.clear()
        notes, self._notes = self._notes, []
        job_id = next(iter(self._due), None)
        if job_id is None:
            return None if quiet else notes
        del self._due[job_id]
        after = self.jobs[job_id]
        fresh, again, over = await self._hub.since(job_id, after)
        if self.jobs.get(job_id) != after:
            return notes  # it is followed from elsewhere now, or not at all
        if fresh:
            self.jobs[job_id] = fresh[-1].seq
        if over:
            self.unfollow(job_id)
        elif again:
            self._due[job_id] = None
        return [*notes, *(newest(fresh, after) if self.slow else fresh)]


def newest(fresh: list[Told], after: int) -> list[Told]:
    """The events without progress that later progress has made old."""
    last = max((e.seq for e in fresh if e.type == "progress"), default=0)
    kept = []
    for told in fresh:
        if told.type == "progress" and told.seq != last:
            continue
        skipped = told.seq - after - 1
        kept.append(told.skipping(skipped) if skipped else told)
        after = told.seq
    return kept


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
