"""What is done to an installation costs time, and nothing else: the short forms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.checker import table
from tests.faults.perform import hindrance, run
from tests.faults.run import missing
from tests.faults.scenarios import SCENARIOS

pytestmark = pytest.mark.faults

SHORT = (
    ("F1", "sqlite"),
    ("F1", "postgres"),
    ("F2", "sqlite"),
    ("F3", "sqlite"),
    ("F5", "postgres"),
    ("F8", "sqlite"),
    ("F9", "sqlite"),
    ("F11", "sqlite"),
    ("F13", "sqlite"),
)


@pytest.mark.parametrize(("name", "backend"), SHORT)
def test_nothing_is_lost_made_twice_or_charged_wrong(
    name: str,
    backend: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    scenario = SCENARIOS[name]
    why = hindrance(scenario, backend, missing)
    if why is not None:
        pytest.skip(why)

    counts = run(scenario, scenario.short, tmp_path, backend=backend, seed=7)

    told = table(counts)
    print(told)
    record_property("counts", told)
    assert all(one.fine for one in counts), told
