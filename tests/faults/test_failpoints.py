"""A process that fails between any two steps loses nothing: a few of the points."""

from pathlib import Path

import pytest
from tests.faults.checker import table
from tests.faults.failpoints import cases, run

pytestmark = pytest.mark.faults


def test_a_failure_between_two_steps_costs_nothing_but_time(tmp_path: Path) -> None:
    wrong, counts = run(cases(short=True), tmp_path / "points")

    assert not wrong
    assert all(one.fine for one in counts), table(counts)
