"""A change of a flag reaches every server and worker process, without a restart."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from tests.faults.house import House, until

from lumiku_kernel.accounts.keys import OPERATOR, SCOPES, create_key
from lumiku_kernel.store.tables import accounts, processes

pytestmark = pytest.mark.slow
SWITCH = "/api/admin/flags/trial.enabled"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A prepared data folder on which nothing runs yet."""
    if sys.platform != "linux":
        pytest.skip("processes are looked up in /proc")
    made = House(tmp_path / "house")
    yield made
    made.leave()


def serve(house: House) -> str:
    """Start a server process; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house.environment["LUMIKU_PORT"] = str(port)
    house.run("serve")
    return f"http://127.0.0.1:{port}"


def operator(house: House) -> dict[str, str]:
    """The headers of an operator's program."""
    viewer = house.room.viewer()
    with house.room.store.write() as session:
        mine = accounts.c.id == viewer.id
        session.execute(accounts.update().where(mine).values(role="operator"))
        scopes = (*SCOPES, OPERATOR)
        _, secret = create_key(session, viewer.id or "", "test", scopes=scopes)
    return {"Authorization": f"Bearer {secret}"}


def epochs(house: House) -> list[int]:
    """What each process goes by."""
    with house.room.store.read() as session:
        found = session.execute(select(processes.c.epoch)).scalars()
        return [epoch for epoch in found if epoch is not None]


def test_two_servers_and_two_worker_processes_follow_every_toggle(
    house: House,
) -> None:
    follow(house, 6)


def follow(house: House, toggles: int) -> None:
    """Four processes: each change is adopted by all, and shown by the other server."""
    addresses = [serve(house), serve(house)]
    house.run("work")
    house.run("work")
    until(lambda: len(epochs(house)) == 4, "four processes are there")
    client = httpx.Client(headers=operator(house), timeout=60, trust_env=False)
    first, second = addresses
    until(lambda: answers(client, second), "the second server answers")

    for version in range(toggles):
        state = "off" if version % 2 == 0 else "on"
        told = client.put(
            f"{first}{SWITCH}?wait=converged",
            json={"state": state, "reason": "a test"},
            headers={"If-Match": f'"{version}"'},
        ).json()

        assert (told["converged"], told["lagging"]) == (True, [])
        assert len([one for one in epochs(house) if one >= told["epoch"]]) == 4
        seen = client.get(f"{second}/api/apps").json()["items"]
        assert [one["id"] for one in seen] == ["trial"] * (state == "on")

    assert [one.poll() for one in house.started] == [None] * 4


def answers(client: httpx.Client, address: str) -> Any:
    """Whether a server answers yet."""
    try:
        return client.get(f"{address}/readyz").status_code
    except httpx.TransportError:
        return None
