"""Keeps what became of each verdict: a row for each change, with its cause."""

import logging
import time
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import audits, transitions
from lumiku_kernel.visibility.cause import Difference, differences
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.transitions import (
    OF_WORKERS,
    Place,
    Standing,
    evidence,
    standing,
    verdicts,
)
from lumiku_kernel.visibility.verdict import Verdict

PATIENCE = 3.0
"""Seconds that worker processes may be away without its being a transition."""
BLAMED_SECONDS = 60.0
"""An operator's change is not the cause of what happens so much later."""
Row = dict[str, Any]
log = logging.getLogger(__name__)


class Chronicle:
    """Compares each snapshot with what was last written; one process does it."""

    def __init__(self, store: Store, *, tells: bool = False) -> None:
        """Nothing was seen yet; `tells`: whether there is a webhook to be told."""
        self._store = store
        self._tells = tells
        self._before: Snapshot | None = None
        self._known: dict[Place, Standing] = {}
        self._flapping: dict[Place, float] = {}

    def skip(self, snapshot: Snapshot) -> None:
        """Another process writes; only remember how things were."""
        self._before = snapshot
        self._flapping.clear()

    def note(self, snapshot: Snapshot) -> list[Row]:
        """Write down the verdicts that have changed; the rows."""
        if not self._known:
            self._known = self._read()
        found = verdicts(snapshot, {app for app, _ in self._known})
        changed = {
            place: verdict
            for place, verdict in found.items()
            if self._known.get(place) != standing(verdict)
        }
        settled = {p: v for p, v in changed.items() if self._has_settled(p, v)}
        self._flapping = {p: self._flapping[p] for p in changed.keys() - settled.keys()}
        rows = self._write(settled, snapshot) if settled else []
        if not self._flapping:
            self._before = snapshot
        return rows

    def _read(self) -> dict[Place, Standing]:
        with self._store.read() as session:
            return {place: _standing(row) for place, row in newest(session).items()}

    def _has_settled(self, place: Place, verdict: Verdict) -> bool:
        since = self._flapping.setdefault(place, time.monotonic())
        before, after = self._known.get(place), standing(verdict)
        flaps = (
            bool(OF_WORKERS & {*after.codes})
            if before is None
            else before.flaps_to(after)
        )
        return not flaps or time.monotonic() - since >= PATIENCE

    def _write(self, changed: dict[Place, Verdict], snapshot: Snapshot) -> list[Row]:
        rows = []
        try:
            with self._store.write() as session:
                last = newest(session)
                for place, verdict in changed.items():
                    row = self._row(session, place, verdict, last.get(place), snapshot)
                    if row is not None:
                        session.execute(insert(transitions).values(**row, at=now()))
                        rows.append(row)
        except IntegrityError:  # another process has written it first
            rows = []
        self._known = self._read()
        _log(rows)
        return rows

    def _row(
        self,
        session: Session,
        place: Place,
        verdict: Verdict,
        last: Row | None,
        snapshot: Snapshot,
    ) -> Row | None:
        after = standing(verdict)
        before = _standing(last) if last else None
        if before == after:
            return None
        news = before is not None and before.state != after.state
        return {
            "app": place[0],
            "tier": place[1],
            "turn": 1 + (last["turn"] if last else 0),
            "before": before.state if before else None,
            "after": after.state,
            "codes": list(after.codes),
            "evidence": evidence(verdict),
            "cause": self._cause(session, verdict, before, snapshot),
            "epoch": snapshot.configuration.epoch,
            "told": "due" if news and self._tells else None,
        }

    def _cause(
        self,
        session: Session,
        verdict: Verdict,
        before: Standing | None,
        snapshot: Snapshot,
    ) -> str:
        if before is None:
            return f"first seen: {verdict.summary}"
        codes = {*before.codes} ^ {*standing(verdict).codes}
        found = (
            differences(
                self._before,
                snapshot,
                verdict.app,
                of_workers=bool(codes & OF_WORKERS),
            )
            if self._before
            else []
        )
        words = [_blamed(session, one) for one in found]
        return "; ".join(words) or f"found so: {verdict.summary}"


def _log(rows: list[Row]) -> None:
    """A line for each app, state and cause, with the tiers it is true of."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        first = "first seen" if row["before"] is None else ""
        key = (row["app"], row["after"], row["cause"], first)
        lines.setdefault(key, []).append(row["tier"])
    for (app, state, cause, first), tiers in lines.items():
        level = logging.INFO if first else logging.WARNING
        log.log(level, "%s is %s for %s: %s", app, state, ", ".join(tiers), cause)


def _standing(row: Row) -> Standing:
    return Standing(row["after"], tuple(row["codes"]))


def _blamed(session: Session, difference: Difference) -> str:
    """The words, and by whom and why, if the audit knows it."""
    if not difference.subject:
        return difference.words
    lately = audits.c.at > now() - BLAMED_SECONDS
    who = (
        select(audits.c.actor, audits.c.reason)
        .where(audits.c.subject == difference.subject, lately)
        .order_by(audits.c.id.desc())
    )
    row = session.execute(who.limit(1)).first()
    return (
        f"{difference.words} by {row.actor}: {row.reason}" if row else difference.words
    )


def newest(session: Session) -> dict[Place, Row]:
    """The last row of each app and tier."""
    last = select(func.max(transitions.c.id)).group_by(
        transitions.c.app, transitions.c.tier
    )
    rows = session.execute(select(transitions).where(transitions.c.id.in_(last)))
    return {(row["app"], row["tier"]): dict(row) for row in rows.mappings()}


def as_of(session: Session, app: str, tier: str, moment: float) -> Row | None:
    """The row that was in force at a moment; None before anything was written."""
    mine = (transitions.c.app == app) & (transitions.c.tier == tier)
    then = select(transitions).where(mine, transitions.c.at <= moment)
    row = session.execute(then.order_by(transitions.c.id.desc()).limit(1))
    found = row.mappings().first()
    return dict(found) if found else None


def history(
    session: Session,
    *,
    app: str | None = None,
    tier: str | None = None,
    limit: int = 100,
    before: int | None = None,
) -> list[Row]:
    """What became of verdicts, newest first."""
    statement = select(transitions).order_by(transitions.c.id.desc()).limit(limit)
    for column, value in ((transitions.c.app, app), (transitions.c.tier, tier)):
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(transitions.c.id < before)
    return [dict(row) for row in session.execute(statement).mappings()]
