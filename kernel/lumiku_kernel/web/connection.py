"""One connection of the server's: what is sent must be taken, or it is cut.

Hypercorn waits for ever for a peer that does not read, also to close. Here a peer that
takes less than a buffer in `SEND_SECONDS`, or a WebSocket whose pings stay unanswered
for `SILENT_SECONDS`, is gone. WebSockets are not compressed: their messages are short,
and each compressor would keep more memory than the rest of its connection.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import MAX_RECV, TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.events import Closed, Event, RawData
from hypercorn.protocol import ws_stream
from hypercorn.protocol.h11 import H11Protocol, H11WSConnection

SEND_SECONDS = 20.0
CLOSE_SECONDS = 5.0
PING_SECONDS = 20.0
SILENT_SECONDS = 35.0
SMALL = 32 * 1024
"""Bytes that fit into an empty buffer."""


class Connection(TCPServer):
    """Hypercorn's, with an end."""

    async def protocol_send(self, event: Event) -> None:
        """Send, or close; cut the connection if that takes too long."""
        if isinstance(event, RawData) and self._flows(event):
            await super().protocol_send(event)
            return
        closing = isinstance(event, Closed)
        seconds = CLOSE_SECONDS if closing else SEND_SECONDS
        cut = self.loop.call_later(seconds, self._cut)
        try:
            await super().protocol_send(event)
        finally:
            cut.cancel()

    def _flows(self, event: RawData) -> bool:
        """Whether the bytes will not have to wait: most do not."""
        waiting = self.writer.transport.get_write_buffer_size()
        return waiting == 0 and len(event.data) < SMALL

    async def _read_data(self) -> None:
        while not self.reader.at_eof():
            seconds = SILENT_SECONDS if self._is_socket() else None
            try:
                data = await asyncio.wait_for(self.reader.read(MAX_RECV), seconds)
            except (OSError, TimeoutError):
                break
            await self.protocol.handle(RawData(data))
        await self.protocol.handle(Closed())

    def _is_socket(self) -> bool:
        """Whether it is a WebSocket, which answers each ping."""
        inner = self.protocol.protocol
        return isinstance(inner, H11Protocol) and isinstance(
            inner.connection, H11WSConnection
        )

    async def _close(self) -> None:
        cut = self.loop.call_later(CLOSE_SECONDS, self._cut)
        try:
            await super()._close()
        finally:
            cut.cancel()

    def _cut(self) -> None:
        """End it now: what was not taken is thrown away, here and in the system."""
        with suppress(OSError):
            peer = self.writer.get_extra_info("socket")
            peer.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        self.writer.transport.abort()


class Context(WorkerContext):
    """Hypercorn's, whose pings do not hold up a stop."""

    async def sleep(self, wait: float) -> None:  # type: ignore[override]
        """Sleep, but no longer than the server runs."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self.terminated.wait()


def _no_extensions(*_: Any) -> None:
    return None


def use() -> None:
    """Have hypercorn make its connections of ours: it offers no other way."""
    given: tuple[tuple[Any, str, Any], ...] = (
        (run, "TCPServer", Connection),
        (run, "WorkerContext", Context),
        (ws_stream, "server_extensions_handshake", _no_extensions),
    )
    for module, name, ours in given:
        setattr(module, name, ours)
