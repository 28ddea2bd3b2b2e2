"""Follow jobs as they happen: by server-sent events and by WebSocket."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import read
from lumiku_kernel.web.context import Context, context_of
from lumiku_kernel.web.endpoint import Endpoint
from lumiku_kernel.web.problems import document

SEND_SECONDS = 10.0
"""A reader that takes nothing for so long is let go."""
ALLOWED_SECONDS = 60.0
"""How often it is asked again whether a follower may follow."""
MOST_JOBS = 50
BUSY, RESTART, REFUSED = 1013, 1012, 1008


def _allowed(context: Context, job_id: str) -> None:
    with context.store.read() as session:
        read.one(session, job_id, context.account_id)


async def stream(context: Context, job_id: str) -> StreamingResponse:
    """A job's events as `text/event-stream`; resumes by `Last-Event-ID`."""
    await run_in_threadpool(_allowed, context, job_id)
    after = _number(
        context.connection.headers.get("last-event-id")
        or context.connection.query_params.get("after", "0")
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _server_sent(context, job_id, after), 200, headers, "text/event-stream"
    )


async def _server_sent(
    context: Context, job_id: str, after: int
) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    checked = time.monotonic()
    async for event in context.site.hub.follow(job_id, after):
        if time.monotonic() - checked > ALLOWED_SECONDS:
            if not await _still(context):
                return
            checked = time.monotonic()
        if event is None:
            yield b": still here\n\n"
        else:
            told = f"id: {event['seq']}\nevent: {event['type']}\n"
            yield f"{told}data: {json.dumps(event)}\n\n".encode()


async def _still(context: Context) -> bool:
    """Whether the session or key is still good."""
    state = context.connection.scope["state"]
    identity = await run_in_threadpool(
        context.site.identities.look_up, state.get("token", "")
    )
    return identity.viewer.id == context.viewer.id


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 (digits of a number)
        raise Problem(422, "invalid-input", "`after` is the number of an event.")
    return int(text)


class Socket:
    """One WebSocket that follows any number of jobs."""

    def __init__(self, socket: WebSocket, context: Context) -> None:
        """Follows nothing yet."""
        self._socket = socket
        self._context = context
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Serve until the other side, or the server, goes."""
        watching = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._context.site.hub.stopping.wait()),
            asyncio.create_task(self._watch_right()),
        ]
        done, _ = await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
        for task in [*watching, *self._tasks.values()]:
            task.cancel()
        await asyncio.gather(*watching, *self._tasks.values(), return_exceptions=True)
        if watching[1] in done:
            await self._close(RESTART, "restart")
        elif watching[2] in done:
            await self._close(REFUSED, "session-expired")

    async def subscribe(self, job_id: str, after: int) -> None:
        """Follow one more job; a refusal is told, not fatal."""
        try:
            if len(self._tasks) >= MOST_JOBS:
                raise Problem(429, "too-many-jobs", f"Follow at most {MOST_JOBS} jobs.")
            await run_in_threadpool(_allowed, self._context, job_id)
        except Refused as problem:
            told = document(problem, self._context.request_id)
            await self._send({"type": "problem", "job": job_id, "problem": told})
            return
        old = self._tasks.pop(job_id, None)
        if old is not None:
            old.cancel()
        self._tasks[job_id] = asyncio.create_task(self._relay(job_id, after))

    async def _listen(self) -> None:
        while True:
            try:
                message: Any = json.loads(await self._socket.receive_text())
                known = message["op"] == "subscribe" and isinstance(message["job"], str)
                after = _number(str(message.get("after", 0)))
            except WebSocketDisconnect:
                return
            except (ValueError, KeyError, TypeError, AttributeError, Refused):
                known, after = False, 0
            if known:
                await self.subscribe(message["job"], after)
            else:
                detail = 'Send {"op": "subscribe", "job": "job_…", "after": 0}.'
                problem = Problem(422, "invalid-input", detail)
                told = document(problem, self._context.request_id)
                await self._send({"type": "problem", "problem": told})

    async def _relay(self, job_id: str, after: int) -> None:
        async for event in self._context.site.hub.follow(job_id, after):
            if event is not None:
                await self._send(event)
        self._tasks.pop(job_id, None)

    async def _watch_right(self) -> None:
        while True:
            await asyncio.sleep(ALLOWED_SECONDS)
            if not await _still(self._context):
                return

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS):
                await self._socket.send_text(json.dumps(message))
        except TimeoutError:
            await self._close(BUSY, "too-slow")
            raise

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(1):
                await self._socket.close(code, reason)
        except (TimeoutError, RuntimeError):
            return  # it is closed already, or nobody reads


async def follow_many(socket: WebSocket) -> None:
    """`/api/events/ws`: subscribe to jobs, each from the event after `after`."""
    await _serve(socket, None)


async def follow_one(socket: WebSocket) -> None:
    """`/api/jobs/{job_id}/ws?after=`: one job."""
    await _serve(socket, socket.path_params["job_id"])


async def _serve(socket: WebSocket, job_id: str | None) -> None:
    context = context_of(socket)
    try:
        context.require("user", "jobs:read")
        after = _number(socket.query_params.get("after", "0"))
    except Refused as problem:
        await socket.close(REFUSED, problem.code)
        return
    await socket.accept()
    follower = Socket(socket, context)
    if job_id is not None:
        await follower.subscribe(job_id, after)
    await follower.run()


ENDPOINTS = (
    Endpoint("GET", "/api/jobs/{job_id}/stream", stream, scope="jobs:read", tag="jobs"),
)
SOCKETS = (
    WebSocketRoute("/api/events/ws", follow_many),
    WebSocketRoute("/api/jobs/{job_id}/ws", follow_one),
)
