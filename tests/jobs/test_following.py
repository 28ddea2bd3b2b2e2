"""Whoever follows a job sees all that happens to it, once and in order."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import httpx
import pytest
from tests.faults.house import House, until
from websockets.sync.client import connect

from lumiku_contracts import Viewer

pytestmark = pytest.mark.slow
Event = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server and a worker process, for all tests of this file."""
    made = House(tmp_path_factory.mktemp("following") / "house")
    made.up()
    yield made
    made.leave()


@pytest.fixture
def viewer(house: House) -> Viewer:
    """Somebody with credits."""
    return house.room.viewer(100)


@pytest.fixture
def client(house: House, viewer: Viewer) -> Iterator[httpx.Client]:
    """Their program."""
    with house.client(viewer) as made:
        yield made


def start(client: httpx.Client, key: str = "key", **ask: Any) -> httpx.Response:
    """Ask for a job."""
    headers = {"Idempotency-Key": key, **ask.pop("headers", {})}
    return client.post("/api/apps/trial/write", json=ask, headers=headers)


def started(client: httpx.Client, **ask: Any) -> str:
    """A job's id."""
    answer = start(client, **ask)
    assert answer.status_code == 202, answer.text
    ident: str = answer.json()["job"]["id"]
    return ident


def polled(client: httpx.Client, job_id: str, after: int = 0) -> list[Event]:
    """All events after a number, page by page."""
    found: list[Event] = []
    while True:
        query = {"after": found[-1]["seq"] if found else after, "limit": 7}
        answer = client.get(f"/api/jobs/{job_id}/events", params=query).json()
        found += answer["items"]
        if answer["next_cursor"] is None:
            return found


def streamed(client: httpx.Client, job_id: str, last: int | None = None) -> list[Event]:
    """The stream to its end."""
    return list(streaming(client, job_id, last))


def streaming(
    client: httpx.Client, job_id: str, last: int | None = None
) -> Iterator[Event]:
    """The stream, event by event; ids and types are those of the data."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    with client.stream("GET", f"/api/jobs/{job_id}/stream", headers=headers) as answer:
        assert answer.status_code == 200
        told: dict[str, str] = {}
        quiet = 0
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            quiet += value == "still here"
            assert quiet < 3, "the stream neither tells nor ends"
            told[name] = value
            if name == "data":
                event = json.loads(value)
                assert (told["id"], told["event"]) == (str(event["seq"]), event["type"])
                yield event


def heard(client: httpx.Client, job_id: str, after: int = 0) -> list[Event]:
    """A WebSocket's messages, up to the end of the job."""
    return list(hearing(client, job_id, after))


def hearing(client: httpx.Client, job_id: str, after: int) -> Iterator[Event]:
    """A WebSocket's messages, one by one."""
    address = f"{client.base_url}".replace("http", "ws", 1).rstrip("/")
    credential = {"Authorization": client.headers["authorization"]}
    with connect(
        f"{address}/api/events/ws", additional_headers=credential, proxy=None
    ) as socket:
        socket.send(json.dumps({"op": "subscribe", "job": job_id, "after": after}))
        while True:
            event = json.loads(socket.recv(timeout=60))
            yield event
            if event["type"] in ("succeeded", "failed", "partial", "problem"):
                return


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
