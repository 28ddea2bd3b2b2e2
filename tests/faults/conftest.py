"""Houses: real processes on a data folder of the test's own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends import Backend
from tests.faults.house import House


@pytest.fixture
def house(tmp_path: Path, backend: Backend) -> Iterator[House]:
    """A prepared data folder on which nothing runs yet."""
    if sys.platform != "linux":
        pytest.skip("processes are looked up in /proc")
    made = House(tmp_path / "house", backend)
    yield made
    made.leave()
