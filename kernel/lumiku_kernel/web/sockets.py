"""One WebSocket that follows any number of jobs."""

import asyncio
import json
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import read
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.hub import Line, Told
from lumiku_kernel.web.problems import document
from lumiku_kernel.web.relay import ALLOWED_SECONDS, OVER, Farewell, relay

MOST_JOBS = 50
MOST_FAULTS = 5
"""Messages that mean nothing, after which a socket is closed."""
BURST, PER_SECOND = 100.0, 10.0
"""Messages that a socket may send at once, and in the long run."""
REFUSED = 1008
Message = dict[str, Any]


class Socket:
    """Serves one that has been accepted."""

    def __init__(self, socket: WebSocket, context: Context) -> None:
        """Follows nothing yet."""
        self._socket = socket
        self._context = context
        self._line = Line(context.site.hub)
        self._over: Farewell | None = None
        self._faults = 0

    async def run(self) -> None:
        """Serve until the other side, or the server, goes."""
        listening = asyncio.create_task(self._listen())
        try:
            why = await relay(
                self._context,
                self._line,
                self._send,
                quiet=ALLOWED_SECONDS,
                done=lambda: self._over,
            )
        finally:
            self._line.hang_up()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        await self._close(why)

    async def subscribe(self, job_id: str, after: int) -> None:
        """Follow one more job, or follow it from elsewhere; a refusal is told."""
        line = self._line
        try:
            if len(line.jobs) >= MOST_JOBS and job_id not in line.jobs:
                raise Problem(429, "too-many-jobs", f"Follow at most {MOST_JOBS} jobs.")
            await run_in_threadpool(self._look, job_id)
        except Refused as problem:
            told = document(problem, self._context.request_id)
            line.note({"type": "problem", "job": job_id, "problem": told})
            return
        line.unfollow(job_id)
        line.follow(job_id, after)

    def _look(self, job_id: str) -> None:
        with self._context.store.read() as session:
            read.one(session, job_id, self._context.account_id)

    async def _listen(self) -> None:
        left, counted = BURST, time.monotonic()
        while self._over is None:
            try:
                text = await self._socket.receive_text()
            except (WebSocketDisconnect, KeyError):  # a binary message has no text
                self._end(OVER)
                return
            now = time.monotonic()
            left = min(BURST, left + (now - counted) * PER_SECOND) - 1
            counted = now
            if left < 0:
                self._end(Farewell(REFUSED, "too-many-messages"))
                return
            await self._heed(text)

    async def _heed(self, text: str) -> None:
        try:
            op, job_id, after = _read(text)
        except (ValueError, RecursionError):
            detail = 'Send {"op": "subscribe", "job": "job_…", "after": 0}.'
            problem = Problem(422, "invalid-input", detail)
            told = document(problem, self._context.request_id)
            self._line.note({"type": "problem", "problem": told})
            self._faults += 1
            if self._faults >= MOST_FAULTS:
                self._end(Farewell(REFUSED, problem.code))
            return
        if op == "subscribe":
            await self.subscribe(job_id, after)
        else:
            self._line.unfollow(job_id)

    def _end(self, why: Farewell) -> None:
        self._over = why
        self._line.wake()

    async def _send(self, fresh: list[Told] | None) -> None:
        for told in fresh or () if self._over is not OVER else ():
            await self._socket.send({"type": "websocket.send", "text": told.text})

    async def _close(self, why: Farewell) -> None:
        try:
            async with asyncio.timeout(1):
                await self._socket.close(why.code, why.reason)
        except (TimeoutError, RuntimeError):
            return  # it is closed already, or nobody reads


def _read(text: str) -> tuple[str, str, int]:
    """What is asked; raises `ValueError` if it means nothing."""
    message = json.loads(text)
    known = isinstance(message, dict) and message.get("op") in {
        "subscribe",
        "unsubscribe",
    }
    after = message.get("after", 0) if known else 0
    right = type(after) is int and 0 <= after < 2**31
    if not (known and right and isinstance(message.get("job"), str)):
        raise ValueError(text[:100])
    return message["op"], message["job"], after
