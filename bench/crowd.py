"""Many WebSockets in one process, on bare sockets: the crowd must not be slow."""

import base64
import json
import os
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

TEXT, PING = 1, 9
PER_ADDRESS = 190


@dataclass(frozen=True, slots=True)
class Seat:
    """One follower: by which key, of which job."""

    key: str
    job_id: str


@dataclass(slots=True)
class Follower:
    """A socket and what of it has not been understood yet."""

    socket: socket.socket
    waiting: bytearray = field(default_factory=bytearray)


def crowd(pipe: Connection, port: int, seats: Sequence[Seat]) -> None:
    """Follow until told to stop; send what was heard: the events' stamps, and when."""
    followers = {}
    poll = select.epoll()
    for number, seat in enumerate(seats):
        made = _enter(port, seat, f"127.0.0.{2 + number // PER_ADDRESS}")
        followers[made.socket.fileno()] = made
        poll.register(made.socket.fileno(), select.EPOLLIN)
    pipe.send("ready")
    heard: list[tuple[str, float]] = []
    while not pipe.poll():
        for descriptor, _ in poll.poll(0.2):
            _hear(followers[descriptor], heard)
    pipe.send(heard)


def _enter(port: int, seat: Seat, address: str) -> Follower:
    entered = socket.create_connection(
        ("127.0.0.1", port), timeout=60, source_address=(address, 0)
    )
    nonce = base64.b64encode(os.urandom(16)).decode()
    path = f"/api/jobs/{seat.job_id}/ws?after=1"
    entered.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {nonce}\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {seat.key}\r\n\r\n".encode()
    )
    found = bytearray()
    while b"\r\n\r\n" not in found:
        part = entered.recv(4096)
        if not part:
            raise RuntimeError(found.decode(errors="replace"))
        found += part
    head, _, rest = found.partition(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode(errors="replace"))
    return Follower(entered, bytearray(rest))


def _hear(follower: Follower, heard: list[tuple[str, float]]) -> None:
    part = follower.socket.recv(65536)
    now = time.time()
    if not part:
        raise RuntimeError("the server has closed a socket")
    waiting = follower.waiting
    waiting += part
    while len(waiting) >= 4:  # noqa: PLR2004 (a header)
        length, start = waiting[1] & 127, 2
        if length == 126:  # noqa: PLR2004 (it follows in two bytes)
            (length,), start = struct.unpack(">H", waiting[2:4]), 4
        if len(waiting) < start + length:
            return
        kind, payload = waiting[0] & 15, bytes(waiting[start : start + length])
        del waiting[: start + length]
        if kind == PING:
            follower.socket.sendall(b"\x8a\x80" + os.urandom(4))
        elif kind == TEXT and b'"progress"' in payload:
            heard.append((json.loads(payload)["note"], now))
