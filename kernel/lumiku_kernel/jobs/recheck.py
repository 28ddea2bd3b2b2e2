"""May this job still be run? Asked once more when a worker process takes it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import accounts
from lumiku_kernel.visibility.gates import Gate
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.visibility.watch import Watch


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a job is not run: a gate's code in kebab-case, and a sentence."""

    code: str
    detail: str

    @classmethod
    def of(cls, gate: Gate) -> "Refusal":
        """As the gate says it."""
        return cls((gate.code or gate.name).lower().replace("_", "-"), gate.detail)


@dataclass(frozen=True, slots=True)
class Recheck:
    """Asks this process's own snapshot, and looks again before it refuses.

    The server that took the job may know of a change that has not come here yet.
    """

    store: Store
    watch: Watch

    def __call__(self, job: dict[str, Any]) -> Refusal | None:
        """The refusal, or None if the job may be run."""
        viewer = self._viewer(job["account_id"])
        if refusal(self.watch.snapshot, viewer, job) is None:
            return None
        return refusal(self.watch.refresh(), viewer, job)

    def _viewer(self, account_id: str) -> Viewer:
        mine = select(accounts.c.tier, accounts.c.role).where(
            accounts.c.id == account_id
        )
        with self.store.read() as session:
            row = session.execute(mine).one()
        return Viewer(account_id, Tier[row.tier.upper()], row.role)


def refusal(snapshot: Snapshot, viewer: Viewer, job: dict[str, Any]) -> Refusal | None:
    """Why `viewer` may not run the job now, by the same verdict as everywhere."""
    verdict = judge(snapshot, viewer, job["plugin_id"])
    if not verdict.visible:
        # A process that started while the app was off has not loaded it either.
        off = [gate for gate in verdict.blocking if gate.code == "FLAG_OFF"]
        return Refusal.of(*off or verdict.blocking[:1])
    chosen = next((m for m in verdict.models if m.model.key == job["model"]), None)
    if chosen is None:
        detail = f"There is no model {job['model']} any more."
        return Refusal("model-gone", detail)
    if chosen.usable or chosen.gate is None:
        return None
    return Refusal.of(chosen.gate)
