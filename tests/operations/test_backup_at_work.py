"""A backup that is made while everything works comes back whole, and works."""

import hashlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.backends import Cluster
from tests.faults.house import House, until
from tests.jobs.room import Room, settings_in
from tests.operations.contents import files_in

from lumiku_contracts import Viewer
from lumiku_kernel.jobs import forget
from lumiku_kernel.store.tables import jobs

pytestmark = pytest.mark.faults
WRITERS = 8
KEPT = 6
"""Files that nobody forgets."""


@contextmanager
def writers(house: House, viewers: list[Viewer]) -> Iterator[None]:
    """Submit jobs and forget ended ones, without pause."""
    stop = threading.Event()
    faults: list[Exception] = []

    def write(viewer: Viewer) -> None:
        room = Room(house.room.settings, house.room.store, house.room.registry)
        try:
            while not stop.wait(0.1):
                room.submit(viewer, items=2)
                _forget_one(room, viewer)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(one,)) for one in viewers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert faults == []


def _forget_one(room: Room, viewer: Viewer) -> None:
    mine = (jobs.c.account_id == viewer.id) & (jobs.c.state == "succeeded")
    with room.store.read() as session:
        ended = session.execute(select(jobs.c.id).where(mine)).scalars().all()
    if len(ended) > 3:
        forget.delete_job(room.store, room.shelf, ended[0], viewer.id or "")


def lumiku(house: House, *words: str, fails: str = "") -> str:
    """What a command says; it must succeed, or fail with a code."""
    done: subprocess.CompletedProcess[str] = house.ask(*words)
    said = done.stdout + done.stderr
    assert (done.returncode == 0) is (not fails), said
    assert fails in said, said
    return said


def made(house: House, count: int = KEPT // 2) -> list[Viewer]:
    """Viewers who have some finished jobs."""
    viewers = [house.room.viewer(100_000) for _ in range(count)]
    house.work()
    house.ended(*(house.room.submit(one, items=2) for one in viewers))
    return viewers


def stop(house: House) -> None:
    """End the processes as an operator would."""
    for process in house.started:
        process.terminate()
        process.wait(60)


Elsewhere = Callable[[str], str]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Elsewhere]:
    """Empty places, by the kind of database."""
    lent: list[tuple[Cluster, str]] = []

    def place(kind: str) -> str:
        if kind == "sqlite":
            return str(tmp_path / f"elsewhere-{len(list(tmp_path.iterdir()))}")
        cluster: Cluster = request.getfixturevalue("cluster")
        name = cluster.database()
        lent.append((cluster, name))
        return cluster.dsn(name)

    yield place
    for cluster, name in lent:
        cluster.drop(name)


@pytest.mark.parametrize(
    ("backend", "to"),
    [("sqlite", "sqlite"), ("postgres", "postgres"), ("sqlite", "postgres")],
    indirect=["backend"],
)
def test_a_backup_made_while_eight_write_comes_back_whole_elsewhere(
    house: House, to: str, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    made(house)
    backup = tmp_path / "b.tar"
    with writers(house, [house.room.viewer(100_000) for _ in range(WRITERS)]):
        before = house.room.rows()["ledger_txn"]
        until(lambda: house.room.rows()["ledger_txn"] > before + WRITERS, "all write")
        lumiku(house, "backup", "--out", str(backup))
        after = house.room.rows()["ledger_txn"]
        until(lambda: house.room.rows()["ledger_txn"] > after, "they still write")
    stop(house)

    data = tmp_path / "elsewhere"
    target = elsewhere(to)
    house.environment["LUMIKU_DATA_DIR"] = str(data)
    said = lumiku(house, "restore", str(backup), "--into", target)

    assert "error" not in said  # it is what `verify` says
    folder = data if "://" in target else Path(target)
    kept = files_in(backup)
    assert len(kept) >= KEPT
    for key, digest in kept.items():
        content = (folder / "artifacts" / key).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest


def test_jobs_that_were_under_way_end_where_they_are_restored(
    house: House, tmp_path: Path
) -> None:
    viewer = house.room.viewer(100)
    house.work()
    job_id = house.room.submit(viewer, items=4, seconds=1.0)
    house.delivered(job_id)
    backup = tmp_path / "b.tar"
    lumiku(house, "backup", "--out", str(backup))
    stop(house)

    target = tmp_path / "elsewhere"
    lumiku(house, "restore", str(backup), "--into", str(target))
    house.environment["LUMIKU_DATA_DIR"] = str(target)
    house.room.store.close()
    house.room = Room.open(settings_in(target))
    house.work()

    assert house.ended(job_id) == ["succeeded"]
    assert house.room.credits(viewer) == (96, 0)
    house.assert_sound()
