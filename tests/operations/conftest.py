"""Houses and rooms of the tests of faults and jobs, for those of operating."""

from tests.faults.conftest import house
from tests.jobs.conftest import prepared, room

__all__ = ["house", "prepared", "room"]
