"""A plugin's share of the server's threads, and how long its functions may take.

A function that hangs keeps its thread, and in the end its plugin's lane is full; the
others' lanes, and the kernel's own threads, stay free.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterable
from functools import cached_property, partial
from typing import Any, Protocol, TypeVar

import anyio
from anyio import to_thread

from lumiku_kernel.errors import Problem

THREADS = 8
SECONDS = 10.0
T = TypeVar("T")
log = logging.getLogger(__name__)


class Closing(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


class Lane:
    """One plugin's."""

    def __init__(self, plugin_id: str, seconds: float = SECONDS) -> None:
        """Free."""
        self._plugin_id = plugin_id
        self._seconds = seconds

    @cached_property
    def _limiter(self) -> anyio.CapacityLimiter:
        return anyio.CapacityLimiter(THREADS)

    async def call(self, function: Callable[..., T], *given: Any, **named: Any) -> T:
        """Call it in a thread of this lane; 503 `plugin-timeout` when it is late."""
        with anyio.move_on_after(self._seconds):
            return await self._run(partial(function, *given, **named))
        late = f"{self._plugin_id} did not answer in {self._seconds:.0f} s."
        raise Problem(503, "plugin-timeout", late, headers={"Retry-After": "10"})

    async def close(self, call: Closing) -> None:
        """Close what a call that was late has left open."""
        await to_thread.run_sync(call.close)

    async def chunks(self, made: Iterable[bytes]) -> AsyncIterator[bytes]:
        """What a stream of the plugin's makes; ends when it is late or fails."""
        parts = iter(made)
        while True:
            part: bytes | None = b""
            with anyio.move_on_after(self._seconds) as scope:
                part = await self._run(partial(next, parts, None))
            if scope.cancelled_caught or part is None:
                break
            yield part
        if scope.cancelled_caught:
            log.warning("a stream of %s was late and is cut short", self._plugin_id)
            raise Late(self._plugin_id)

    async def _run(self, function: Callable[[], T]) -> T:
        return await to_thread.run_sync(
            function, abandon_on_cancel=True, limiter=self._limiter
        )


class Late(Exception):
    """A plugin's stream that did not go on."""


class Lanes:
    """Every plugin's lane, and one for whatever is asked of no plugin."""

    def __init__(self, plugin_ids: Iterable[str]) -> None:
        """All are free."""
        self._known = {ident: Lane(ident) for ident in plugin_ids}
        self._nobodys = Lane("nobody")

    def of(self, plugin_id: str) -> Lane:
        """The plugin's lane."""
        return self._known.get(plugin_id, self._nobodys)
