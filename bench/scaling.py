"""What one process holds, and what two do: `python -m bench.scaling --write PAGE`.

Real servers and worker processes on both databases, asked by processes of their own on
the same machine. A wall-clock figure on a machine that others use says little; the CPU
that a request or a job costs hardly changes, and says when a core is full.
"""

import argparse
import http.client
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from statistics import quantiles

from sqlalchemy import func, select, update
from tests.backends import Backend, free_port, postgres
from tests.faults.house import House, family

from bench.followers import pss_kib
from bench.processes import cpu_seconds
from bench.table import Figure, plain, write
from lumiku_contracts import Tier
from lumiku_kernel.accounts.keys import create_key
from lumiku_kernel.store.tables import jobs, processes

ASKING, THREADS = 2, 4
"""Processes that ask, and the connections each keeps open."""
PLENTY = 1_000_000
SETTINGS = {"LUMIKU_WORKER_CONCURRENCY": "4", "LUMIKU_WARM_RUNNERS": "true"}
AGES = 9_999_999_999.0
"""A moment in the year 2286."""
Lent = Callable[[], AbstractContextManager[Backend]]
Given = argparse.Namespace
SENT = multiprocessing.get_context("spawn")


def pid_of(port: int) -> int:
    """The process that listens on a port of ours: the child of `setpriv`, or itself."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "environ").read_bytes().split(b"\0")
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"LUMIKU_PORT={port}".encode() in words and b"serve" in line:
                return int(entry.name)
    raise LookupError(f"nobody serves {port}")


def ask(
    port: int, key: str, body: bytes | None, until: float, done: "Synchronized[int]"
) -> None:
    """Ask one server again and again on one connection: GET apps, or POST a job."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    given = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    path = "/api/apps" if body is None else "/api/apps/trial/write"
    number = 0
    while time.monotonic() < until:
        number += 1
        once = f"{os.getpid()}-{id(wire)}-{number}"
        headers = {**given, "Idempotency-Key": once}
        wire.request("GET" if body is None else "POST", path, body, headers)
        answer = wire.getresponse()
        answer.read()
        if answer.status not in (200, 202):
            raise RuntimeError(f"{path} answered {answer.status}")
        with done.get_lock():
            done.value += 1


