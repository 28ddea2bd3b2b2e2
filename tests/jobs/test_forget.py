"""What is deleted is gone, what is over is forgotten, and the ledger stays."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from tests.jobs.room import Room

from lumiku_contracts import Viewer
from lumiku_kernel.accounts.tiers import change
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import finish, forget, space
from lumiku_kernel.jobs.retention import Kept, retention
from lumiku_kernel.ledger import verify
from lumiku_kernel.store import new_id, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import (
    artifacts,
    job_events,
    job_items,
    jobs,
    ledger_txns,
    processes,
    sessions,
    uploads,
)


def ended(room: Room, viewer: Viewer, *, size: int = 10) -> tuple[str, str]:
    """A job that has ended with one file; its id and the file's key."""
    job_id = room.submit(viewer)
    with room.store.write() as session:
        row = session.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one()
        epoch = row["epoch"]
    job = room.claim()
    assert job["id"] == job_id, (job["id"], epoch)
    made = room.shelf.bench / job_id
    made.write_bytes(b"x" * size)
    key = room.shelf.keep(made, job_id=job_id, name="0-0", media_type="text/plain")
    file: dict[str, Any] = {
        "id": new_id("art"),
        "account_id": viewer.id,
        "job_id": job_id,
        "item": 0,
    }
    file |= {"position": 0, "epoch": 1, "kind": "image", "key": key, "sha256": "x"}
    file |= {"size": size, "media_type": "text/plain", "meta": {}}
    file |= {"width": None, "height": None}
    with room.store.write() as session:
        finish.item_done(session, job, 0, [file], None)
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
    return job_id, key


def count(room: Room, table: Any) -> int:
    with room.store.read() as session:
        return int(
            session.execute(select(func.count()).select_from(table)).scalar_one()
        )


def terms(room: Room, **values: Any) -> None:
    """Change the free tier."""
    change(room.store, "free", values, By("test", "a test"))


def test_a_deleted_job_is_gone_with_its_files_and_the_ledger_stays(room: Room) -> None:
    viewer = room.viewer()
    job_id, key = ended(room, viewer)
    moved = count(room, ledger_txns)

    forget.delete_job(room.store, room.shelf, job_id, viewer.id or "")

    assert room.shelf.size(key) is None
    for table in (jobs, job_items, job_events, artifacts):
        assert count(room, table) == 0
    assert count(room, ledger_txns) == moved
    assert {one.level for one in verify.verify(room.store)} == {"ok"}


def test_another_s_job_is_as_absent_and_one_under_way_stays(room: Room) -> None:
    viewer, other = room.viewer(), room.viewer()
    job_id, _ = ended(room, viewer)
    going = room.submit(viewer)

    for who, which, code in (
        (other, job_id, "not-found"),
        (viewer, "job_absent", "not-found"),
        (viewer, going, "job-not-ended"),
    ):
        with pytest.raises(Problem) as caught:
            forget.delete_job(room.store, room.shelf, which, who.id or "")
        assert caught.value.code == code
    assert count(room, jobs) == 2


def test_a_deleted_artifact_is_gone_for_its_owner_only(room: Room) -> None:
    viewer, other = room.viewer(), room.viewer()
    _, key = ended(room, viewer)
    with room.store.read() as session:
        ident = session.execute(select(artifacts.c.id)).scalar_one()

    with pytest.raises(Problem):
        forget.delete_artifact(room.store, room.shelf, ident, other.id or "")
    assert room.shelf.size(key) == 10
    forget.delete_artifact(room.store, room.shelf, ident, viewer.id or "")

    assert (room.shelf.size(key), count(room, artifacts)) == (None, 0)


def test_a_tier_keeps_ended_jobs_as_long_as_it_says(room: Room) -> None:
    viewer = room.viewer()
    old, key = ended(room, viewer)
    young, _ = ended(room, viewer)
    with room.store.write() as session:
        mine = update(jobs).where(jobs.c.id == old)
        session.execute(mine.values(ended_at=now() - 8 * 86400))
    forget.tidy(room.store, room.shelf, room.settings)
    before = count(room, jobs)

    terms(room, retention_days=7)
    forget.tidy(room.store, room.shelf, room.settings)

    assert before == 2
    assert room.job(young)["state"] == "succeeded"
    assert (count(room, jobs), room.shelf.size(key)) == (1, None)


def told(room: Room) -> dict[str, Kept]:
    return {one.kind: one for one in retention(room.store, room.settings)}


