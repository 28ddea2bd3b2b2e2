"""Followers who misbehave, fall silent or lose their right are let go; others stay."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest
from tests.faults.house import PATIENCE, House, family, until
from tests.jobs.program import closed, entered, started
from tests.jobs.receiver import receiving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from lumiku_contracts import Viewer
from lumiku_kernel.jobs import finish
from lumiku_kernel.store import now

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server and a worker process, for all tests of this file."""
    folder = tmp_path_factory.mktemp("followers") / "house"
    made = House(folder, LUMIKU_FOLLOWERS_PER_VIEWER="3")
    made.up()
    yield made
    made.leave()


def heard(connection: ClientConnection) -> dict[str, Any]:
    """The next message."""
    found: dict[str, Any] = json.loads(connection.recv(timeout=60))
    return found


@pytest.mark.parametrize(
    "message",
    [
        *("{", "[]", "7", '{"op": "dance"}', '{"op": "subscribe", "job": 7}'),
        *('{"op": "subscribe", "job": "x", "after": -1}', "[" * 30_000),
    ],
    ids=range(7),
)
def test_what_means_nothing_is_answered_a_few_times(
    client: httpx.Client, message: str
) -> None:
    with entered(client) as connection:
        for _ in range(4):
            connection.send(message)
            assert heard(connection)["problem"]["code"] == "invalid-input"
        connection.send(message)

        assert closed(connection) == (1008, "invalid-input")


def test_a_message_of_more_than_64_kb_closes(client: httpx.Client) -> None:
    with entered(client) as connection:
        connection.send("x" * 70_000)

        assert closed(connection)[0] == 1009


def test_a_flood_of_messages_closes(client: httpx.Client) -> None:
    with entered(client) as connection:
        with suppress(ConnectionClosed):
            for _ in range(2000):
                connection.send('{"op": "unsubscribe", "job": "job_x"}')

        # What was sent after the end may have cut the connection before it was told.
        assert closed(connection) in {(1008, "too-many-messages"), (1006, "")}


def test_nobody_holds_more_followers_than_allowed(
    house: House, client: httpx.Client
) -> None:
    job_id = started(client, seconds=2.0)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(entered(client))
        with pytest.raises(InvalidStatus) as caught:
            entered(client)
        refused = client.get(f"/api/jobs/{job_id}/stream")
        with house.client(house.room.viewer()) as other, entered(other):
            pass  # another viewer is not concerned

    assert caught.value.response.status_code == 429
    assert refused.status_code == 429
    assert refused.json()["code"] == "too-many-followers"
    assert refused.headers["retry-after"]
    until(lambda: client.get(f"/api/jobs/{job_id}/stream").is_success, "there is room")


def test_without_a_right_the_handshake_is_a_problem(house: House) -> None:
    unknown = {"Authorization": "Bearer lk_x"}
    with (
        httpx.Client(base_url=house.url, headers=unknown) as client,
        pytest.raises(InvalidStatus) as caught,
    ):
        entered(client)

    assert caught.value.response.status_code == 401
    assert b"key-invalid" in (caught.value.response.body or b"")


def test_a_job_that_was_retried_is_followed_to_its_second_end(
    client: httpx.Client,
) -> None:
    headers = {"Idempotency-Key": "one", "Prefer": "wait=60"}
    ask = {"fault": "permanent"}
    answer = client.post("/api/apps/trial/write", json=ask, headers=headers)
    job_id = answer.json()["job"]["id"]
    missing = client.post(f"/api/jobs/{job_id}/retry")
    again = {"Idempotency-Key": "two"}
    first = client.post(f"/api/jobs/{job_id}/retry", headers=again)
    with client.stream("GET", f"/api/jobs/{job_id}/stream") as stream:
        kinds = [line[7:] for line in stream.iter_lines() if line.startswith("event: ")]
    second = client.post(f"/api/jobs/{job_id}/retry", headers=again)

    assert (missing.status_code, missing.json()["code"]) == (
        *(400,),
        "idempotency-key-missing",
    )
    assert first.status_code == 202
    assert "idempotency-replayed" not in first.headers
    assert kinds.count("failed") == 2
    assert kinds[-1] == "failed"
    assert second.headers["idempotency-replayed"] == "true"
    assert second.json()["job"]["state"] == "failed"


def test_a_request_whose_answer_was_lost_with_its_server_is_the_same_job(
    house: House, client: httpx.Client, viewer: Viewer
) -> None:
    ask = b'{"items": 2}'
    server = next(
        pid
        for pid, words in family(house.started[0].pid).items()
        if words.endswith("cli serve")
    )
    with socket.create_connection(address_of(house)) as lost:
        lost.sendall(
            b"POST /api/apps/trial/write HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nIdempotency-Key: lost\r\n"
            b"Prefer: wait=60\r\n"  # the answer waits for longer than the job's row
            + f"Authorization: {client.headers['authorization']}\r\n".encode()
            + f"Content-Length: {len(ask)}\r\n\r\n".encode()
            + ask
        )
        until(lambda: house.room.credits(viewer) != (100, 0), "it is accepted")
        os.kill(server, signal.SIGKILL)
    until(lambda: lives(house), "another server lives")

    headers = {"Idempotency-Key": "lost"}
    again = client.post("/api/apps/trial/write", content=ask, headers=headers)

    assert again.status_code == 202
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.get("/api/jobs").json()["items"]) == 1
    house.ended(again.json()["job"]["id"])
    assert sum(house.room.credits(viewer)) == 98


