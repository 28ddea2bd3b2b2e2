"""`lumiku up` keeps its family running, and leaves nothing behind."""

import os
import signal
import socket
from http import HTTPStatus

import httpx
import pytest
from tests.faults.house import House, alive, family, until

pytestmark = pytest.mark.slow


def child(family_: dict[int, str], command: str) -> int:
    """The member whose command line ends so."""
    return next(pid for pid, words in family_.items() if words.endswith(command))


def test_killing_it_ends_the_family_and_starting_again_finishes_the_job(
    house: House,
) -> None:
    viewer = house.room.viewer(10)
    first = house.up()
    job_id = house.room.submit(viewer, items=4, seconds=0.5)
    house.delivered(job_id)
    members = family(first.pid)

    first.kill()
    first.wait()
    until(lambda: not any(alive(pid) for pid in members), "the family ends by itself")
    house.up()
    house.ended(job_id)

    assert len(members) >= 3
    house.assert_made_once(job_id, 4)
    assert house.room.credits(viewer) == (6, 0)
    house.assert_sound()


def test_a_child_that_dies_is_started_again_and_later_each_time(house: House) -> None:
    process = house.up()

    for wait in ("0.5", "1.0"):
        killed = child(family(process.pid), "work")
        os.kill(killed, signal.SIGKILL)
        until(
            lambda killed=killed: another(process.pid, killed),  # type: ignore[misc]
            "another worker process",
        )
        said = f"worker 1 ended with status -9; it starts again in {wait} s"
        assert said in house.log(process)
    os.kill(child(family(process.pid), "serve"), signal.SIGKILL)
    until(lambda: "server ended" in house.log(process), "the server's end is told")

    until(lambda: answers(house.url), "the server answers at the same address")


def another(family_of: int, killed: int) -> bool:
    """Whether there is a worker process that is not the killed one."""
    found = family(family_of)
    return any(words.endswith("work") and pid != killed for pid, words in found.items())


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        return httpx.get(f"{url}/livez", trust_env=False).status_code == HTTPStatus.OK
    except httpx.TransportError:
        return False


def test_ctrl_c_stops_everything_and_frees_the_port(house: House) -> None:
    process = house.up()
    job_id = house.room.submit(house.room.viewer(), items=3, seconds=3.0)
    house.runner_of(job_id)
    members = family(process.pid)

    os.killpg(process.pid, signal.SIGINT)
    status = process.wait(60)

    assert status == 0
    assert len(members) >= 3
    assert not [words for pid, words in members.items() if alive(pid)]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(house.url.rpartition(":")[2])))
    stopped = house.room.job(job_id)
    assert (stopped["state"], stopped["rescues"]) == ("queued", 0)
    assert "Traceback" not in house.log(process)
    house.assert_sound()


def test_two_cannot_share_a_data_folder(house: House) -> None:
    house.up()

    second = house.ask("up", "--port", "0")

    assert second.returncode == 1
    assert "already-running: Another lumiku up runs on" in second.stderr
    assert "Traceback" not in second.stderr
