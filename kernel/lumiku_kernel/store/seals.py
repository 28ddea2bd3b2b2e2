"""Seals on the audit and the ledger: what was written can be seen to be unchanged.

A seal closes a range of rows by the database's clock. It holds the digest of each row
and of the seal before it; rows younger than `OPEN_SECONDS` are not sealed yet, since
a transaction that began earlier may still commit.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.errors import Finding
from lumiku_kernel.store.engine import Store, now
from lumiku_kernel.store.tables import audits, ledger_entries, ledger_txns, seals

OPEN_SECONDS = 15.0
MOST_ROWS = 500
"""Rows under one seal, unless more have the same moment."""

RULES = {"audit": "S1", "ledger": "C9"}
Rows = list[list[str]]
log = logging.getLogger(__name__)


def seal(store: Store, *, open_seconds: float = OPEN_SECONDS) -> int:
    """Seal what is old enough and not sealed yet; how many seals were made."""
    made = 0
    for chain in CHAINS:
        while _seal_next(store, chain, open_seconds):
            made += 1
    return made


def _seal_next(store: Store, chain: str, open_seconds: float) -> bool:
    with store.read() as session:
        number, after, previous = _head(session, chain)
        until = _until(session, chain, after, open_seconds)
        if until is None:
            return False
        rows = CHAINS[chain](session, after, until)
    digest = _digest(previous, rows)
    values = {"chain": chain, "number": number + 1, "after": after, "until": until}
    try:
        with store.write() as session:
            session.execute(
                insert(seals).values(**values, rows=rows, digest=digest, at=now())
            )
    except IntegrityError:  # another process has made this one
        return False
    log.info("sealed %s rows of %s: %s %s", len(rows), chain, number + 1, digest)
    return True


def _head(session: Session, chain: str) -> tuple[int, float, str]:
    newest = select(seals.c.number, seals.c.until, seals.c.digest)
    newest = newest.where(seals.c.chain == chain).order_by(seals.c.number.desc())
    row = session.execute(newest.limit(1)).first()
    return (0, 0.0, "") if row is None else (row.number, row.until, row.digest)


def _until(
    session: Session, chain: str, after: float, open_seconds: float
) -> float | None:
    table = audits if chain == "audit" else ledger_txns
    due = (table.c.at > after) & (table.c.at <= now() - open_seconds)
    moments = select(table.c.at).where(due).order_by(table.c.at).limit(MOST_ROWS)
    found = session.execute(moments).scalars().all()
    return found[-1] if found else None


def check(store: Store) -> Iterator[Finding]:
    """A finding for each chain; a broken one names the first row at fault."""
    for chain in CHAINS:
        with store.read() as session:
            fault = _fault(session, chain)
            number, _, digest = _head(session, chain)
        check_ = RULES[chain]
        rule = f"{check_} the sealed rows of {chain} are unchanged"
        if fault is None:
            yield Finding(check_, "ok", f"{rule} ({number} seals, head {digest[:16]})")
        else:
            evidence = {"chain": chain}
            yield Finding(check_, "error", f"{rule}: {fault}", evidence=evidence)


def _fault(session: Session, chain: str) -> str | None:
    """The first thing wrong with a chain, in words."""
    stored = select(seals).where(seals.c.chain == chain).order_by(seals.c.number)
    previous, after = "", 0.0
    for number, one in enumerate(session.execute(stored).mappings(), 1):
        if (one["number"], one["after"]) != (number, after):
            return f"seal {number} is missing"
        if one["digest"] != _digest(previous, one["rows"]):
            return f"seal {number} was changed"
        fault = _difference(one["rows"], CHAINS[chain](session, after, one["until"]))
        if fault is not None:
            return f"{chain} {fault} under seal {number}"
        previous, after = one["digest"], one["until"]
    return None


def _difference(sealed: Rows, found: Rows) -> str | None:
    there = {ident for ident, _ in found}
    for old, new in zip_longest(sealed, found):
        if old == new:
            continue
        if old is None or (new is not None and new[0] not in dict(sealed)):
            return f"row {new[0]} was added"
        verb = "was changed" if old[0] in there else "is missing"
        return f"row {old[0]} {verb}"
    return None


def _digest(previous: str, rows: Rows) -> str:
    return _sha256([previous, rows])


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(row: Mapping[Any, Any], *more: Any) -> list[str]:
    return [str(row["id"]), _sha256([dict(row), *more])[:32]]


def _between(at: ColumnElement[float], after: float, until: float) -> Any:
    return (at > after) & (at <= until)


def _audit(session: Session, after: float, until: float) -> Rows:
    rows = select(audits).where(_between(audits.c.at, after, until))
    found = session.execute(rows.order_by(audits.c.at, audits.c.id))
    return [_row(row) for row in found.mappings()]


def _ledger(session: Session, after: float, until: float) -> Rows:
    within = _between(ledger_txns.c.at, after, until)
    joined = select(ledger_entries).join(
        ledger_txns, ledger_txns.c.id == ledger_entries.c.txn_id
    )
    entries: dict[str, dict[str, int]] = {}
    for entry in session.execute(joined.where(within)).mappings():
        entries.setdefault(entry["txn_id"], {})[entry["purse"]] = entry["amount"]
    rows = select(ledger_txns).where(within)
    found = session.execute(rows.order_by(ledger_txns.c.at, ledger_txns.c.id))
    return [_row(row, entries.get(row["id"], {})) for row in found.mappings()]


CHAINS: Mapping[str, Callable[[Session, float, float], Rows]] = {
    "audit": _audit,
    "ledger": _ledger,
}
"""How the rows of each chain between two moments are read."""