def test_what_is_said_to_go_goes_and_nothing_else(room: Room) -> None:
    viewer = room.viewer()
    old, _ = ended(room, viewer)
    ended(room, viewer, size=5)
    picture = {"account_id": viewer.id, "key": "k", "sha256": "x", "width": 1}
    picture |= {"size": 7, "media_type": "image/png", "height": 1}
    with room.store.write() as session:
        mine = update(jobs).where(jobs.c.id == old)
        session.execute(mine.values(ended_at=now() - 8 * 86400))
        for name, age in (("upl_1", 3), ("upl_2", 0)):
            at = now() - age * 86400
            session.execute(insert(uploads).values(**picture, id=name, created_at=at))
    assert all(one.due == 0 for one in told(room).values())
    terms(room, retention_days=7)
    room.settings.upload_days = 2

    before = told(room)
    again = told(room)
    forget.tidy(room.store, room.shelf, room.settings)
    after = told(room)

    assert before == again
    dues = {kind: one.due for kind, one in before.items() if one.due}
    assert dues.keys() == {"jobs", "events", "artifacts", "uploads"}
    assert (before["artifacts"].due_bytes, before["uploads"].due_bytes) == (10, 7)
    for kind, one in before.items():
        assert (after[kind].rows, after[kind].due) == (one.rows - one.due, 0), kind
        if one.bytes is not None and one.due_bytes is not None:
            assert after[kind].bytes == one.bytes - one.due_bytes


def test_files_of_nobody_are_removed_after_a_day(room: Room) -> None:
    _, kept = ended(room, room.viewer())
    made = room.shelf.bench / "made"
    made.write_bytes(b"x")
    lost = room.shelf.keep(made, job_id="job_x", name="0", media_type="text/plain")
    left = room.shelf.bench / "left"
    left.write_bytes(b"x")
    root = room.settings.data_dir.resolve() / "artifacts"
    forget.tidy(room.store, room.shelf, room.settings)
    fresh = (room.shelf.size(lost), left.exists())

    long_ago = time.time() - 2 * 86400
    for path in (root / kept, root / lost, left):
        os.utime(path, (long_ago, long_ago))
    forget.tidy(room.store, room.shelf, room.settings)

    assert fresh == (1, True)
    assert (room.shelf.size(lost), left.exists()) == (None, False)
    assert room.shelf.size(kept) == 10


def test_sessions_and_processes_that_are_over_are_forgotten(room: Room) -> None:
    viewer = room.viewer()
    row = {"account_id": viewer.id, "seen_at": 0.0, "created_at": 0.0}
    old = {"plugins": {}, "rejected": {}, "providers": {}, "slots": {}, "pid": 1}
    old |= {"role": "worker", "name": "x", "epoch": 0}
    with room.store.write() as session:
        for name, at in (("past", 1.0), ("future", 9_999_999_999.0)):
            session.execute(
                insert(sessions).values(**row, token_hash=name, id=name, expires_at=at)
            )
        for name, at in (("prc_1", 1.0), ("prc_2", 2.0)):
            values = {**old, "id": name, "started_at": at, "seen_at": at}
            known = {k: v for k, v in values.items() if k in processes.c}
            session.execute(insert(processes).values(**known))
    forget.tidy(room.store, room.shelf, room.settings)

    assert count(room, sessions) == 1
    with room.store.read() as session:
        assert list(session.execute(select(processes.c.id)).scalars()) == ["prc_2"]


def test_a_viewer_whose_share_is_used_up_may_add_nothing(room: Room) -> None:
    viewer = room.viewer()
    ended(room, viewer, size=600)
    picture: dict[str, Any] = {
        "id": "upl_1",
        "account_id": viewer.id,
        "key": "k",
        "sha256": "x",
    }
    picture |= {"size": 300, "media_type": "image/png", "width": 1, "height": 1}
    with room.store.write() as session:
        session.execute(insert(uploads).values(**picture, created_at=now()))
    terms(room, storage_bytes=1000)
    space.check(room.settings, room.store, viewer)
    space.check(room.settings, room.store, viewer, adding=99)

    with pytest.raises(Problem) as caught:
        space.check(room.settings, room.store, viewer, adding=100)
    terms(room, storage_bytes=900)
    with pytest.raises(Problem):
        space.check(room.settings, room.store, viewer)

    assert (caught.value.status, caught.value.code) == (507, "storage-full")
    space.check(room.settings, room.store, room.viewer())


def test_less_free_than_the_floor_accepts_nothing(room: Room, tmp_path: Path) -> None:
    del tmp_path
    high = room.settings.model_copy(update={"disk_floor_mb": 10**9})
    with pytest.raises(Problem) as caught:
        space.check(high, room.store, room.viewer())

    assert (caught.value.status, caught.value.code) == (507, "disk-full")
