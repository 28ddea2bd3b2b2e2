"""Databases and Redis that go away and come back, under processes that stay."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.backends import Backend, Cluster, RedisServer, free_port, postgres
from tests.faults.house import House, until

from lumiku_kernel.store import ring_out

pytestmark = pytest.mark.slow
LARGE = ("postgres+redis",)


@pytest.fixture(scope="module")
def brittle() -> Iterator[Cluster]:
    """A PostgreSQL that may be hurt: others' tests have their own."""
    with postgres() as running:
        yield running


@pytest.fixture
def large(brittle: Cluster, tmp_path: Path) -> Iterator[House]:
    """A house on the brittle PostgreSQL, addressed as hosts do."""
    with brittle.lent() as url:
        made = House(tmp_path / "house", Backend(url.replace("+psycopg", "")))
        yield made
        made.leave()


def submitted(client: httpx.Client, **body: object) -> httpx.Response:
    answer = client.post(
        "/api/apps/trial/write",
        json=body,
        headers={"Idempotency-Key": os.urandom(8).hex()},
    )
    assert answer.status_code < 500 or answer.status_code in (503, 507), answer.text
    return answer


def accepted(client: httpx.Client, **body: object) -> str:
    """Try until a job is accepted; its id."""
    answer = until(
        lambda: (found := submitted(client, **body)).status_code == 202 and found,
        "a job is accepted",
    )
    ident: str = answer.json()["job"]["id"]
    return ident


def test_a_restarted_postgres_costs_no_job_and_no_process(
    large: House, brittle: Cluster
) -> None:
    viewer = large.room.viewer(50)
    large.up()
    with large.client(viewer) as client:
        before = accepted(client, items=3, seconds=0.3)
        large.runner_of(before, 0)

        brittle.end(signal.SIGQUIT)
        gone = until(
            lambda: (found := client.get("/api/jobs")).status_code != 200 and found,
            "the database's absence is noticed",
        )
        brittle.start()
        after = accepted(client, items=1)

    states = large.ended(before, after)
    assert (gone.status_code, gone.json()["code"]) == (503, "database-unavailable")
    assert int(gone.headers["retry-after"]) > 0
    assert states == ["succeeded", "succeeded"]
    assert large.room.credits(viewer) == (46, 0)
    assert large.started[0].poll() is None
    assert "ended with status" not in large.log(large.started[0])
    large.assert_sound()


def test_a_lock_of_somebody_else_is_waited_for_and_not_for_ever(
    large: House, brittle: Cluster
) -> None:
    viewer = large.room.viewer(50)
    large.up()
    name = str(large.room.store.engine.url.database)
    with large.client(viewer) as client:
        with psycopg.connect(brittle.dsn(name)) as foreign:
            foreign.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
            hung = submitted(client, items=1)
        fine = accepted(client, items=1)

    assert (hung.status_code, hung.json()["code"]) == (503, "database-busy")
    assert large.ended(fine) == ["succeeded"]
    large.assert_sound()


def test_a_database_that_only_reads_is_told_and_nothing_is_lost(
    large: House, brittle: Cluster
) -> None:
    viewer = large.room.viewer(50)
    large.up()
    name = large.room.store.engine.url.database
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608
        f"WHERE datname = '{name}'"
    )
    with large.client(viewer) as client:
        brittle.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        brittle.ask(others)
        refused = until(
            lambda: (
                (found := submitted(client, items=1)).status_code == 503
                and found.json()["code"] == "database-read-only"
                and found
            ),
            "the job is refused",
        )
        brittle.ask(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        brittle.ask(others)
        fine = accepted(client, items=1)

    assert refused.headers["retry-after"]
    assert large.ended(fine) == ["succeeded"]
    large.assert_sound()


HURTS = ("killed", "paused", "flushed", "read-only", "full")


@pytest.mark.parametrize("backend", LARGE, indirect=True)
def test_jobs_go_on_whatever_redis_suffers(
    house: House, redis_server: RedisServer
) -> None:
    viewer = house.room.viewer(50)
    worker = house.work()
    ring_out(house.room.store, redis_server.url)
    made = []
    for hurt in HURTS:
        if hurt == "killed":
            redis_server.end(signal.SIGKILL)
        elif hurt == "paused":
            redis_server.tell(signal.SIGSTOP)
        elif hurt == "flushed":
            redis_server.ask("FLUSHALL")
        elif hurt == "read-only":
            redis_server.ask("REPLICAOF", "127.0.0.1", "1")
        else:
            redis_server.ask("CONFIG", "SET", "maxmemory", "1")
        made.append(house.room.submit(viewer, items=1))
        assert house.ended(made[-1]) == ["succeeded"], hurt
        if hurt == "killed":
            redis_server.start()
        elif hurt == "paused":
            redis_server.tell(signal.SIGCONT)
        elif hurt == "read-only":
            redis_server.ask("REPLICAOF", "NO", "ONE")
        elif hurt == "full":
            redis_server.ask("CONFIG", "SET", "maxmemory", "0")

    assert worker.poll() is None
    assert house.room.credits(viewer) == (50 - len(HURTS), 0)
    assert house.log(worker).count("Redis is gone") <= len(HURTS)
    house.assert_sound()


@pytest.mark.parametrize("backend", LARGE, indirect=True)
def test_servers_and_workers_share_a_postgres(house: House) -> None:
    """Two servers, two worker processes; a server and a worker process die."""
    viewer = house.room.viewer(100)
    ports = [free_port(), free_port()]
    servers = [house.serve(port) for port in ports]
    workers = [house.work(), house.work()]
    house.url = f"http://127.0.0.1:{ports[1]}"
    with house.client(viewer) as client:
        jobs = [accepted(client, items=2, seconds=0.1) for _ in range(12)]
        house.delivered(jobs[0])

        workers[0].kill()
        servers[0].kill()
        for gone in (workers[0], servers[0]):
            gone.wait()
        last = client.get(f"/api/jobs/{jobs[-1]}", headers={"Prefer": "wait=60"})
    house.ended(*jobs)

    assert last.is_success, last.text
    for job_id in jobs:
        house.assert_made_once(job_id, 2)
    assert last.json()["job"]["state"] == "succeeded"
    assert servers[1].poll() is None
    assert house.room.credits(viewer) == (76, 0)
    house.assert_sound()
