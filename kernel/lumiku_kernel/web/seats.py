"""How many connections may stay open, by viewer and by address."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from lumiku_kernel.errors import Problem


class Seats:
    """The open followers of a server process."""

    def __init__(self, per_viewer: int, per_address: int) -> None:
        """All are free."""
        self._most = {"viewer": per_viewer, "address": per_address}
        self._taken: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def seat(self, viewer: str, address: str) -> Iterator[None]:
        """Hold one; 429 `too-many-followers` if there is none."""
        wanted = [("viewer", viewer), ("address", address)]
        for whose in wanted:
            most = self._most[whose[0]]
            if self._taken[whose] >= most:
                detail = f"At most {most} streams and sockets stay open per {whose[0]}."
                fix = "Follow all jobs over one /api/events/ws."
                headers = {"Retry-After": "10"}
                raise Problem(
                    429, "too-many-followers", detail, fix=fix, headers=headers
                )
        self._taken.update(wanted)
        try:
            yield
        finally:
            for whose in wanted:
                self._taken[whose] -= 1
                if not self._taken[whose]:
                    del self._taken[whose]
