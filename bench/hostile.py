"""`python -m bench.hostile`: connections that mean harm, and one honest client beside.

Each kind of attack opens `--each` connections to a real server and goes on until the
server has ended them. Told are: what the honest client got, when the last hostile
connection was closed, and the server's memory before, at its highest, and after.
"""

import argparse
import asyncio
import base64
import os
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.processes import Site, site

PATIENCE = 90.0
PIECE = b"x" * 65536
Attack = Callable[["Target"], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the server is, and a key that it knows."""

    host: str
    port: int
    key: str

    def head(self, line: str, *headers: str) -> bytes:
        """A request's head."""
        own = (f"Host: {self.host}", f"Authorization: Bearer {self.key}")
        return "\r\n".join((line, *own, *headers, "", "")).encode()


@dataclass(slots=True)
class Told:
    """What one kind of attack came to; seconds."""

    name: str
    closed: list[float] = field(default_factory=list)
    open: int = 0


async def nothing(_: Target) -> AsyncIterator[bytes]:
    """Connect and say nothing."""
    yield b""


async def slow_head(target: Target) -> AsyncIterator[bytes]:
    """A head, byte by byte."""
    for byte in target.head("GET /api/apps HTTP/1.1", "X-Long: " + "y" * 500):
        yield bytes((byte,))
        await asyncio.sleep(1)


async def silent_body(target: Target) -> AsyncIterator[bytes]:
    """A body announced, and never sent."""
    yield target.head("POST /api/keys HTTP/1.1", JSON, "Content-Length: 1000")


async def slow_body(target: Target) -> AsyncIterator[bytes]:
    """A body, a byte a second."""
    yield target.head("POST /api/keys HTTP/1.1", JSON, "Content-Length: 1000")
    for _ in range(1000):
        yield b" "
        await asyncio.sleep(1)


async def endless_body(target: Target) -> AsyncIterator[bytes]:
    """300 MB in chunks."""
    chunked = "Transfer-Encoding: chunked"
    yield target.head("POST /api/keys HTTP/1.1", JSON, chunked)
    piece = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    for _ in range(300 * 2**20 // len(PIECE)):
        yield piece


async def many_parts(target: Target) -> AsyncIterator[bytes]:
    """10,000 parts of a form."""
    part = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'
    body = part * 10_000 + b"--b--\r\n"
    kind = "Content-Type: multipart/form-data; boundary=b"
    length = f"Content-Length: {len(body)}"
    yield target.head("POST /api/uploads HTTP/1.1", kind, length) + body


async def never_reads(target: Target) -> AsyncIterator[bytes]:
    """Large answers, asked for and never taken."""
    for _ in range(400):
        yield target.head("GET /openapi.json HTTP/1.1")
        await asyncio.sleep(0.01)


async def socket_never_reads(target: Target) -> AsyncIterator[bytes]:
    """A WebSocket that asks and never takes an answer."""
    yield upgrade(target)
    await asyncio.sleep(1)
    while True:
        yield frame(b"nonsense" * 8) * 50
        await asyncio.sleep(0.05)


async def silent_socket(target: Target) -> AsyncIterator[bytes]:
    """A WebSocket that answers no ping."""
    yield upgrade(target)


def upgrade(target: Target) -> bytes:
    """The handshake of a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    return target.head(
        "GET /api/events/ws HTTP/1.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    )


def frame(text: bytes) -> bytes:
    """A short text message, masked with zeros."""
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


JSON = "Content-Type: application/json"
ATTACKS: tuple[Attack, ...] = (
    nothing,
    slow_head,
    silent_body,
    slow_body,
    endless_body,
    many_parts,
    never_reads,
    socket_never_reads,
    silent_socket,
)


async def attack(target: Target, kind: Attack, told: Told) -> None:
    """One connection: sends what the attack says, reads nothing, waits for the end."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(target.host, target.port, limit=1024)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    sending = asyncio.create_task(_send(writer, kind(target)))
    try:
        async with asyncio.timeout(PATIENCE):
            while not await gone(writer):  # noqa: ASYNC110 (the system has no event)
                await asyncio.sleep(0.25)
    except TimeoutError:
        told.open += 1
    else:
        told.closed.append(time.monotonic() - began)
    sending.cancel()
    writer.transport.abort()
    del reader


async def gone(writer: asyncio.StreamWriter) -> bool:
    """Whether the other side has closed, seen without reading what it has sent."""
    number = writer.get_extra_info("socket").fileno()
    if writer.transport.is_closing() or number < 0:
        return True
    # The state of the connection as the system sees it: 01 is established.
    return await asyncio.to_thread(_state, number) != ["01"]


def _state(number: int) -> list[str]:
    try:
        inode = str(Path(f"/proc/self/fd/{number}").readlink())[8:-1]
    except FileNotFoundError:  # closed just now
        return []
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return [row.split()[3] for row in rows if inode in row.split()]


async def _send(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]) -> None:
    with suppress(ConnectionError):
        async for piece in pieces:
            writer.write(piece)
            await writer.drain()


async def honest(target: Target, over: asyncio.Event) -> list[tuple[int, float]]:
    """Statuses and seconds of somebody who only looks around."""
    found = []
    base = f"http://{target.host}:{target.port}"
    headers = {"Authorization": f"Bearer {target.key}"}
    async with httpx.AsyncClient(
        base_url=base, headers=headers, timeout=10, trust_env=False
    ) as client:
        while not over.is_set():
            for path in ("/api/apps", "/api/credits", "/api/jobs"):
                began = time.monotonic()
                try:
                    status = (await client.get(path)).status_code
                except httpx.HTTPError:
                    status = 0
                found.append((status, time.monotonic() - began))
            await asyncio.sleep(0.1)
    return found


def rss(pid: int) -> int:
    """Bytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


async def storm(
    target: Target, server: int, each: int, attacks: tuple[Attack, ...] = ATTACKS
) -> tuple[list[Told], list[tuple[int, float]], list[int]]:
    """Everything at once: what became of each kind, of the honest one, of memory."""
    over, memory = asyncio.Event(), [rss(server)]
    watching = asyncio.create_task(honest(target, over))
    told = [Told(kind.__name__) for kind in attacks]
    pairs = [
        (k, one) for k, one in zip(attacks, told, strict=True) for _ in range(each)
    ]
    running = [asyncio.create_task(attack(target, *pair)) for pair in pairs]
    while any(not one.done() for one in running):
        memory.append(rss(server))
        await asyncio.sleep(0.5)
    await asyncio.gather(*running)
    await asyncio.sleep(5)
    over.set()
    memory.append(rss(server))
    return told, await watching, memory


def target_of(made: Site) -> Target:
    """The server of a site, and a key for it."""
    parts = urlsplit(made.url)
    key = made.command("keys", "create", "hostile", "--quiet")
    return Target(parts.hostname or "", parts.port or 0, key)


def main() -> None:
    """Start a site, attack it, print."""
    parser = argparse.ArgumentParser(prog="bench.hostile", description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="connections of each kind")
    parser.add_argument("--rounds", type=int, default=2, help="memory must come back")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="lumiku-hostile-") as folder,
        site(Path(folder)) as made,
    ):
        made.start()
        target = target_of(made)
        for number in range(given.rounds):
            print(f"round {number + 1}")
            show(*asyncio.run(storm(target, made.pid("serve"), given.each)))


def show(told: list[Told], answers: list[tuple[int, float]], memory: list[int]) -> None:
    """Print what came of a storm."""
    for one in told:
        last = f"{max(one.closed):.1f} s" if one.closed else "-"
        closed = f"closed {len(one.closed):3}, last after {last}, open {one.open}"
        print(f"{one.name:20} {closed}")
    fine = sum(status == httpx.codes.OK for status, _ in answers)
    times = sorted(seconds for _, seconds in answers)
    print(
        f"honest: {fine} of {len(answers)} fine ({100 * fine / len(answers):.2f} %), "
        f"p50 {statistics.median(times) * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms"
    )
    mb = [one / 2**20 for one in memory]
    print(
        f"memory: {mb[0]:.0f} MB before, {max(mb):.0f} MB most, {mb[-1]:.0f} MB after"
    )


if __name__ == "__main__":
    main()
