"""How much, how deep, how slowly, by what name: what the server lets in."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.kernel.site import problem

from lumiku_kernel.web import connection
from lumiku_kernel.web.middleware import bounds
from lumiku_kernel.web.middleware.access import Access
from lumiku_kernel.web.middleware.bounds import Bounds
from lumiku_kernel.web.middleware.envelope import Envelope
from lumiku_kernel.web.middleware.front import Front
from lumiku_kernel.web.problems import HANDLERS

MOST = 200_000
PATIENCE = 60.0


async def _echo(request: Request) -> Response:
    return Response(str(len(await request.body())))


async def _deaf(_request: Request) -> Response:
    return Response("said")


async def _large(_request: Request) -> Response:
    return Response(bytes(50 * 2**20))


async def _whence(request: Request) -> Response:
    host = request.client.host if request.client else ""
    return Response(f"{request.scope['scheme']} {host}")


def application(*proxies: str) -> Starlette:
    routes = [
        Route("/echo", _echo, methods=["POST"]),
        Route("/deaf", _deaf, methods=["POST"]),
        Route("/large", _large),
        Route("/whence", _whence),
        Route("/livez", _deaf),
    ]
    names = frozenset({"127.0.0.1", "here.example"})
    front = Middleware(Front, hosts=names, by_address=False, proxies=proxies)
    middleware = [
        Middleware(Access),
        Middleware(Envelope, https=False),
        front,
        Middleware(Bounds, most=MOST, of_paths={"/deaf": 10}),
    ]
    return Starlette(routes=routes, middleware=middleware, exception_handlers=HANDLERS)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A real server's, whose patience is short."""
    monkeypatch.setattr(bounds, "FIRST_SECONDS", 0.5)
    monkeypatch.setattr(bounds, "LINGER_SECONDS", 0.5)
    for name in ("SEND_SECONDS", "CLOSE_SECONDS"):
        monkeypatch.setattr(connection, name, 0.5)
    connection.use()
    listening = socket.create_server(("127.0.0.1", 0))
    config, over = Config(), threading.Event()
    config.bind = [f"fd://{listening.fileno()}"]
    config.graceful_timeout, config.keep_alive_timeout = 1, 0.2
    ended = asyncio.Event()

    async def run() -> None:
        async def stop() -> None:
            await asyncio.to_thread(over.wait)
            ended.set()

        await serve(application(), config, shutdown_trigger=stop)  # type: ignore[arg-type]

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    yield listening.getsockname()[1]
    over.set()
    thread.join(PATIENCE)


