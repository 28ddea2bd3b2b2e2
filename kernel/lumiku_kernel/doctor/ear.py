"""Hears a job's events as a viewer's browser does: by stream, and by WebSocket."""

import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    RejectConnection,
    Request,
    TextMessage,
)

PATIENCE = 3.0
"""Seconds after which what has not come is said not to come."""
Happen = Callable[[str], None]


def by_stream(client: httpx.Client, path: str, happen: Happen) -> str | None:
    """Why an event does not come as server-sent events; None if it does."""
    connected = False
    try:
        with client.stream("GET", path, timeout=PATIENCE) as answer:
            kind = answer.headers.get("content-type", "")
            if answer.status_code != 200 or "event-stream" not in kind:  # noqa: PLR2004 (HTTP)
                return f"it is answered with {answer.status_code} {kind}"
            until = time.monotonic() + 2 * PATIENCE
            for line in answer.iter_lines():
                if not connected:
                    connected = True
                    happen("stream")
                if '"stream"' in line:
                    return None
                if time.monotonic() > until:
                    break
    except httpx.ReadTimeout:
        return (
            f"nothing comes within {PATIENCE:.0f} s of the event"
            if connected
            else f"nothing comes within {PATIENCE:.0f} s: answers are held back"
        )
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    return "the stream ends before the event"


def by_socket(base: str, path: str, key: str, happen: Happen) -> str | None:
    """Why an event does not come by WebSocket; None if it does."""
    try:
        with _connected(base) as wire:
            return _talk(wire, urlsplit(base).netloc, path, key, happen)
    except TimeoutError:
        return f"nothing comes within {PATIENCE:.0f} s"
    except OSError as error:
        return f"{type(error).__name__}: {error}"


def _connected(base: str) -> socket.socket:
    parts = urlsplit(base)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    wire = socket.create_connection((parts.hostname or "", port), PATIENCE)
    if secure:
        trust = ssl.create_default_context()
        return trust.wrap_socket(wire, server_hostname=parts.hostname)
    return wire


def _talk(
    wire: socket.socket, host: str, path: str, key: str, happen: Happen
) -> str | None:
    talk = WSConnection(ConnectionType.CLIENT)
    who = [(b"authorization", f"Bearer {key}".encode())]
    wire.sendall(talk.send(Request(host=host, target=path, extra_headers=who)))
    until = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < until:
        data = wire.recv(65536)
        talk.receive_data(data or None)
        for event in talk.events():
            if isinstance(event, AcceptConnection):
                happen("socket")
            elif isinstance(event, TextMessage) and '"socket"' in event.data:
                return None
            elif (ended := _ended(event)) is not None:
                return ended
        if not data:
            return "the connection was closed"
    return f"the event does not come within {2 * PATIENCE:.0f} s"


def _ended(event: Event) -> str | None:
    if isinstance(event, RejectConnection):
        return f"the upgrade is answered with {event.status_code}"
    if isinstance(event, CloseConnection):
        return f"it was closed with {event.code} {event.reason or ''}".rstrip()
    return None
