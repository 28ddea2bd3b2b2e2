"""The only way out: an HTTP client that reaches public addresses and nothing near us.

For every address that somebody else chose (a webhook's, one in a plugin's input or in
a provider's answer)::

    with outbound.client(settings.near, seconds=10, most_bytes=64 * 1024) as http:
        http.post(url, content=body)

It refuses with `Refusal`, an `httpx.RequestError` with a `code`, so that whoever
handles `httpx.HTTPError` handles it too. `check(url, settings.near)` says before a
request, as a `Problem` of status 422, what would be refused.

A name is resolved once for a connection, each of its addresses must be public, and the
connection goes to the address that was judged: an answer of the DNS that changes in
between changes nothing. Proxies of the environment are not used. `seconds` is the
limit of the whole request, from the name to the body's last byte; the limits of
single operations, which a sender of one byte a minute never exceeds, come on top.
"""

import functools
import ssl
import time
from collections.abc import Iterator
from typing import cast

import httpcore
import httpx

from lumiku_kernel import traces
from lumiku_kernel.errors import Problem
from lumiku_kernel.outbound.address import (
    Near,
    Refusal,
    Resolve,
    port_of,
    refuse_unfit,
    system,
)
from lumiku_kernel.outbound.pinned import CONNECT, Left, Pinned

__all__ = ["Near", "Refusal", "check", "client"]
OPERATION = 30.0
"""Seconds for any single operation but a connection."""
_NO_ADDRESS = (
    *(httpx.InvalidURL, UnicodeError),
    *(httpcore.ConnectError, httpcore.ConnectTimeout),
)
SECONDS, MOST_BYTES = 120.0, 50_000_000


def check(url: str, near: Near = (), resolve: Resolve = system) -> None:
    """Raise `Problem` 422 `address-refused` if requests to `url` would be refused."""
    try:
        parsed = httpx.URL(url)
        refuse_unfit(parsed, near)
        host = parsed.raw_host.decode("ascii")
        Pinned(near, resolve).judged(host, port_of(parsed), CONNECT)
    except Refusal as refusal:
        raise Problem(422, "address-refused", refusal.detail) from refusal
    except _NO_ADDRESS as error:
        detail = "This is no address, or its host is not known."
        raise Problem(422, "address-refused", detail) from error


def client(
    near: Near = (),
    *,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    media: tuple[str, ...] = (),
    resolve: Resolve = system,
    trust: ssl.SSLContext | None = None,
) -> httpx.Client:
    """A client for `with`; it follows no redirects unless a request asks for it.

    Each hop is judged like the first. `media`, such as `("image/",)`, are the
    beginnings of the media types accepted; without it, any.
    """
    return httpx.Client(
        transport=Guarded(
            Pinned(near, resolve),
            seconds=seconds,
            most_bytes=most_bytes,
            media=media,
            trust=trust,
        ),
        headers={"Accept-Encoding": "identity"},
        timeout=httpx.Timeout(OPERATION, connect=CONNECT),
        trust_env=False,
    )


class Guarded(httpx.HTTPTransport):
    """HTTP with the guard's limits on time, bytes and media types."""

    def __init__(
        self,
        backend: "Pinned",
        *,
        seconds: float,
        most_bytes: int,
        media: tuple[str, ...],
        trust: ssl.SSLContext | None,
    ) -> None:
        """Connections are kept as the pool sees fit; each goes where it was judged."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust or _trust(),
            max_connections=20,
            max_keepalive_connections=5,
            keepalive_expiry=5.0,
            network_backend=backend,
        )
        self._near = backend.near
        self._seconds = seconds
        self._most = most_bytes
        self._media = media

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; its body is read under the same limits."""
        refuse_unfit(request.url, self._near)
        until = time.monotonic() + self._seconds
        asked: dict[str, float | None] = request.extensions.get("timeout", {})
        most = {"connect": CONNECT, "pool": CONNECT}
        request.extensions = {
            **request.extensions,
            "timeout": {
                name: Left.of(asked.get(name), most.get(name, OPERATION), until)
                for name in ("connect", "pool", "read", "write")
            },
        }
        host, method = request.url.host, request.method
        with traces.span(method, "client", host=host, method=method):
            if (trace := traces.here()) is not None:
                request.headers.setdefault("traceparent", trace)
            response = super().handle_request(request)
            traces.note(status=response.status_code)
        try:
            self._judge(response.headers)
        except Refusal:
            response.close()
            raise
        response.stream = _Counted(
            cast("httpx.SyncByteStream", response.stream), self._most
        )
        return response

    def _judge(self, headers: httpx.Headers) -> None:
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Refusal("answer-encoded", "The answer is packed, unasked.")
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._most:
            raise _too_large(self._most)
        kind = headers.get("content-type", "").strip().lower()
        if self._media and not kind.startswith(self._media):
            raise Refusal("answer-of-wrong-type", "The answer is of another type.")


class _Counted(httpx.SyncByteStream):
    """A body of at most so many bytes."""

    def __init__(self, stream: httpx.SyncByteStream, most: int) -> None:
        self._stream = stream
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for part in self._stream:
            count += len(part)
            if count > self._most:
                raise _too_large(self._most)
            yield part

    def close(self) -> None:
        self._stream.close()


def _too_large(most: int) -> Refusal:
    return Refusal("answer-too-large", f"The answer has more than {most} bytes.")


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we believe: certifi, or the operator's SSL_CERT_FILE."""
    return httpx.create_ssl_context()
