"""A program that receives webhooks, well or badly, and checks signatures on its own."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behave = Callable[[BaseHTTPRequestHandler], None]
TOLERANCE = 300
"""Seconds by which a message may be old."""


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's name."""
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        """The body read."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed(self, secret: str, *, at: float | None = None) -> bool:
        """Whether one of its signatures is right, by the specification's words."""
        stamp = self.headers["webhook-timestamp"]
        if abs((at or time.time()) - int(stamp)) > TOLERANCE:
            return False
        key = base64.b64decode(secret.split("_", 1)[1])
        content = b".".join([self.id.encode(), stamp.encode(), self.body])
        right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest())
        return any(
            kind == "v1" and hmac.compare_digest(value, right.decode())
            for kind, _, value in (
                one.partition(",") for one in self.headers["webhook-signature"].split()
            )
        )


@dataclass
class Receiver:
    """What has come to one address, and how it is answered."""

    port: int
    behave: Behave
    received: list[Received] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def near(self) -> str:
        """What an operator must allow for it."""
        return f"127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        """The names of the messages, in the order in which they came."""
        return [one.id for one in self.received]


def answering(status: int, **headers: str) -> Behave:
    """Answer so."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return behave


def hanging(request: BaseHTTPRequestHandler) -> None:
    """Say nothing until the other side has had enough."""
    request.connection.settimeout(120)
    request.rfile.read(1)


def dripping(request: BaseHTTPRequestHandler) -> None:
    """Begin an answer that goes on for ever, a byte at a time."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    for _ in range(3000):
        request.wfile.write(b"a")
        request.wfile.flush()
        time.sleep(0.05)


def endless(request: BaseHTTPRequestHandler) -> None:
    """Answer well, with a body that never ends."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    for _ in range(3000):
        request.wfile.write(b"a" * 1000)
        time.sleep(0.01)


@contextmanager
def receiving(behave: Behave | None = None) -> Iterator[Receiver]:
    """A receiver on a port of its own."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.close_connection = True
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            with made.lock:
                made.received.append(Received(headers, self.rfile.read(length)))
                made.open += 1
                made.most_open = max(made.most_open, made.open)
            try:
                made.behave(self)
            except OSError:
                return  # the other side has gone
            finally:
                with made.lock:
                    made.open -= 1

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    made = Receiver(server.server_port, behave or answering(204))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