def crowd(
    ports: list[int],
    key: str,
    body: bytes | None,
    seconds: float,
    done: "Synchronized[int]",
) -> None:
    """One asking process."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(THREADS) as pool:
        asked = [
            pool.submit(ask, ports[n % len(ports)], key, body, until, done)
            for n in range(THREADS)
        ]
    for one in asked:
        one.result()


def asked(
    ports: list[int], key: str, body: bytes | None, seconds: float
) -> tuple[float, float]:
    """Answers a second, and the servers' CPU milliseconds for each."""
    pids = [pid_of(port) for port in ports]
    done = SENT.Value("i", 0)
    before, began = sum(map(cpu_seconds, pids)), time.monotonic()
    people = [
        SENT.Process(target=crowd, args=(ports, key, body, seconds, done))
        for _ in range(ASKING)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
        if one.exitcode:
            raise RuntimeError("an asking process failed")
    count = max(done.value, 1)
    used = sum(map(cpu_seconds, pids)) - before
    return count / (time.monotonic() - began), used / count * 1000


def drained(house: House, ids: int) -> tuple[float, float]:
    """Wait until all jobs have ended; jobs a second, and the longest wait's p95."""
    with house.room.store.read() as session:
        mine = list(session.execute(select(jobs.c.id)).scalars())
    house.ended(*mine)
    with house.room.store.read() as session:
        first, last = session.execute(
            select(func.min(jobs.c.started_at), func.max(jobs.c.ended_at))
        ).one()
        spans = [
            row.ended_at - row.started_at
            for row in session.execute(select(jobs.c.started_at, jobs.c.ended_at))
        ]
    took = max(last - first, 0.001)
    return ids / took, quantiles(spans, n=20)[-1] * 1000


def measured(folder: Path, name: str, lent: Lent, given: Given) -> Iterator[Figure]:
    """One database: servers one and two, then worker processes one and two."""
    for many in (1, 2):
        with lent() as backend:
            house = House(folder / f"serve-{many}", backend, **SETTINGS)
            try:
                yield from serving(
                    house, many, f"{name}, {many} server{'s'[: many - 1]}", given
                )
            finally:
                house.leave()
    for many in (1, 2):
        with lent() as backend:
            house = House(folder / f"work-{many}", backend, **SETTINGS)
            try:
                what = f"{name}, {many} worker process{'es' if many > 1 else ''}"
                yield working(house, many, what, given)
            finally:
                house.leave()


def serving(house: House, many: int, what: str, given: Given) -> Iterator[Figure]:
    """Servers of one database: answers, and jobs accepted while nobody works."""
    ports = [free_port() for _ in range(many)]
    for port in ports:
        house.serve(port)
    worker = house.work()
    viewer = house.room.viewer(PLENTY, Tier.ENTERPRISE)
    with house.room.store.write() as session:
        _, key = create_key(session, viewer.id or "", "bench")
    rate, cost = asked(ports, key, None, given.seconds)
    note = f"{cost:.2f} ms of the server's CPU each; {load()}"
    yield Figure(f"{what}: GET /api/apps", f"{rate:.0f}/s", note)
    if many == 1:
        memory = pss_kib(pid_of(ports[0])) / 1024
        yield Figure(f"{what}: memory", f"{memory:.0f} MiB", "its share (PSS)")
    # For jobs to be accepted a worker process must be there: one that works no more.
    for pid in [*family(worker.pid), worker.pid]:
        os.kill(pid, signal.SIGKILL)
    worker.wait()
    here = update(processes).where(processes.c.role == "worker")
    with house.room.store.write() as session:
        session.execute(here.values(seen_at=AGES, looked_at=AGES))
    rate, cost = asked(ports, key, b"{}", given.seconds)
    note = f"a reservation each; {cost:.2f} ms of the server's CPU each; {load()}"
    yield Figure(f"{what}: jobs accepted", f"{rate:.0f}/s", note)


def working(house: House, many: int, what: str, given: Given) -> Figure:
    """Worker processes of one database, with jobs that wait for them."""
    viewer = house.room.viewer(PLENTY, Tier.ENTERPRISE)
    for _ in range(given.jobs):
        house.room.submit(viewer)
    workers = [house.work() for _ in range(many)]
    rate, slow = drained(house, given.jobs)
    used = sum(
        cpu_seconds(pid) for one in workers for pid in [one.pid, *family(one.pid)]
    )
    cost = f"{used / given.jobs * 1000:.0f} ms of CPU each, its start among them"
    note = f"{given.jobs} that wait; {cost}; p95 of one {slow:.0f} ms; {load()}"
    return Figure(f"{what}: empty jobs", f"{rate:.0f}/s", note)


def load() -> str:
    """What else the machine has to do."""
    return f"load {os.getloadavg()[0]:.0f}"


def main() -> None:
    """Parse, measure, print, keep."""
    parser = argparse.ArgumentParser(prog="bench.scaling", description=__doc__)
    parser.add_argument("--write", type=Path, help="a page whose table is rewritten")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measure")
    parser.add_argument("--jobs", type=int, default=100, help="that wait for workers")
    given = parser.parse_args()
    figures = [
        Figure("machine", f"{os.cpu_count()} cores", "the asking is done here too")
    ]
    with tempfile.TemporaryDirectory() as folder, postgres() as cluster:

        @contextmanager
        def embedded() -> Iterator[Backend]:
            yield Backend()

        @contextmanager
        def larger() -> Iterator[Backend]:
            with cluster.lent() as url:
                yield Backend(url)

        lenders: dict[str, Lent] = {"SQLite": embedded, "PostgreSQL": larger}
        for name, lent in lenders.items():
            for figure in measured(Path(folder) / name, name, lent, given):
                print(plain(figure), flush=True)
                figures.append(figure)
    if given.write is not None:
        write(given.write, figures)


if __name__ == "__main__":
    main()
