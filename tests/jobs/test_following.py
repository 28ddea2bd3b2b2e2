"""Whoever follows a job sees all that happens to it, once and in order."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import httpx
import pytest
from tests.faults.house import House
from tests.jobs.program import (
    heard,
    hearing,
    polled,
    start,
    started,
    streamed,
    streaming,
)

from lumiku_contracts import Viewer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server and a worker process, for all tests of this file."""
    made = House(tmp_path_factory.mktemp("following") / "house")
    made.up()
    yield made
    made.leave()


def test_all_followers_see_the_same_events_in_order(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client, items=4, seconds=0.6, steps=6)

    with ThreadPoolExecutor(4) as pool:
        followers = [
            pool.submit(follow, client, job_id)
            for follow in (streamed, heard, streamed, heard)
        ]
        told = [follower.result(90) for follower in followers]

    truth = house.room.events(job_id)
    assert [event["seq"] for event in truth] == list(range(1, len(truth) + 1))
    assert truth[-1]["type"] == "succeeded"
    assert {event["type"] for event in truth} >= {"queued", "started", "progress"}
    assert told == [truth] * 4
    assert polled(client, job_id) == truth


def test_a_follower_that_comes_back_has_missed_nothing(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client, items=4, seconds=0.3)
    by_stream = list(islice(streaming(client, job_id), 3))
    by_socket = list(islice(hearing(client, job_id, 0), 2))
    house.ended(job_id)

    by_stream += streamed(client, job_id, last=by_stream[-1]["seq"])
    by_socket += heard(client, job_id, after=by_socket[-1]["seq"])

    truth = house.room.events(job_id)
    assert by_stream == truth
    assert by_socket == truth


def test_the_stream_of_an_ended_job_ends_for_those_who_have_seen_all(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client)
    house.ended(job_id)
    last = house.room.events(job_id)[-1]["seq"]

    assert streamed(client, job_id, last=last) == []


def test_a_job_with_more_events_than_a_page_is_told_whole(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client, items=130, model="gift")
    house.ended(job_id)

    truth = house.room.events(job_id)
    assert len(truth) > 130
    assert streamed(client, job_id) == truth
    assert heard(client, job_id) == truth
    assert polled(client, job_id) == truth


def test_nobody_follows_or_reads_the_job_of_another(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client)
    house.ended(job_id)
    artifact = client.get(f"/api/jobs/{job_id}").json()["job"]["artifacts"][0]["url"]
    assert client.get(artifact).status_code == 200

    with house.client(house.room.viewer()) as stranger:
        (told,) = heard(stranger, job_id)
        statuses = [
            stranger.get(path).status_code
            for path in (
                f"/api/jobs/{job_id}",
                f"/api/jobs/{job_id}/events",
                f"/api/jobs/{job_id}/stream",
                artifact,
            )
        ]
        statuses += [
            stranger.post(f"/api/jobs/{job_id}/{verb}").status_code
            for verb in ("cancel", "retry")
        ]

    assert told["problem"]["code"] == "not-found"
    assert statuses == [404] * 6


def test_a_running_job_can_be_cancelled_over_the_api(
    house: House, viewer: Viewer, client: httpx.Client
) -> None:
    job_id = started(client, items=3, seconds=20)
    house.runner_of(job_id)

    answer = client.post(f"/api/jobs/{job_id}/cancel")
    ended = house.ended(job_id)

    assert answer.status_code == 202
    assert answer.json()["job"]["cancel_requested"]
    assert ended == ["canceled"]
    assert house.room.credits(viewer) == (100, 0)


@pytest.mark.parametrize(
    ("ask", "state", "code", "settled"),
    [
        ({"items": 3, "fault": "permanent", "at": 1}, "partial", "not-this-one", 2),
        ({"fault": "transient-once", "retry_after": 0.1}, "succeeded", None, 1),
        ({"fault": "unsayable", "at": 9}, "succeeded", None, 1),
        ({"result": "beside"}, "succeeded", None, 1),
        ({"result": "vast"}, "failed", "result-too-large", 0),
    ],
    ids=["permanent", "transient", "nothing", "result beside", "vast result"],
)
def test_what_a_worker_does_is_what_its_owner_reads(
    client: httpx.Client,
    ask: dict[str, Any],
    state: str,
    code: str | None,
    settled: int,
) -> None:
    answer = start(client, headers={"Prefer": "wait=60"}, **ask)

    job = answer.json()["job"]
    assert job["state"] == state
    assert (job["error"] or {"code": None})["code"] == code
    assert (job["settled"], job["released"]) == (settled, job["price"] - settled)
    if ask.get("result") == "beside":
        assert job["result"] == {"item": 0}


def test_a_bug_in_an_app_is_its_own(house: House, client: httpx.Client) -> None:
    viewer = house.room.viewer(10)
    jobs = [
        house.room.submit(viewer, fault="unsayable"),
        house.room.submit(viewer, worker="hasty", fault="hang"),
    ]

    states = house.ended(*jobs)

    codes = [house.room.job(job_id)["error_code"] for job_id in jobs]
    assert states == ["failed"] * 2
    assert codes == ["plugin-error", "timeout"]
    assert house.room.credits(viewer) == (10, 0)
    assert client.get("/livez").status_code == 200
    house.assert_sound()
