"""One app with two models, and who would see it."""

from dataclasses import replace
from typing import Any

from lumiku_contracts import Model, Plugin, Tier
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import Presence, ProcessFact, Snapshot
from lumiku_kernel.visibility.watch import take

CHEAP, FINE = Model("cheap", price=1), Model("fine", price=5, tier=Tier.PRO)
APP = Plugin("app", name="App", models=(CHEAP, FINE))
WHO: dict[str, Any] = {"actor": "usr_boss", "reason": "a test"}


def look(store: Store, *, workers: int = 1) -> Snapshot:
    """The database, with so many worker processes alive."""
    snapshot = take(store)
    at = snapshot.presence.at
    alive = tuple(
        ProcessFact(
            f"prc_{n}", "worker", at, at, {"app": "1.0"}, {}, {"cpu": 1}, f"box:{n}"
        )
        for n in range(workers)
    )
    return replace(snapshot, presence=Presence(at, alive))
