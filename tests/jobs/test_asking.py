"""Whoever asks for a job by a program is answered once, in the form they prefer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.faults.house import House, until
from tests.jobs.program import start, started, streamed

from lumiku_contracts import Viewer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server and a worker process, for all tests of this file."""
    made = House(tmp_path_factory.mktemp("asking") / "house")
    made.up()
    yield made
    made.leave()


def test_who_prefers_to_wait_gets_the_finished_job(client: httpx.Client) -> None:
    answer = start(client, seconds=0.2, headers={"Prefer": "wait=50"})

    job = answer.json()["job"]
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=50"
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    assert (job["state"], job["progress"], job["settled"]) == ("succeeded", 1.0, 1)
    assert client.get(job["artifacts"][0]["url"]).text.endswith("the end\n")


def test_who_waits_too_short_gets_the_job_as_it_is(
    house: House, client: httpx.Client
) -> None:
    answer = start(client, seconds=3.0, headers={"Prefer": "wait=1"})

    job = answer.json()["job"]
    assert answer.status_code == 202
    assert job["state"] in {"queued", "running"}
    later = client.get(f"/api/jobs/{job['id']}", headers={"Prefer": "wait=50"})
    assert later.json()["job"]["state"] == "succeeded"
    assert house.state(job["id"]) == "succeeded"


PICTURE = {"Prefer": "wait=50", "Accept": "image/png"}


def test_a_picture_can_be_the_answer_itself(client: httpx.Client) -> None:
    answer = start(client, media_type="image/png", headers=PICTURE)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["location"].startswith("/api/jobs/job_")


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        ({}, 406, "no-picture"),
        ({"result": "alone"}, 406, "no-picture"),
        ({"items": 2, "media_type": "image/png"}, 406, "no-picture"),
        ({"fault": "permanent"}, 502, "not-this-one"),
    ],
    ids=["a text", "a result", "two pictures", "a failure"],
)
def test_who_wants_a_picture_is_told_why_there_is_none(
    client: httpx.Client, ask: dict[str, Any], status: int, code: str
) -> None:
    answer = start(client, headers=PICTURE, **ask)

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["code"]) == (status, code)
    assert problem["job"]["id"].startswith("job_")


def test_without_credits_the_api_says_402_and_keeps_nothing(
    house: House, client: httpx.Client
) -> None:
    answer = start(client, items=101)

    assert answer.status_code == 402
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "insufficient-credits"
    assert client.get("/api/jobs").json()["items"] == []
    assert client.get("/api/credits").json() == {"available": 100, "reserved": 0}
    assert not house.room.broken()


def test_a_request_repeated_with_its_key_is_answered_with_the_same_job(
    client: httpx.Client,
) -> None:
    first, again, other = (
        start(client, items=1),
        start(client, items=1),
        start(client, items=2),
    )

    assert again.json()["job"]["id"] == first.json()["job"]["id"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


def test_only_a_caller_who_waits_is_told_200(client: httpx.Client) -> None:
    streamed(client, started(client))

    again, waited = start(client), start(client, headers={"Prefer": "wait=5"})

    assert (again.status_code, again.json()["job"]["state"]) == (202, "succeeded")
    assert waited.status_code == 200


def test_two_requests_at_once_with_one_key_make_one_job(
    house: House, viewer: Viewer, client: httpx.Client
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: start(client), range(6)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["job"]["id"] for answer in answers}) == 1
    assert sum(house.room.credits(viewer)) >= 99


def test_a_program_must_send_a_key_with_what_it_pays_for(client: httpx.Client) -> None:
    answer = client.post("/api/apps/trial/write", json={})

    assert (answer.status_code, answer.json()["code"]) == (
        400,
        "idempotency-key-missing",
    )
    assert "Idempotency-Key" in answer.json()["fix"]


def test_an_accepted_request_is_answered_even_when_its_app_is_gone(
    house: House, client: httpx.Client
) -> None:
    accepted = started(client, key="before")
    switched = house.ask("plugins", "disable", "trial", "--reason", "test")
    assert switched.returncode == 0, switched.stderr
    try:
        until(lambda: start(client, key="after").status_code == 404, "the app is gone")

        again = start(client, key="before")
    finally:
        house.ask("plugins", "enable", "trial", "--reason", "test")
        with house.client(house.room.viewer()) as other:
            until(
                lambda: start(other, key="back").status_code == 202, "the app is back"
            )

    assert again.status_code in {200, 202}
    assert again.json()["job"]["id"] == accepted
    assert again.headers["idempotency-replayed"] == "true"
