"""Tells one connection what its line hears, until one of them must go."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from lumiku_contracts import Refused
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.hub import Line, Told

SEND_SECONDS = 10.0
"""A reader that takes nothing for so long is let go."""
SLOW_SECONDS = 1.0
"""A reader that takes so long is spared the progress that is old already."""
ALLOWED_SECONDS = 45.0
"""How often it is asked again whether a follower may follow."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """Why a connection is closed: a WebSocket's code, and a word for programs."""

    code: int
    reason: str


OVER: Final = Farewell(1000, "")
RESTART: Final = Farewell(1012, "restart")
TOO_SLOW: Final = Farewell(1013, "too-slow")
UNKNOWN, FORBIDDEN = 4401, 4403


async def relay(
    context: Context,
    line: Line,
    send: Callable[[list[Told] | None], Awaitable[None]],
    *,
    quiet: float,
    done: Callable[[], Farewell | None],
) -> Farewell:
    """Send what is new, None after `quiet` seconds, until `done` says why not.

    Whoever may follow no longer, takes nothing, or is with a server that stops, is let
    go too.
    """
    asked = time.monotonic()
    while True:
        fresh = await line.more(quiet)
        if context.site.hub.stopping:
            return RESTART
        if time.monotonic() - asked >= ALLOWED_SECONDS:
            asked = time.monotonic()
            refused = await run_in_threadpool(_refused, context)
            if refused is not None:
                return refused
        if fresh is None or fresh:
            began = time.monotonic()
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await send(fresh)
            except TimeoutError:
                return TOO_SLOW
            line.slow = time.monotonic() - began > SLOW_SECONDS
        farewell = done()
        if farewell is not None:
            return farewell


def _refused(context: Context) -> Farewell | None:
    """Why the session or key is good no more, if it is not."""
    state = context.connection.scope["state"]
    identities = context.site.identities
    token = state.get("token", "")
    identity = identities.remembered(token) or identities.look_up(token)
    if identity.viewer.id != context.viewer.id:
        by_key = state.get("credential") == "key"
        return Farewell(UNKNOWN, "key-invalid" if by_key else "session-expired")
    now = Context(context.site, context.connection, identity, context.request_id)
    try:
        now.require("user", "jobs:read")
    except Refused as problem:
        return Farewell(FORBIDDEN, problem.code)
    return None
