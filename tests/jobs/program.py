"""A program that asks for jobs and follows them, by page, stream and socket."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Event = dict[str, Any]
MANY = "/api/events/ws"
"""Where one WebSocket follows many jobs."""


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
    with entered(client) as socket:
        socket.send(json.dumps({"op": "subscribe", "job": job_id, "after": after}))
        while True:
            event = json.loads(socket.recv(timeout=60))
            yield event
            if event["type"] in ("succeeded", "failed", "partial", "problem"):
                return


def entered(client: httpx.Client, path: str = MANY) -> ClientConnection:
    """A WebSocket of the client's."""
    address = f"{client.base_url}".replace("http", "ws", 1).rstrip("/")
    credential = {"Authorization": client.headers["authorization"]}
    return connect(f"{address}{path}", additional_headers=credential, proxy=None)


def closed(connection: ClientConnection) -> tuple[int, str]:
    """Wait until the server closes; its code and reason."""
    while True:
        try:
            connection.recv(timeout=60)
        except ConnectionClosed as over:
            told = over.rcvd
            break
    return (told.code, told.reason) if told else (1006, "")
