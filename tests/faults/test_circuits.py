"""A remote side that fails is left alone, then found again; one process does chores."""

import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.backends import Backend
from tests.faults.house import House, until

from lumiku_contracts import Tier
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import circuits, leases, processes

pytestmark = pytest.mark.slow


class Remote:
    """A server that answers with the `status` it is given, or too late with 0."""

    def __init__(self) -> None:
        """It is well."""
        self.status = 200
        self.calls = 0
        remote = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                remote.calls += 1
                if remote.status == 0:
                    time.sleep(1.0)
                self.send_response(remote.status or 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A remote side."""
    made = Remote()
    yield made
    made.server.shutdown()


@pytest.fixture
def distant(tmp_path: Path, backend: Backend, remote: Remote) -> Iterator[House]:
    """A house whose app asks the remote side."""
    made = House(tmp_path / "house", backend, TRIAL_REMOTE=remote.address)
    yield made
    made.leave()


def circuit_detail(status: int) -> str:
    """What operators read of it."""
    told = {0: "It did not answer in time.", 502: "It says 502."}
    return told.get(status, f"The provider refuses our key: It says {status}.")


def circuit(house: House) -> dict[str, Any]:
    """The plain model's circuit as stored."""
    with house.room.store.read() as session:
        mine = select(circuits).where(circuits.c.name.not_like("@%"))  # providers'
        row = session.execute(mine).mappings().first()
    return dict(row) if row else {"state": "closed"}


def lapse(house: House) -> None:
    """Let the time of an open circuit be over."""
    with house.room.store.write() as session:
        session.execute(update(circuits).values(open_until=now()))


@pytest.mark.parametrize(
    ("backend", "status", "most"),
    [("sqlite", 401, 2), ("postgres+redis", 0, 6), ("sqlite", 502, 24)],
    indirect=["backend"],
)
def test_a_remote_side_that_fails_is_left_alone_until_it_works_again(
    distant: House, remote: Remote, status: int, most: int
) -> None:
    viewer = distant.room.viewer(100, tier=Tier.PRO)
    remote.status = status
    mine = [distant.room.submit(viewer, fault="remote") for _ in range(12)]
    distant.up()

    until(lambda: circuit(distant)["state"] == "open", "the circuit opens")
    until(
        lambda: (
            {distant.state(one) for one in mine} <= {"queued", "retry_wait", "failed"}
        ),
        "nothing runs",
    )
    why = distant.ask("why", "trial", "--tier", "free", "--json").stdout
    asked = remote.calls
    lapse(distant)
    until(lambda: remote.calls > asked, "it is probed")
    until(lambda: circuit(distant)["state"] == "open", "it opens again")
    probed = remote.calls - asked
    remote.status = 200
    lapse(distant)
    distant.ended(*mine)

    assert circuit(distant)["state"] == "closed"
    assert asked <= most
    assert probed == 1
    assert f'"detail": "{circuit_detail(status)}"' in why
    if status != 502:
        assert {distant.state(one) for one in mine} == {"succeeded"}
    assert distant.room.credits(viewer)[1] == 0
    distant.assert_sound()


@pytest.mark.parametrize("backend", ["sqlite", "postgres+redis"], indirect=True)
def test_one_process_does_the_chores_and_another_takes_over(house: House) -> None:
    workers = [house.work() for _ in range(3)]
    owner = until(lambda: chosen(house), "one is elected")
    victim = next(one for one in workers if one.pid == owner)

    victim.send_signal(signal.SIGKILL)
    victim.wait()
    after = until(lambda: chosen(house) not in (None, owner) and chosen(house), "next")

    assert after in {one.pid for one in workers} - {owner}


def chosen(house: House) -> int | None:
    """The process id of whoever is elected now."""
    elected = (leases.c.name == "sweeper") & (leases.c.until > now())
    found = select(processes.c.pid).join(leases, leases.c.owner == processes.c.id)
    with house.room.store.read() as session:
        pid: int | None = session.execute(found.where(elected)).scalar_one_or_none()
    return pid