def sent(port: int, *pieces: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    for piece in pieces:
        made.sendall(piece)
    return made


def read(peer: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    try:
        while piece := peer.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def head(line: str, *headers: str) -> bytes:
    return "\r\n".join((line, *headers, "", "")).encode()


HOST = "Host: here.example"
CHUNKED = "Transfer-Encoding: chunked"


def test_a_body_that_never_comes_is_not_waited_for(port: int) -> None:
    peer = sent(port, head("POST /echo HTTP/1.1", HOST, "Content-Length: 10"))

    answer = read(peer)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code": "body-too-slow"' in answer


def test_a_body_that_trickles_in_is_not_waited_for(port: int) -> None:
    peer = sent(port, head("POST /echo HTTP/1.1", HOST, "Content-Length: 100000"))
    until = time.monotonic() + PATIENCE
    peer.settimeout(0.05)
    answer = b""
    while not answer and time.monotonic() < until:
        peer.send(b"x")
        try:
            answer = peer.recv(65536)
        except TimeoutError:
            continue

    assert answer.startswith(b"HTTP/1.1 408")


def test_an_endless_body_is_cut_short(port: int) -> None:
    piece = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
    peer = sent(port, head("POST /echo HTTP/1.1", HOST, CHUNKED))
    stopped = False
    try:
        for _ in range(5000):
            peer.sendall(piece)
    except OSError:
        stopped = True

    assert stopped


def test_who_sends_too_much_can_read_why(port: int) -> None:
    body = b"x" * (MOST * 4)
    told = f"Content-Length: {len(body)}"

    answer = read(sent(port, head("POST /echo HTTP/1.1", HOST, told), body))

    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"code": "body-too-large"' in answer
    assert f"at most {MOST} bytes".encode() in answer


def test_a_body_that_nobody_reads_holds_nothing_up(port: int) -> None:
    body = b"x" * (MOST * 20)
    for told in (f"Content-Length: {len(body)}", CHUNKED):
        peer = sent(port, head("POST /deaf HTTP/1.1", HOST, told))
        try:
            peer.sendall(body)
        except OSError:
            continue
        assert read(peer)

    fine = read(sent(port, head("GET /whence HTTP/1.1", HOST, "Connection: close")))
    assert fine.startswith(b"HTTP/1.1 200")


def test_an_answer_that_nobody_takes_is_cut(port: int) -> None:
    peer = sent(port, head("GET /large HTTP/1.1", HOST))
    time.sleep(2)  # longer than the server's patience

    assert len(read(peer)) < 50 * 2**20


BAD = [
    b"GET /whence HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example.evil.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example@evil.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: evil.example:80\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example, evil.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example/evil\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example:notaport\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost:\r\n\r\n",
    b"GET /whence HTTP/1.1\r\n\r\n",
    b"GET /whence HTTP/1.0\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example\r\nHost: evil.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: [::1]\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: evil\r\nForwarded: host=here.example\r\n\r\n",
    b"GET http://evil.example/whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"GET http://here.example/whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"GET @evil.example/whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"GET whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"CONNECT /whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"TRACE /whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"DEBUG /whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"get /whence\r\n\r\n",
    b"GET  /whence HTTP/1.1\r\nHost: here.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost : here.example\r\n\r\n",
    b"GET /whence HTTP/1.1\r\nHost: here.example\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: here.example\r\nContent-Length: -1\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: here.example\r\nContent-Length: 1, 2\r\n\r\nab",
    b"POST /echo HTTP/1.1\r\nHost: here.example\r\nTransfer-Encoding: x\r\n\r\nab",
    b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
]


@pytest.mark.parametrize("request_", BAD, ids=range(len(BAD)))
def test_what_is_no_request_for_this_site_is_refused(
    port: int, request_: bytes
) -> None:
    peer = sent(port, request_)
    peer.shutdown(socket.SHUT_WR)

    answer = read(peer)

    assert answer[9:10] in (b"4", b"5", b""), answer[:300]
    assert not answer.startswith(b"HTTP/1.1 500")
    assert b"location:" not in answer.lower()


def test_whoever_watches_the_process_may_ask_by_any_name() -> None:
    client = TestClient(application(), base_url="http://10.0.0.7:3000")

    assert client.get("/livez").status_code == 200
    problem(client.get("/whence"), 421, "host-unknown")


@pytest.mark.parametrize(
    ("proxies", "said", "whence"),
    [
        ((), {"X-Forwarded-For": "203.0.113.9"}, "http testclient"),
        (("10.0.0.0/8",), {"X-Forwarded-For": "203.0.113.9"}, "http testclient"),
    ],
)
def test_only_a_proxy_of_ours_is_believed(
    proxies: tuple[str, ...], said: dict[str, str], whence: str
) -> None:
    client = TestClient(application(*proxies), base_url="http://here.example")

    assert client.get("/whence", headers=said).text == whence


@pytest.mark.parametrize(
    ("said", "whence"),
    [
        ({"X-Forwarded-For": "203.0.113.9"}, "http 203.0.113.9"),
        ({"X-Forwarded-For": "1.2.3.4, 203.0.113.9"}, "http 203.0.113.9"),
        ({"X-Forwarded-For": "203.0.113.9, 10.1.1.1"}, "http 203.0.113.9"),
        ({"X-Forwarded-For": "evil, 10.1.1.1"}, "http 10.1.1.1"),
        ({"X-Forwarded-For": "evil"}, "http 10.0.0.1"),
        ({"X-Forwarded-Proto": "https"}, "https 10.0.0.1"),
        ({"X-Forwarded-Proto": "gopher"}, "http 10.0.0.1"),
        ({}, "http 10.0.0.1"),
    ],
)
def test_a_proxy_says_where_a_request_came_from(
    said: dict[str, str], whence: str
) -> None:
    client = TestClient(
        application("10.0.0.0/8"),
        base_url="http://here.example",
        client=("10.0.0.1", 50000),
    )

    assert client.get("/whence", headers=said).text == whence
