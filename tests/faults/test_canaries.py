"""No secret is found where it does not belong, whatever an app does with it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.faults.house import House

pytestmark = pytest.mark.slow

CANARIES = {
    "LUMIKU_TRIAL__KEY": "canary-of-the-app-1f6e",
    "LUMIKU_OPERATOR_WEBHOOK": "http://canary:canary-in-url-77aa@127.0.0.1:9/canary-3b",
    "REDIS_PASSWORD": "canary-of-redis-0d2c",
}
SECRETS = (
    "canary-of-the-app-1f6e",
    "canary-in-url-77aa",
    "canary-3b",
    "lk_canary",
    "canary-cookie",
    "canary-query",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """With a secret in every setting that may have one."""
    said: dict[str, Any] = {"LUMIKU_LOG_LEVEL": "DEBUG", **CANARIES}
    made = House(tmp_path / "house", **said)
    yield made
    made.leave()


def rows(path: Path) -> str:
    """Everything in the database, as text."""
    with sqlite3.connect(path) as database:
        return "\n".join(database.iterdump())


def test_secrets_are_in_no_log_no_row_no_event_and_no_error(house: House) -> None:
    viewer = house.room.viewer(100)
    process = house.up()
    job_id = house.room.submit(viewer, fault="leak")
    house.ended(job_id)
    bodies = ""
    strange = {"Authorization": "Bearer lk_canary-0123456789abcdef", "X": "y"}
    cookie = {"Cookie": "lumiku_session=canary-cookie-0123456789"}
    for headers in (strange, cookie):
        for path in ("/api/jobs?token=canary-query-1", "/api/nothing", "/health"):
            bodies += httpx.get(house.url + path, headers=headers).text
    with house.client(viewer) as client:
        key = client.headers["Authorization"].removeprefix("Bearer ")
        for path in ("", "/events"):
            bodies += client.get(f"/api/jobs/{job_id}{path}").text

    log = house.log(process)
    assert "press says" in bodies
    assert "the key is" in log
    assert f'"job": "{job_id}"' in log
    found = log + bodies + rows(house.folder / "data" / "lumiku.db")
    for secret in (*SECRETS, key):
        assert secret not in found, secret
