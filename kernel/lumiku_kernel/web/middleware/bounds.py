"""How large a request's body may be, and how long it may take to come.

The server has no bounds of its own, and a body that nobody reads would block it: what
is left of one is taken and thrown away before the connection ends.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.problems import response

FIRST_SECONDS = 30.0
"""Until the first byte; afterwards a body may take a second for each `RATE` bytes."""
RATE = 1024
TOTAL_SECONDS = 300.0
LINGER_SECONDS, LINGER_BYTES = 2.0, 16 * 2**20
"""What is taken of a body that was refused, so that its sender reads the answer."""
BURST, MESSAGES = 200, 10
"""Messages a WebSocket may send, at once and then each second."""
CLOSE = {"Connection": "close"}


class Bounds:
    """Lets a body in within bounds: 413 `body-too-large`, 408 `body-too-slow`."""

    def __init__(self, app: ASGIApp, *, most: int, of_paths: Mapping[str, int]) -> None:
        """`most` bytes for a body, or what `of_paths` says for paths' beginnings."""
        self._app = app
        self._most = most
        self._of_paths = dict(of_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count and time what comes in."""
        if scope["type"] == "websocket":
            try:
                await self._app(scope, _metered(receive, send), send)
            finally:
                _discard(receive)
            return
        if scope["type"] != "http" or not _may_have_body(scope):
            await self._app(scope, receive, send)
            return
        most = self._most
        for path, more in self._of_paths.items():
            if scope["path"].startswith(path):
                most = more
        body = Incoming(receive, most)
        sending = _ending(body, send)
        try:
            if (_length(scope) or 0) > most:
                answer = response(Request(scope), body.too_large())
                await answer(scope, receive, sending)
            else:
                await self._app(scope, body.receive, sending)
        finally:
            if not body.ended:
                _discard(receive)


class Incoming:
    """A request's body on its way in."""

    def __init__(self, receive: Receive, most: int) -> None:
        """Nothing has come; `most` bytes may."""
        self._receive = receive
        self._most = most
        self._bytes = 0
        self._began = asyncio.get_running_loop().time()
        self.ended = False

    async def receive(self) -> Message:
        """The next message; raises 413 or 408 when it breaks the bounds."""
        if self.ended:
            return await self._receive()
        grace = min(FIRST_SECONDS + self._bytes / RATE, TOTAL_SECONDS)
        try:
            async with asyncio.timeout_at(self._began + grace):
                message = await self._take()
        except TimeoutError as error:
            detail = f"A body comes in {FIRST_SECONDS:.0f} s, or at {RATE} bytes/s."
            raise Problem(408, "body-too-slow", detail, headers=CLOSE) from error
        if self._bytes > self._most:
            raise self.too_large()
        return message

    async def _take(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            self.ended = True
        return message

    def too_large(self) -> Problem:
        """What is said of a body that is."""
        detail = f"A body has at most {self._most} bytes."
        return Problem(413, "body-too-large", detail, headers=CLOSE)

    async def linger(self) -> None:
        """Take what still comes, for a moment."""
        most = self._bytes + LINGER_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.ended and self._bytes < most:
                    await self._take()


_discarding: set[asyncio.Task[None]] = set()


def _discard(receive: Receive) -> None:
    """Take, beside everything else, whatever comes until the connection is gone.

    The server waits for room in a short queue, also to say that it is over.
    """
    task = asyncio.create_task(_take_all(receive))
    _discarding.add(task)
    task.add_done_callback(_discarding.discard)


async def _take_all(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_SECONDS):
            while not (await receive())["type"].endswith(".disconnect"):
                pass


def _ending(body: Incoming, send: Send) -> Send:
    async def sending(message: Message) -> None:
        last = message["type"] == "http.response.body" and not message.get("more_body")
        if body.ended or not last:
            await send(message)
            return
        # The answer goes out whole; the server is told of its end, and then closes,
        # while somebody still takes what is coming in.
        await send({**message, "more_body": True})
        await body.linger()
        body.ended = True
        _discard(body.receive)
        await send({"type": "http.response.body", "body": b""})

    return sending


def _metered(receive: Receive, send: Send) -> Receive:
    """What a WebSocket says, until it says too much."""
    clock = asyncio.get_running_loop().time
    began, count = clock(), 0

    async def receiving() -> Message:
        nonlocal count
        message = await receive()
        count += 1
        if count <= BURST + MESSAGES * (clock() - began):
            return message
        code, reason = 1008, "too-many-messages"
        await send({"type": "websocket.close", "code": code, "reason": reason})
        return {"type": "websocket.disconnect", "code": code, "reason": reason}

    return receiving


def _may_have_body(scope: Scope) -> bool:
    if scope.get("http_version", "1.1") not in ("1.0", "1.1"):
        return True
    length = _length(scope)
    return any(name == b"transfer-encoding" for name, _ in scope["headers"]) or (
        length is not None and length > 0
    )


def _length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return None
