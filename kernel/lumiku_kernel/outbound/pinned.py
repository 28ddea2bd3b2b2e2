"""Connections to addresses that were judged, and that end with their request."""

import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from lumiku_kernel.outbound.address import Near, Refusal, Resolve, is_public

CONNECT = 5.0
"""Seconds for a connection."""


class Left(float):
    """Seconds for one operation that also knows when the whole request must end."""

    until: float

    @classmethod
    def of(cls, seconds: float | None, most: float, until: float) -> "Left":
        """The less of what was asked and what is allowed at `most`."""
        made = cls(most if seconds is None else min(seconds, most))
        made.until = until
        return made


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    """What an operation may take now."""
    if not isinstance(timeout, Left):
        return timeout
    left = timeout.until - time.monotonic()
    if left <= 0:
        raise late("the request took too long")
    return min(float(timeout), left)


class Pinned(httpcore.NetworkBackend):
    """Connects to addresses that it has judged itself."""

    def __init__(self, near: Near, resolve: Resolve) -> None:
        self.near = frozenset(near)
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def judged(self, host: str, port: int, seconds: float) -> list[str]:
        """The host's addresses, all of them public, or `Refusal`."""
        found = _in_time(lambda: self._resolve(host, port), seconds)
        if not found:
            raise httpcore.ConnectError("the host has no address")
        if (host, port) not in self.near and not all(map(is_public, found)):
            raise Refusal("address-refused", "The address is not a public one.")
        return found

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first of its addresses that answers; the name stays for TLS."""
        late = httpcore.ConnectTimeout
        found = self.judged(host, port, _left(timeout, late) or CONNECT)
        fault: Exception = late("the request took too long")
        for address in found:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, _left(timeout, late), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
            else:
                return _Timed(stream)
        raise fault

    def sleep(self, seconds: float) -> None:
        """Between tries, of which there is one."""
        self._sockets.sleep(seconds)


class _Timed(httpcore.NetworkStream):
    """A connection whose operations end with the request's time."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _in_time(work: Callable[[], list[str]], seconds: float) -> list[str]:
    """The resolver's answer; it cannot be stopped, so it is left behind when late."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(work())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise httpcore.ConnectError("the host is not known") from found
    return found
