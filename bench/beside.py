"""Jobs, events and reservations with others beside them, as ratios of one run."""

import json
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import redis
from tests.backends import postgres, postgres_programs

from bench import peer
from bench.figures import events, start_job
from bench.processes import Site, cpu_seconds, site
from bench.table import Figure, middle_and_most

PAUSE = 0.05
"""Seconds between two sends, so that each finds everybody at rest."""
SPENDERS, SPENDS = 8, 40


@contextmanager
def a_redis() -> Iterator[int | None]:
    """The port of a Redis of our own, or None where there is none."""
    if shutil.which("redis-server") is None:
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        words = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        process = subprocess.Popen(
            [shutil.which("redis-server") or "", *words, "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            client = redis.Redis(port=port)
            while not _answers(client):
                time.sleep(0.02)
            yield port
        finally:
            process.kill()
            process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def queues(folder: Path, made: Site, sends: int) -> Iterator[Figure]:
    """From sending a job to its start, one at a time on idle workers, by turns."""
    with a_redis() as port:
        if port is None:
            yield Figure("queues beside", "left out", "redis-server is not on PATH")
            return
        found: dict[str, list[float]] = {}
        for name in peer.NAMES:
            why = peer.lacking(name)
            if why is not None:
                yield Figure(f"enqueue to start, {name}", "left out", why)
                continue
            path = folder / name.replace(" ", "-")
            with peer.working(name, port, path) as send:
                for _ in range(sends):
                    time.sleep(PAUSE)
                    send(time.time())
                time.sleep(1.5)
            found[name] = peer.waits(path)
        found["lumiku, embedded"] = _ours(made, sends)
        bell = {"REDIS_URL": f"redis://127.0.0.1:{port}/5"}
        found["lumiku, SQLite and Redis"] = _elsewhere(folder / "wired", bell, sends)
        if postgres_programs() is None:
            why = "there is no PostgreSQL"
            yield Figure("enqueue to start, lumiku on PostgreSQL", "left out", why)
        else:
            found |= _on_postgres(folder, bell, sends)
    floor = median(found["raw BRPOP"])
    for name, values in found.items():
        note = f"ms, p50 / max of {len(values)}; p50 is {median(values) / floor:.1f} x"
        yield Figure(
            f"enqueue to start, {name}",
            middle_and_most(values, 2),
            f"{note} raw BRPOP's",
        )


def _on_postgres(
    folder: Path, bell: Mapping[str, str], sends: int
) -> dict[str, list[float]]:
    """Ours where claims are of a server: with Redis' bell, and by its own clock."""
    found = {}
    with postgres() as cluster:
        for name, rung in (("PostgreSQL and Redis", bell), ("PostgreSQL alone", {})):
            with cluster.lent() as url:
                there = {"DATABASE_URL": url, **rung}
                path = folder / name.replace(" ", "-")
                found[f"lumiku, {name}"] = _elsewhere(path, there, sends)
    return found


def _elsewhere(folder: Path, there: Mapping[str, str], sends: int) -> list[float]:
    with site(folder, plugins="trial", settings=there) as made:
        made.start()
        return _ours(made, sends)


def _ours(made: Site, sends: int) -> list[float]:
    """Ours: from the commit of the job to that of its claim."""
    with made.client() as client:
        events(client, start_job(client, "trial/write", {}))
        waits = []
        for _ in range(sends):
            time.sleep(PAUSE)
            at = events(client, start_job(client, "trial/write", {}))
            waits.append((at["started"] - at["queued"]) * 1000)
    return waits


def following(made: Site, jobs: int = 20) -> Iterator[Figure]:
    """From the commit of an event to a follower's socket, beside bare pub/sub."""
    with made.client() as client:
        body = {"seconds": 0.5, "steps": 5}
        late: list[float] = []
        for _ in range(jobs):
            late += _followed(client, start_job(client, "trial/write", body))
    yield _spread("event to follower", late, "SSE, from the database's commit")
    with a_redis() as port:
        if port is None:
            yield Figure("pub/sub beside", "left out", "redis-server is not on PATH")
            return
        bare = _published(port, len(late))
    ratio = median(late) / median(bare)
    yield _spread("bare Redis pub/sub", bare, f"ours is {ratio:.1f} x at p50")


def _followed(client: httpx.Client, job_id: str) -> list[float]:
    """Milliseconds by which each event came after its commit."""
    late = []
    with client.stream("GET", f"/api/jobs/{job_id}/stream") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line[6:])
                at = datetime.fromisoformat(event["at"]).timestamp()
                late.append((time.time() - at) * 1000)
    return late[2:]  # the first may have been there before us


def _published(port: int, count: int) -> list[float]:
    """Milliseconds from PUBLISH to a subscriber."""
    client, late = redis.Redis(port=port), []
    listener: Any = client.pubsub()  # type: ignore[no-untyped-call]
    listener.subscribe("bench")
    listener.get_message(timeout=5)
    for _ in range(count):
        time.sleep(0.01)
        client.publish("bench", str(time.time()))
        message = listener.get_message(timeout=5)
        if message is not None:
            late.append((time.time() - float(message["data"])) * 1000)
    return late


def _spread(what: str, values: list[float], note: str) -> Figure:
    last = quantiles(values, n=100)[98]
    found = f"{median(values):.1f} / {last:.1f}"
    return Figure(what, found, f"ms, p50 / p99 of {len(values)}; {note}")


def reserving(folder: Path) -> Iterator[Figure]:
    """Eight threads that spend from one purse: ours beside the bare statement."""
    from tests.jobs.room import Room, app_on_path, settings_in  # noqa: PLC0415

    from lumiku_kernel.ledger.post import reserve  # noqa: PLC0415
    from lumiku_kernel.prepare import prepare  # noqa: PLC0415
    from lumiku_kernel.store import Store, new_id  # noqa: PLC0415

    settings = settings_in(folder)
    store = Store(settings.database)
    with app_on_path():
        prepare(settings, store)
    store.close()
    room = Room.open(settings)
    account = room.viewer(SPENDERS * SPENDS).id or ""

    def spend() -> None:
        with room.store.write() as session:
            reserve(session, account, 1, job_id=new_id("job"), funding=1)

    ours = _rate(spend)
    room.store.close()
    bare = _rate(_bare(folder / "bare.db"))
    note = f"{SPENDERS} threads; {ours / bare:.2f} x the bare UPDATE's {bare:.0f}"
    yield Figure("reservations a second", f"{ours:.0f}", note)


def _bare(path: Path) -> Callable[[], None]:
    """One conditional UPDATE in a transaction, as durable as ours."""
    here = threading.local()
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("PRAGMA journal_mode=WAL")
    first.execute("CREATE TABLE purse (amount INTEGER)")
    first.execute("INSERT INTO purse VALUES (1000000)")
    first.close()

    def spend() -> None:
        if not hasattr(here, "connection"):
            here.connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            here.connection.execute("PRAGMA synchronous=FULL")
        here.connection.execute("BEGIN IMMEDIATE")
        here.connection.execute("UPDATE purse SET amount = amount - 1 WHERE amount > 0")
        here.connection.execute("COMMIT")

    return spend


def _rate(spend: Callable[[], None]) -> float:
    def spender() -> None:
        for _ in range(SPENDS):
            spend()

    threads = [threading.Thread(target=spender) for _ in range(SPENDERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return SPENDERS * SPENDS / (time.perf_counter() - began)


def working(made: Site, jobs: int = 60) -> Iterator[Figure]:
    """CPU that a job costs which does nothing itself."""
    pids = {"server": made.pid("serve"), "worker process": made.pid("work")}
    with made.client() as client:
        events(client, start_job(client, "trial/write", {}))
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        runners = {pid: cpu_seconds(pid) for pid in made.runners()}
        for job in [start_job(client, "trial/write", {}) for _ in range(jobs)]:
            client.get(f"/api/jobs/{job}", headers={"Prefer": "wait=60"})
    used = {
        name: (cpu_seconds(pid) - before[name]) * 1000 / jobs
        for name, pid in pids.items()
    }
    made_in = sum(cpu_seconds(pid) - runners.get(pid, 0) for pid in made.runners())
    used["runners"] = made_in * 1000 / jobs
    parts = ", ".join(f"{name} {value:.1f}" for name, value in used.items())
    total = f"{sum(used.values()):.1f} ms"
    yield Figure("CPU a job, all but its work", total, f"of {jobs}: {parts}")
