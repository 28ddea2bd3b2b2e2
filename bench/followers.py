"""Delivery of events to many followers: `python -m bench.followers`.

One server process, 100 jobs, 1,000 WebSockets, ten on each job. The jobs' progress is
written twice a second each, by another process, in transactions of its own as worker
processes do it. A delay ends when a follower has read the event.
"""

import argparse
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from sqlalchemy import update
from tests.backends import free_port
from tests.faults.house import House, until

from bench.crowd import Seat, crowd
from bench.processes import cpu_seconds
from bench.table import Figure, plain
from lumiku_contracts import Tier
from lumiku_kernel.accounts.keys import create_key
from lumiku_kernel.jobs import finish
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import jobs

PER_JOB, JOBS_EACH = 10, 2
"""Followers of a job, and jobs of a viewer: 20 sockets, as many as one may have."""


def pss_kib(pid: int) -> int:
    """A process's share of memory."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0


def lives(port: int) -> bool:
    """Whether a server answers."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False)
    except httpx.TransportError:
        return False
    return answer.is_success


def running(house: House, count: int) -> tuple[list[str], list[Seat]]:
    """Jobs that run in nobody's hands, and seats for those who follow them."""
    job_ids, seats = [], []
    for _ in range(count // JOBS_EACH):
        viewer = house.room.viewer(1000, Tier.ENTERPRISE)
        with house.room.store.write() as session:
            _, key = create_key(session, viewer.id or "", "bench")
        for _ in range(JOBS_EACH):
            job_ids.append(house.room.submit(viewer))
            seats += [Seat(key, job_ids[-1])] * PER_JOB
    with house.room.store.write() as session:
        session.execute(
            update(jobs).values(state="running", epoch=1, lease_until=now() + 3600)
        )
    return job_ids, seats


def write(
    house: House, job_ids: list[str], seconds: float, rate: float
) -> dict[str, float]:
    """Write progress, each job in turn; when each stamp was committed."""
    began = time.monotonic()
    written: dict[str, float] = {}
    while (passed := time.monotonic() - began) < seconds:
        if len(written) > passed * rate:
            time.sleep(0.001)
            continue
        job: dict[str, Any] = {"id": job_ids[len(written) % len(job_ids)], "epoch": 1}
        said = repr(time.time())
        with house.room.store.write() as session:
            finish.progress(session, job, 0, passed / seconds, said)
        written[said] = time.time()
    return written


def spread(values: list[float]) -> str:
    """Median, 99th percentile and largest, in milliseconds."""
    cuts = quantiles(values, n=100)
    return f"{1e3 * cuts[49]:.0f} / {1e3 * cuts[98]:.0f} / {1e3 * max(values):.0f}"


def measure(
    folder: Path, count: int, seconds: float, per_second: float
) -> Iterator[Figure]:
    """Start the server, seat the crowd, write, and count."""
    port = free_port()
    house = House(folder, LUMIKU_LOG_LEVEL="WARNING", LUMIKU_PORT=str(port))
    try:
        job_ids, seats = running(house, count)
        server = house.run("serve")
        until(lambda: lives(port), "it serves")
        before = pss_kib(server.pid)
        ours, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        people = spawn.Process(target=crowd, args=(theirs, port, seats))
        began = time.monotonic()
        people.start()
        ours.recv()
        entering = time.monotonic() - began
        held = (pss_kib(server.pid) - before) / len(seats)
        cpu = cpu_seconds(server.pid)
        written = write(house, job_ids, seconds, count * per_second)
        time.sleep(1.0)
        used = cpu_seconds(server.pid) - cpu
        ours.send("stop")
        heard = ours.recv()
        people.join()
    finally:
        house.leave()
    wanted = len(written) * PER_JOB
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    yield Figure("followers", str(len(seats)), f"of {count} jobs, one server; {load}")
    yield Figure("entered in", f"{entering:.1f} s", "one after another")
    yield Figure("memory per follower", f"{held:.1f} KiB", "Pss of the server")
    yield Figure(
        "events written",
        f"{len(written) / seconds:.0f}/s",
        f"{len(heard)}/{wanted} delivered",
    )
    spent = [at - float(said) for said, at in written.items()]
    yield Figure("commit", spread(spent), "ms, p50 / p99 / max")
    after = [at - written[said] for said, at in heard]
    yield Figure("delivery from the commit", spread(after), "ms, p50 / p99 / max")
    whole = [at - float(said) for said, at in heard]
    yield Figure("both", spread(whole), "ms, p50 / p99 / max")
    yield Figure("server CPU", f"{1e6 * used / len(heard):.0f} µs", "per delivery")


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="bench.followers", description=__doc__)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--per-second", type=float, default=2.0, help="events of a job")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lumiku-bench-") as folder:
        made = measure(
            Path(folder) / "house", given.jobs, given.seconds, given.per_second
        )
        for figure in made:
            print(plain(figure), flush=True)


if __name__ == "__main__":
    main()
