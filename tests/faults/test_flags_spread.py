"""Changes of flags on PostgreSQL: by its own clock alone, and by Redis' bell."""

import pytest
from tests.faults.house import House
from tests.kernel.test_flags_processes import follow

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("backend", ["postgres", "postgres+redis"], indirect=True)
def test_servers_and_worker_processes_on_postgres_follow_every_toggle(
    house: House,
) -> None:
    follow(house, 6)
