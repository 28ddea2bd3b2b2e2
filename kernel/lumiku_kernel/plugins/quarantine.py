"""Keeps apart a plugin that runners die of, until a while has passed or it is let out.

What is known of it stands in the audit, and so outlives every process: deaths,
quarantines and releases of one version of a plugin, by its fingerprint.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import not_found
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.tables import audits, plugins

DEATHS, ACCOUNTS = 3, 2
"""A version whose jobs killed so many runners, for so many accounts, is kept apart."""
WITHIN = 24 * 3600.0
"""Seconds in which these deaths count together."""
FIRST, LONGEST = 1800.0, 7 * 24 * 3600.0
"""Seconds of a first quarantine, doubled each time, up to the longest."""
DIED, HELD, RELEASED = "plugin.died", "plugin.quarantined", "plugin.released"


@dataclass(frozen=True, slots=True)
class Version:
    """What a quarantine is about: another version of a plugin is free of it."""

    id: str
    version: str
    fingerprint: str

    @classmethod
    def of(cls, one: Loaded) -> "Version":
        """That of a plugin found here."""
        return cls(one.id, one.version, one.fingerprint)


@dataclass(slots=True)
class _History:
    """What the audit says of a version since it was last released."""

    deaths: list[tuple[float, str, str]] = field(default_factory=list)
    times: int = 0
    until: float = 0.0


def until(session: Session, version: Version) -> float | None:
    """When the quarantine of this version ends, or None if it is in none."""
    found = _history(session, version).until
    return found if found > session.execute(select(now())).scalar_one() else None


def reason(ends: float) -> str:
    """A quarantine in a sentence."""
    return (
        f"Runners died of its jobs, again and again. It is kept apart to {iso(ends)}."
    )


def died(store: Store, version: Version, job: dict[str, Any]) -> bool:
    """Note that a runner died of a job; whether the plugin is in quarantine now."""
    with store.write() as session:
        told = {"job": job["id"], "account": job["account_id"]}
        _note(session, DIED, version, told, "A runner died of its job.")
        history = _history(session, version)
        at = session.execute(select(now())).scalar_one()
        if history.until > at:
            return True
        recent = [one for one in history.deaths if one[0] > at - WITHIN]
        if len(recent) < DEATHS or len({one[2] for one in recent}) < ACCOUNTS:
            return False
        ends = at + min(FIRST * 2**history.times, LONGEST)
        jobs = sorted({one[1] for one in recent})
        _note(session, HELD, version, {"until": ends, "jobs": jobs}, reason(ends))
        _say(session, version.id, "quarantined", "QUARANTINED", reason(ends))
    return True


def lapse(store: Store) -> list[str]:
    """Let out those whose quarantine is over; their ids."""
    held = plugins.c.state == "quarantined"
    with store.read() as session:
        if session.execute(select(plugins.c.id).where(held)).first() is None:
            return []
    with store.write() as session:
        ids = session.execute(select(plugins.c.id).where(held)).scalars().all()
        over = [ident for ident in ids if not _still_held(session, ident)]
        for ident in over:
            _say(session, ident, "ready", None, None)
    return over


def release(store: Store, ident: str, *, actor: str, why: str) -> None:
    """Let a plugin out before its time, or raise 404 if it is in no quarantine."""
    with store.write() as session:
        row = session.execute(select(plugins).where(plugins.c.id == ident))
        found = row.mappings().first()
        if found is None or found["state"] != "quarantined":
            raise not_found("plugin in quarantine")
        before = {"state": "quarantined", "reason": found["reason"]}
        audit(
            session,
            actor=actor,
            action=RELEASED,
            subject=ident,
            before=before,
            after={"state": "ready"},
            reason=why,
        )
        _say(session, ident, "ready", None, None)


def _still_held(session: Session, ident: str) -> bool:
    rows = _told(session, ident)
    ends = [row["after"]["until"] for row in rows if row["action"] == HELD]
    moment: float = session.execute(select(now())).scalar_one()
    return bool(ends) and ends[-1] > moment


def _told(session: Session, ident: str) -> Sequence[Any]:
    ours = audits.c.action.in_((DIED, HELD, RELEASED)) & (audits.c.subject == ident)
    statement = select(audits).where(ours).order_by(audits.c.id)
    return session.execute(statement).mappings().all()


def _history(session: Session, version: Version) -> _History:
    history = _History()
    same = asdict(version)
    for row in _told(session, version.id):
        after = row["after"] or {}
        if row["action"] == RELEASED:
            history = _History()
        elif any(after.get(name) != value for name, value in same.items()):
            continue
        elif row["action"] == DIED:
            history.deaths.append((row["at"], after["job"], after["account"]))
        else:
            history.deaths, history.until = [], after["until"]
            history.times += 1
    return history


def _note(
    session: Session, action: str, version: Version, told: dict[str, Any], why: str
) -> None:
    audit(
        session,
        actor="kernel",
        action=action,
        subject=version.id,
        before=None,
        after={**asdict(version), **told},
        reason=why,
    )


def _say(
    session: Session, ident: str, state: str, code: str | None, why: str | None
) -> None:
    values = {"state": state, "code": code, "reason": why, "seen_at": now()}
    session.execute(update(plugins).where(plugins.c.id == ident).values(**values))
