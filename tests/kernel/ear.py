"""A receiver of webhooks on this machine, which answers as it is told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Ear:
    """What it was told, when, and what it answers next; 204 if nothing is left."""

    answers: list[int] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    url: str = ""

    def told(self, kind: str, app: str) -> list[dict[str, Any]]:
        """The messages of a type on an app."""
        return [m for m in self.heard if (m["type"], m["app"]) == (kind, app)]


@contextmanager
def listening() -> Iterator[Ear]:
    """One that listens as long as it is needed."""
    made = Ear()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            made.moments.append(time.time())
            made.heard.append(json.loads(self.rfile.read(length)))
            self.send_response(made.answers.pop(0) if made.answers else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    made.url = f"http://127.0.0.1:{server.server_port}/told"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
