"""A real worker process whose runners die: the plugin's jobs wait, others go on."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.house import House, until

from lumiku_contracts import Viewer
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.visibility.watch import take

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A prepared data folder on which nothing runs yet."""
    if sys.platform != "linux":
        pytest.skip("processes are looked up in /proc")
    made = House(tmp_path / "house")
    yield made
    made.leave()


def test_runners_that_die_for_two_accounts_end_claims_until_a_release(
    house: House,
) -> None:
    one, two = house.room.viewer(10), house.room.viewer(10)
    house.work()
    poison = [house.room.submit(viewer, fault="exit") for viewer in (one, two)]

    def gate() -> str | None:
        verdict = judge(take(house.room.store), Viewer(one.id), "trial")
        return next((g.code for g in verdict.blocking if g.number == 2), None)

    until(lambda: gate() == "QUARANTINED", "gate 2 says so")
    patient = house.room.submit(one)
    house.work()  # a new process remembers it
    held = [house.state(patient) for _ in range(20)]
    answer = house.ask("plugins", "release", "trial", "--reason", "mended")
    house.ended(patient)

    assert set(held) == {"queued"}
    assert answer.returncode == 0, answer.stderr
    assert house.state(patient) == "succeeded"
    house.ended(*poison)
    house.assert_sound()
