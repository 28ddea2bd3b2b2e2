"""Operators find failed jobs, try them again once, let them go, and take lists away."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from tests.jobs.room import Room

from lumiku_contracts import Refused
from lumiku_kernel.jobs import failed, finish, read
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.jobs.which import Which
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import audits

BY = By("usr_op", "the provider is back")


def fail(room: Room, job_id: str, code: str = "broken") -> None:
    """Have a claimed job's items fail, and the job end."""
    job = room.claim()
    assert job["id"] == job_id
    with room.store.write() as session:
        for index in range(job["items_total"]):
            finish.item_failed(session, job, index, code, "=It broke.")
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))


def found(room: Room, **said: Any) -> list[str]:
    """The ids of the jobs that answer."""
    with room.store.read() as session:
        return [one["id"] for one in read.anybodys(session, Which(**said), limit=100)]


def audited(room: Room) -> list[tuple[str, str, str]]:
    """What was written down of operators' changes to jobs."""
    with room.store.read() as session:
        rows = session.execute(select(audits).where(audits.c.action.like("job.%")))
        return [
            (one["action"], one["subject"], one["reason"]) for one in rows.mappings()
        ]


def test_jobs_are_found_by_all_that_they_have(room: Room) -> None:
    viewer, other = room.viewer(), room.viewer()
    mine = room.submit(viewer)
    fail(room, mine, "provider-busy")
    theirs = room.submit(other)

    assert found(room, state="failed") == found(room, code="provider-busy") == [mine]
    assert found(room, account=other.id) == [theirs]
    assert found(room, app="another") == found(room, model="trial:dear") == []
    assert found(room, older=60.0) == []
    assert found(room, newer=60.0) == [theirs, mine]


def test_all_that_answer_are_tried_again_and_each_once(room: Room) -> None:
    viewer = room.viewer(3)
    ids = []
    for _ in range(3):
        ids.append(room.submit(viewer))
        fail(room, ids[-1])

    def again(_: int) -> dict[str, Any]:
        return failed.retry_all(
            room.store, Which(state="failed"), limit=9, deadline_seconds=60, by=BY
        )

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(again, range(4)))

    done = sorted(one for each in said for one in each["done"])
    assert done == sorted(ids)
    assert {one["code"] for each in said for one in each["refused"]} <= {
        "job-not-retryable"
    }
    assert room.credits(viewer) == (0, 3)
    assert sorted(audited(room)) == sorted(("job.retry", i, BY.reason) for i in ids)
    assert not room.broken()


def test_who_cannot_pay_is_named_and_the_rest_goes_on(room: Room) -> None:
    poor, rich = room.viewer(1), room.viewer(5)
    first = room.submit(poor)
    fail(room, first)
    room.submit(poor)  # spends what there was
    room.claim()
    second = room.submit(rich)
    fail(room, second)

    done = failed.retry_all(
        room.store, Which(code="broken"), limit=9, deadline_seconds=60, by=BY
    )

    assert done["done"] == [second]
    assert [(one["id"], one["code"]) for one in done["refused"]] == [
        (first, "insufficient-credits")
    ]


def test_a_discarded_job_is_listed_no_more_and_not_tried_again(room: Room) -> None:
    viewer = room.viewer()
    job_id, waiting = room.submit(viewer), None
    fail(room, job_id)
    waiting = room.submit(viewer)

    failed.discard(room.store, job_id, BY)
    failed.discard(room.store, job_id, BY)
    with pytest.raises(Refused) as refusal:
        failed.discard(room.store, waiting, BY)
    with pytest.raises(Refused) as retrying:
        retry(room.store, job_id, viewer.id, deadline_seconds=60)

    assert refusal.value.code == "job-not-discardable"
    assert retrying.value.code == "job-discarded"
    assert found(room) == [waiting]
    assert found(room, discarded=True) == [job_id]
    assert audited(room) == [("job.discard", job_id, BY.reason)]


def test_an_export_holds_every_job_and_no_formula(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failed, "AT_ONCE", 2)
    viewer = room.viewer()
    ids = [room.submit(viewer) for _ in range(4)]
    fail(room, ids[0])

    lines = list(failed.export(room.store, Which(), "jsonl"))
    table = list(csv.DictReader(failed.export(room.store, Which(), "csv")))

    assert [json.loads(line)["id"] for line in lines] == ids[::-1]
    assert [row["id"] for row in table] == ids[::-1]
    assert table[-1]["detail"] == "'=It broke."


def test_a_job_tells_of_each_item(room: Room) -> None:
    viewer = room.viewer()
    job_id = room.submit(viewer, items=2)
    job = room.claim()
    with room.store.write() as session:
        finish.item_failed(session, job, 0, "broken", "It broke.")

    with room.store.read() as session:
        told = read.whole(session, job_id, viewer.id)

    assert told["items"]["each"] == [
        {
            "index": 0,
            "label": "piece 0",
            "state": "failed",
            "error": {"code": "broken", "detail": "It broke."},
        },
        {"index": 1, "label": "piece 1", "state": "queued", "error": None},
    ]


def test_jobs_are_read_by_name_only_by_whom_they_belong_to(room: Room) -> None:
    viewer, other = room.viewer(), room.viewer()
    first, second = room.submit(viewer), room.submit(viewer, items=2)
    others = room.submit(other)

    with room.store.read() as session:
        wanted = [second, others, "job_absent", first]
        told = read.some(session, wanted, viewer.id or "")

    assert [job["id"] for job in told] == [second, first]
    assert [one["label"] for one in told[0]["items"]["each"]] == ["piece 0", "piece 1"]
