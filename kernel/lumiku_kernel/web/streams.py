"""One job's events as server-sent events."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lumiku_kernel.web.context import Context
from lumiku_kernel.web.hub import Line, Told
from lumiku_kernel.web.relay import OVER, RESTART, TOO_SLOW, Farewell, relay

COMMENT_SECONDS = 15.0
"""A comment is sent after so long a silence, for proxies on the way."""


Body = Callable[..., Awaitable[None]]


class Stream(Response):
    """Sent as they come, to the job's end."""

    media_type = "text/event-stream"

    def __init__(self, context: Context, job_id: str, after: int) -> None:
        """Nothing is sent yet."""
        super().__init__(None, 200, {"X-Accel-Buffering": "no"})
        self._context = context
        self._job_id, self._after = job_id, after

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the job has ended, or one side goes; 429 without a free seat."""

        async def body(part: bytes, *, more: bool = True) -> None:
            message = {"type": "http.response.body", "body": part, "more_body": more}
            await send(message)

        with self._context.seat():
            headers = [h for h in self.raw_headers if h[0] != b"content-length"]
            headers.append((b"cache-control", b"no-store"))
            start = {"type": "http.response.start", "status": 200, "headers": headers}
            await send(start)
            await body(b"retry: 2000\n\n")
            why = await self._relay(receive, body)
            if why is TOO_SLOW:
                return  # the connection ends in the middle of the stream
            if why is RESTART:
                await body(b"event: reconnect\ndata: {}\n\n")
            elif why is not OVER:
                told = json.dumps({"code": why.reason}).encode()
                await body(b"event: refused\ndata: " + told + b"\n\n")
            await body(b"", more=False)

    async def _relay(self, receive: Receive, body: Body) -> Farewell:
        line = Line(self._context.site.hub)

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                continue
            line.wake()

        async def frames(fresh: list[Told] | None) -> None:
            if fresh is None:
                await body(b": still here\n\n")
            elif not gone.done():
                await body(b"".join(told.frame for told in fresh))

        def done() -> Farewell | None:
            return OVER if gone.done() or not line.jobs else None

        gone = asyncio.create_task(watch())
        try:
            line.follow(self._job_id, self._after)
            return await relay(
                self._context, line, frames, quiet=COMMENT_SECONDS, done=done
            )
        finally:
            line.hang_up()
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
