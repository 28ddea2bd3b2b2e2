"""The rooms of the job tests."""

from tests.jobs.conftest import prepared, room

__all__ = ["prepared", "room"]
