"""A server's connections, with what hypercorn leaves open closed.

Hypercorn waits for ever for a peer that does not read, also when it wants to close.
Here a peer that takes nothing for `STALL_SECONDS` is cut off, whatever it was sent, and
a connection that is closed is given `CLOSE_SECONDS` to take its last bytes. WebSockets
are not compressed: their messages are short, and each compressor would keep more
memory than the rest of its connection.
"""

from typing import Any

from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.events import Event, RawData
from hypercorn.protocol import ws_stream

STALL_SECONDS = 30.0
CLOSE_SECONDS = 5.0
SMALL = 32 * 1024
"""Bytes that fit into an empty buffer."""


class Connection(TCPServer):
    """One that does not wait for ever."""

    async def protocol_send(self, event: Event) -> None:
        """Send bytes, or close."""
        if not isinstance(event, RawData) or self._flows(event):
            await super().protocol_send(event)
            return
        cut = self.loop.call_later(STALL_SECONDS, self.writer.transport.abort)
        try:
            await super().protocol_send(event)
        finally:
            cut.cancel()

    def _flows(self, event: RawData) -> bool:
        """Whether the bytes will not have to wait: most do not."""
        waiting = self.writer.transport.get_write_buffer_size()
        return waiting == 0 and len(event.data) < SMALL

    async def _close(self) -> None:
        cut = self.loop.call_later(CLOSE_SECONDS, self.writer.transport.abort)
        try:
            await super()._close()
        finally:
            cut.cancel()


def _no_extensions(*_: Any) -> None:
    return None


def use() -> None:
    """Let hypercorn make such connections."""
    run.TCPServer = Connection  # type: ignore[attr-defined]
    ws_stream.server_extensions_handshake = _no_extensions  # type: ignore[attr-defined,assignment]
