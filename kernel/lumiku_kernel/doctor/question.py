"""What a check is given."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lumiku_contracts import Viewer
from lumiku_kernel.errors import Finding
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.lock import Lock
from lumiku_kernel.visibility.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked beyond the ordinary: each part adds checks.

    Through a `viewer`'s eyes; against a `lock`; by the `public` address.
    """

    viewer: Viewer | None = None
    lock: Lock | None = None
    public: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The settings, the database, what is known, and what is asked beyond."""

    settings: Settings
    store: Store
    snapshot: Snapshot
    wish: Wish = Wish()


Check = Callable[[Question], Iterator[Finding]]
First = Callable[[Store], Iterator[Finding]]
"""Asked of the database before anything can be known."""
