"""What each tier grants and allows: data that operators change, live by epoch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import select, update
from sqlmodel import Session

from lumiku_contracts import Tier
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.store import Store
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import tiers

PERIODS: Final = ("day", "month")
BOUNDS: Final = ("max_running", "per_minute", "storage_bytes", "retention_days")
"""What may be null: without bound."""
MOST: Final = 1_000_000_000
"""No number of a tier is larger; of bytes there may be `MOST_BYTES`."""
MOST_BYTES: Final = 2**53


@dataclass(frozen=True, slots=True)
class Terms:
    """A tier's row; `allowance` credits in each `period`, a bound of None is none."""

    name: str
    allowance: int = 0
    period: str = "month"
    max_running: int | None = 1
    per_minute: int | None = 60
    storage_bytes: int | None = 0
    retention_days: int | None = None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class Tiers:
    """The terms of each tier as this process knows them; asking costs no query."""

    def __init__(self, store: Store) -> None:
        """Read them now."""
        self._store = store
        self._known: Mapping[str, Terms] = {}
        self.adopt()

    def adopt(self, _epoch: int = 0) -> None:
        """Read them again: the epoch of the configuration has risen."""
        with self._store.read() as session:
            self._known = read(session)

    @property
    def all(self) -> tuple[Terms, ...]:
        """Every tier's terms, the lowest first."""
        return tuple(self._known.values())

    def of(self, tier: Tier) -> Terms:
        """A tier's terms; next to nothing for one whose row somebody has removed."""
        return self._known.get(tier.word) or Terms(tier.word)


def read(session: Session) -> dict[str, Terms]:
    """All tiers by name, the lowest first; one query."""
    rank = {tier.word: tier for tier in Tier}
    rows = session.execute(select(tiers)).mappings().all()
    known = sorted(rows, key=lambda row: rank.get(row["name"], Tier.FREE))
    return {row["name"]: Terms(**row) for row in known}


def change(store: Store, name: str, values: Mapping[str, Any], by: By) -> Terms:
    """Set what is given, audited; 404 for an unknown tier, 422 for a strange value."""
    for field, value in values.items():
        _check(field, value)
    with store.write() as session:
        before = read(session).get(name)
        if before is None:
            raise not_found("tier")
        if values:
            mine = update(tiers).where(tiers.c.name == name)
            session.execute(mine.values(**values))
        after = read(session)[name]
        documents = {"before": before.document(), "after": after.document()}
        by.write(session, "tier.set", name, **documents)
    return after


def _check(field: str, value: Any) -> None:
    if field == "period":
        right = value in PERIODS
    elif value is None:
        right = field in BOUNDS
    else:
        whole = isinstance(value, int) and not isinstance(value, bool)
        least = 0 if field in ("allowance", "storage_bytes") else 1
        most = MOST_BYTES if field == "storage_bytes" else MOST
        right = field in ("allowance", *BOUNDS) and whole and least <= value <= most
    if not right:
        detail = f"{field} of a tier cannot be {value!r}."
        raise Problem(422, "tier-invalid", detail)
