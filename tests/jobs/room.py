"""A database of its own with one app in it, and what tests ask of the job table."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select, update

from lumiku_contracts import PriceLine, Tier, Viewer
from lumiku_kernel.accounts import users
from lumiku_kernel.jobs import claim, events
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.jobs.choose import Claimant
from lumiku_kernel.jobs.files import verify_files
from lumiku_kernel.jobs.funding import NOBODYS, Payer
from lumiku_kernel.jobs.quote import Quote
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.submit import Accepted, submit
from lumiku_kernel.ledger import verify
from lumiku_kernel.ledger.post import grant, holdings, open_purses
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.tables import job_items, jobs, metadata
from lumiku_kernel.visibility.watch import take

TRIAL = Path(__file__).parents[1] / "faults" / "trial"
"""Where the app is; nobody else's tests shall find it."""


@contextmanager
def app_on_path() -> Iterator[None]:
    """Let the app be found, for as long as plugins are being loaded."""
    sys.path.append(str(TRIAL))
    try:
        yield
    finally:
        sys.path.remove(str(TRIAL))


def settings_in(folder: Path, **more: Any) -> Settings:
    """Settings with all data in `folder`, and the one app."""
    return Settings(
        **{"data_dir": folder, "plugins": "trial", "database_url": None, **more}
    )


@dataclass
class Room:
    """A prepared database and the app's declaration."""

    settings: Settings
    store: Store
    registry: Registry

    @classmethod
    def open(cls, settings: Settings) -> "Room":
        """The room of a database that has been prepared."""
        with app_on_path():
            untried = settings.model_copy(update={"plugins_trial": False})
            registry = load(untried)
        return cls(settings, Store(settings.database), registry)

    @property
    def shelf(self) -> Shelf:
        """Where artifacts are kept."""
        shelf = shelf_of(self.settings)
        shelf.prepare()
        return shelf

    def viewer(self, credits_: int = 100, tier: Tier = Tier.FREE) -> Viewer:
        """A new account with so many credits."""
        with self.store.write() as session:
            ident = users.create(session, f"{new_id('v')}@example.org", tier=tier)
            open_purses(session, ident)
            grant(session, ident, credits_, actor="test", reason="welcome")
        return Viewer(ident, tier)

    def quote(self, worker: str = "write", model: str = "plain", **ask: Any) -> Quote:
        """A request understood, as the server would."""
        kind = self.registry.worker("trial", worker)
        assert kind is not None
        assert kind.items is not None
        accepts: type[BaseModel] = kind.accepts
        given = accepts.model_validate(ask)
        known = take(self.store).configuration.models["trial"]
        fact = next(one for one in known if one.id == model)
        items = tuple(kind.items(given))
        lines = tuple(PriceLine(n, fact.name, fact.price) for n in range(len(items)))
        slot = self.registry.slot(fact.provider)
        print_ = f"{worker} {model} {sorted(ask.items())}"
        return Quote("trial", kind, fact, slot, given, items, lines, print_)

    def accept(
        self,
        viewer: Viewer,
        quote: Quote,
        *,
        key: str | None = None,
        deadline: float = 3600.0,
        payer: Payer = NOBODYS,
    ) -> Accepted:
        """Submit a request."""
        return submit(
            self.store,
            quote,
            viewer,
            version="1.0",
            key=key,
            flags={},
            deadline_seconds=deadline,
            payer=payer,
        )

    def submit(self, viewer: Viewer, worker: str = "write", **ask: Any) -> str:
        """Submit a request for the plain model; the job's id."""
        return self.accept(viewer, self.quote(worker, **ask)).job_id

    def claim(self, owner: str = "prc_one", lease: float = 30.0) -> dict[str, Any]:
        """Claim the next job; there must be one."""
        job = self.try_claim(owner, lease)
        assert job is not None
        return job

    def try_claim(
        self,
        owner: str = "prc_one",
        lease: float = 30.0,
        plugins: tuple[str, ...] = ("trial",),
        **limits: Any,
    ) -> dict[str, Any] | None:
        """Claim the next job, if there is one for these plugins."""
        asks = Claimant(
            slot="io", plugins=plugins, owner=owner, lease_seconds=lease, **limits
        )
        return claim.claim(self.store, asks)

    def give_back(self, job: dict[str, Any], **how: Any) -> None:
        """Give a claimed job back."""
        with self.store.write() as session:
            claim.give_back(session, job["id"], job["epoch"], **how)

    def job(self, job_id: str) -> dict[str, Any]:
        """A job's row."""
        with self.store.read() as session:
            row = session.execute(select(jobs).where(jobs.c.id == job_id))
            return dict(row.mappings().one())

    def change(self, job_id: str, **values: Any) -> None:
        """Write to a job's row behind everybody's back."""
        with self.store.write() as session:
            session.execute(update(jobs).where(jobs.c.id == job_id).values(**values))

    def lapse(self, job_id: str) -> None:
        """Let a lease have run out a second ago."""
        self.change(job_id, lease_until=now() - 1.0)

    def items(self, job_id: str) -> list[str]:
        """The states of a job's items, in order."""
        mine = select(job_items.c.state).where(job_items.c.job_id == job_id)
        with self.store.read() as session:
            ordered = mine.order_by(job_items.c.index)
            return list(session.execute(ordered).scalars())

    def events(self, job_id: str) -> list[dict[str, Any]]:
        """All that has happened to a job."""
        with self.store.read() as session:
            return events.after(session, job_id, 0, limit=10_000)

    def told(self, job_id: str) -> list[str]:
        """The types of a job's events, progress left out."""
        kinds = [event["type"] for event in self.events(job_id)]
        return [kind for kind in kinds if kind != "progress"]

    def credits(self, viewer: Viewer) -> tuple[int, int]:
        """What is available and what is reserved."""
        with self.store.read() as session:
            held = holdings(session, viewer.id or "")
        return held["available"], held["reserved"]

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.store.read() as session:
            return {
                name: session.execute(
                    select(func.count()).select_from(table)
                ).scalar_one()
                for name, table in metadata.tables.items()
            }

    def broken(self) -> list[str]:
        """What `lumiku verify` would complain of."""
        found = [*verify.verify(self.store), *verify_files(self.settings, self.store)]
        return [one.cause for one in found if one.level != "ok"]