def lives(house: House) -> bool:
    """Whether a server answers."""
    try:
        return httpx.get(f"{house.url}/livez", trust_env=False).is_success
    except httpx.TransportError:
        return False


def address_of(house: House) -> tuple[str, int]:
    """Host and port."""
    host, port = house.url.removeprefix("http://").split(":")
    return host, int(port)


def test_who_never_reads_is_cut_and_the_others_hear_all(
    house: House, client: httpx.Client
) -> None:
    """Streams with much to tell, never read: their buffers fill at once."""
    job_id = started(client, seconds=120.0)
    # In nobody's hands: the worker process may have had it, but has lost it.
    house.room.change(job_id, state="running", epoch=99, lease_until=now() + 3600)
    row = house.room.job(job_id)
    for _ in range(300):
        with house.room.store.write() as session:
            finish.progress(session, row, 0, 0.5, "x" * 20_000)
    first = len(house.room.events(job_id)) - 100
    host, port = address_of(house)
    held = []
    for _ in range(3):
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.connect((host, port))
        made.sendall(
            f"GET /api/jobs/{job_id}/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: {client.headers['authorization']}\r\n\r\n".encode()
        )
        assert b" 200" in made.recv(64), "it has a seat; from here on nothing is read"
        held.append(made)

    def free() -> bool:
        try:
            with entered(client):
                return True
        except InvalidStatus:
            return False

    began = time.monotonic()
    assert not free()
    until(free, "the seats are free again")
    assert time.monotonic() - began <= PATIENCE
    with entered(client, f"/api/jobs/{job_id}/ws?after={first}") as honest:
        told = [heard(honest)["seq"] for _ in range(100)]
    assert told == list(range(first + 1, first + 101))
    for made in held:
        made.close()
    client.post(f"/api/jobs/{job_id}/cancel")


def test_a_revoked_key_closes_what_it_has_opened(house: House, viewer: Viewer) -> None:
    with house.client(viewer) as client, entered(client) as connection:
        keys = client.get("/api/keys").json()["items"]
        assert client.delete(f"/api/keys/{keys[0]['id']}").status_code == 204

        code, reason = closed(connection)

    assert (code, reason) == (4401, "key-invalid")


def test_webhooks_over_the_api_are_signed_turned_over_and_removed(
    house: House, client: httpx.Client
) -> None:
    refused = client.post("/api/webhooks", json={"url": "https://127.0.0.1/hook"})
    plain = client.post("/api/webhooks", json={"url": "http://example.org/hook"})
    none = client.post(
        "/api/webhooks", json={"url": "https://example.org", "events": []}
    )

    assert [one.status_code for one in (refused, plain, none)] == [422] * 3
    assert refused.json()["code"] == "address-refused"
    assert client.get("/api/webhooks").json()["items"] == []
    with house.client(house.room.viewer()) as other:
        assert other.get("/api/webhooks/hook_x/deliveries").status_code == 404
    listed = house.ask("webhooks", "list", "--json")
    assert json.loads(listed.stdout)["items"] == []


def test_a_restart_says_so_to_whoever_follows(tmp_path: Any) -> None:
    with receiving() as receiver:
        house = House(tmp_path / "house", LUMIKU_OUTBOUND_PRIVATE=receiver.near)
        try:
            process = house.up()
            viewer = house.room.viewer(100)
            with house.client(viewer) as client, entered(client) as connection:
                hook = {
                    "url": receiver.url,
                    "events": ["job.item_done", "job.succeeded"],
                }
                made = client.post("/api/webhooks", json=hook).json()
                ended = started(client, key="first", items=2)
                until(lambda: len(receiver.received) == 3, "the webhook is told")
                kinds = [one.message["type"] for one in receiver.received]
                turned = client.post(f"/api/webhooks/{made['id']}/rotate").json()
                client.post(f"/api/webhooks/{made['id']}/test")
                until(lambda: len(receiver.received) == 4, "the test comes")
                told = client.get(f"/api/webhooks/{made['id']}/deliveries").json()
                job_id = started(client, key="second", seconds=30.0)
                with client.stream("GET", f"/api/jobs/{job_id}/stream") as stream:
                    lines = stream.iter_lines()
                    until(lambda: "started" in next(lines), "it has started")
                    process.terminate()
                    rest = list(lines)
                code = closed(connection)
        finally:
            house.leave()

    assert sorted(kinds) == ["job.item_done", "job.item_done", "job.succeeded"]
    assert kinds[-1] == "job.succeeded"
    assert all(one.is_signed(made["secret"]) for one in receiver.received)
    assert receiver.received[3].is_signed(turned["secret"])
    assert receiver.received[3].message["type"] == "webhook.test"
    assert [one["state"] for one in told["items"][1:]] == ["sent"] * 3
    assert ended in receiver.received[2].message["data"]["id"]
    assert "event: reconnect" in rest
    assert code == (1012, "restart")
