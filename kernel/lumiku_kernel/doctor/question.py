"""What a check is given."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lumiku_contracts import Viewer
from lumiku_kernel.errors import Finding
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Question:
    """The settings, the database, what is known; through whose eyes, if anybody's."""

    settings: Settings
    store: Store
    snapshot: Snapshot
    viewer: Viewer | None = None


Check = Callable[[Question], Iterator[Finding]]
