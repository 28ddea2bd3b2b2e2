"""Two machines, each with a `lumiku up` of its own, on one PostgreSQL and one bucket.

They start at the same moment on a database in which there is nothing.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.backends import Backend
from tests.faults.house import House, alive, family, until
from tests.faults.test_backends import accepted
from tests.jobs.buckets import peer_in
from tests.jobs.room import settings_in

from lumiku_kernel.jobs.files import verify_files
from lumiku_kernel.store.tables import accounts, audits, models
from lumiku_kernel.visibility.watch import take

pytestmark = pytest.mark.faults
BOTH = ("postgres", "postgres+redis")
SECRET = "the same secret on both of the machines"  # noqa: S105 (nobody's)


class Machine(House):
    """A data folder of its own, and a database that nobody has prepared."""

    prepares = False


@pytest.fixture
def machines(tmp_path: Path, backend: Backend) -> Iterator[tuple[House, House]]:
    """Both have started, and either has said that it is ready."""
    with ExitStack() as ends:
        peer = ends.enter_context(peer_in(tmp_path))
        told = {
            **peer.environment("shared"),
            "LUMIKU_SECRET_KEY": SECRET,
            "TRIAL_DIARY": str(tmp_path / "one" / "diary"),
        }
        one = Machine(tmp_path / "one", backend, **told)
        two = Machine(tmp_path / "two", backend, **told)
        for house in (one, two):
            ends.callback(house.leave)
        started = [house.run("up", "--port", "0") for house in (one, two)]
        for house, process in zip((one, two), started, strict=True):
            house.ready(process)
            more = {**peer.settings("shared"), "secret_key": SECRET}
            folder = house.folder / "data"
            house.enter(settings_in(folder, database_url=backend.database, **more))
        yield one, two


def counted(house: House) -> dict[str, int]:
    """What there is to be once, however many begin."""
    operators = select(func.count()).where(accounts.c.role == "operator")
    installed = select(func.count()).where(audits.c.action == "installed")
    with house.room.store.read() as session:
        return {
            "operators": session.execute(operators).scalar_one(),
            "installations": session.execute(installed).scalar_one(),
            "models": session.execute(
                select(func.count()).select_from(models)
            ).scalar_one(),
        }


def workers(house: House) -> set[int]:
    """The worker processes that live and work, by their numbers on this machine."""
    working = take(house.room.store).presence.working
    return {one.pid for one in working}


@pytest.mark.parametrize("backend", BOTH, indirect=True)
def test_two_families_start_at_once_share_their_work_and_outlive_each_other(
    machines: tuple[House, House],
) -> None:
    one, two = machines
    logs = [house.log(house.started[0]) for house in machines]
    assert not [log for log in logs if "Traceback" in log]
    assert sum("operator sign-in, once: " in log for log in logs) == 1
    found = counted(one)
    assert (found["operators"], found["installations"]) == (1, 1)
    assert found["models"] == len(take(one.room.store).configuration.models["trial"])
    until(lambda: len(workers(one)) == 2, "both worker processes work")

    viewer = one.room.viewer(200)
    with one.client(viewer) as first, two.client(viewer) as second:
        jobs = [
            accepted(client, items=3, seconds=0.4)
            for _ in range(6)
            for client in (first, second)
        ]
        hands = until(lambda: _at_work(one, machines), "both families are at work")
        gone = family(one.started[0].pid)
        os.kill(one.started[0].pid, signal.SIGKILL)
        for pid in gone:
            _end(pid)
        one.started[0].wait()
        until(lambda: not any(alive(pid) for pid in gone), "the first family is gone")
        late = accepted(second, items=1)
        states = two.ended(*jobs, late)
        told = second.get(f"/api/jobs/{jobs[0]}").json()["job"]
        picture = second.get(told["artifacts"][0]["url"])

    assert hands
    assert set(states) == {"succeeded"}
    for job_id in jobs:
        two.assert_made_once(job_id, 3)
    assert picture.text.endswith(" the end\n")
    assert two.room.credits(viewer) == (200 - 3 * len(jobs) - 1, 0)
    assert not [
        one
        for one in verify_files(two.room.settings, two.room.store)
        if one.level != "ok"
    ]
    two.assert_sound()


def _at_work(house: House, machines: tuple[House, House]) -> bool:
    """Whether a runner of either family has begun an item."""
    begun = {int(line) for path in house.diary.iterdir() for line in _lines(path)}
    return all(begun & {*family(each.started[0].pid)} for each in machines)


def _lines(path: Path) -> list[str]:
    return path.read_text().split()


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
