"""What comes back from outside is bounded in time, size and kind; TLS is checked."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tests.kernel.listener import Listener, Talk, fine

from lumiku_kernel import outbound


def drip(head: bytes) -> Talk:
    def talk(guest: socket.socket) -> None:
        guest.sendall(head)
        while True:
            guest.sendall(b"x")
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
    ids=["in the head", "in the body"],
)
def test_a_sender_of_single_bytes_does_not_outlast_the_whole_requests_time(
    head: bytes, listener: Callable[[Talk], Listener]
) -> None:
    server = listener(drip(head))
    with (
        outbound.client(server.near, seconds=1.0) as http,
        pytest.raises(httpx.ReadTimeout),
    ):
        http.get(server.url, timeout=None)


def test_a_resolver_that_does_not_answer_is_left_behind() -> None:
    over = threading.Event()

    def stuck(_host: str, _port: int) -> list[str]:
        over.wait(60)
        return []

    with (
        outbound.client(resolve=stuck, seconds=0.5) as http,
        pytest.raises(httpx.ConnectTimeout),
    ):
        http.get("https://slow.test/")
    over.set()


def endless(guest: socket.socket) -> None:
    guest.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        guest.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def vast(guest: socket.socket) -> None:
    guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nsecret")


def packed(guest: socket.socket) -> None:
    body = gzip.compress(b"\0" * 10_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"
    guest.sendall(head.encode() + b"\r\n\r\n" + body)


def page(guest: socket.socket) -> None:
    guest.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nsecret"
    )


@pytest.mark.parametrize(
    ("talk", "code"),
    [
        (endless, "answer-too-large"),
        (vast, "answer-too-large"),
        (packed, "answer-encoded"),
        (page, "answer-of-wrong-type"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused_by_a_code(
    talk: Talk, code: str, listener: Callable[[Talk], Listener]
) -> None:
    server = listener(talk)
    media = ("image/",) if talk is page else ()
    with (
        outbound.client(server.near, most_bytes=1_000_000, media=media) as http,
        pytest.raises(outbound.Refusal) as told,
    ):
        http.get(server.url)

    assert told.value.code == code
    assert "secret" not in str(told.value)


def test_tls_speaks_and_believes_the_name_while_the_address_is_pinned(
    tmp_path: Path,
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", key, "-out", cert, "-subj", "/CN=receiver.test"),
            *("-addext", "subjectAltName=DNS:receiver.test"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    named: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    asked: list[bytes] = []

    def serve(plain: socket.socket) -> None:
        for _ in range(2):
            guest, _ = plain.accept()
            try:
                with context.wrap_socket(guest, server_side=True) as safe:
                    asked.append(safe.recv(4096))
                    fine(safe)
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as plain:
        port = plain.getsockname()[1]
        threading.Thread(target=serve, args=(plain,), daemon=True).start()
        near = {("receiver.test", port), ("other.test", port)}
        trust = ssl.create_default_context(cafile=str(cert))

        def here(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        with outbound.client(near, resolve=here, trust=trust) as http:
            assert http.get(f"https://receiver.test:{port}/").text == "hi"
            with pytest.raises(httpx.ConnectError):
                http.get(f"https://other.test:{port}/")

    assert named == ["receiver.test", "other.test"]
    assert f"host: receiver.test:{port}".encode() in asked[0].lower()
