"""Every flag as it stands, and which of them somebody should look after."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.flags.evaluate import Flags
from lumiku_kernel.flags.read import stored, uses
from lumiku_kernel.flags.word import UNSAID, Declared, Word
from lumiku_kernel.store import now

SETTLED_SECONDS = 30 * 86400.0
"""So long on or off for everybody, and a flag has done its work."""
PASSING = ("release", "experiment")
"""Kinds of flags that are meant to go again."""
ADVICE = {
    "expired": "the author's date is past: take it out of the code, or move the date",
    "settled": "the same for everybody for 30 days: take it out of the code",
    "never-evaluated": "no plugin has asked for it: take it out, or use it",
    "orphaned": "no plugin declares it: archive it (lumiku flags set KEY archived)",
    "unreadable": "what is stored of it cannot be read: set it anew",
}


def report(session: Session, flags: Flags) -> list[dict[str, Any]]:
    """A row for each flag; three queries."""
    rows, asked = stored(session), uses(session)
    at = session.execute(select(now())).scalar_one()
    return [
        _row(key, flags, rows.get(key), asked.get(key), at)
        for key in sorted(flags.keys | set(rows))
    ]


def _row(
    key: str,
    flags: Flags,
    row: Mapping[str, Any] | None,
    use: Mapping[str, Any] | None,
    at: float,
) -> dict[str, Any]:
    known = flags.declared.get(key)
    word = flags.words.get(key)
    causes = [*stale(known, word, row, use, at)]
    if key in flags.broken:
        causes.append("unreadable")
    return {
        "key": key,
        "plugin": known.plugin if known else None,
        "kind": known.kind if known else None,
        "description": known.description if known else "",
        "expires": known.expires if known else None,
        "default": known.default if known else None,
        **(word or UNSAID).document(),
        "state": word.state if word else "unset",
        "version": row["version"] if row else 0,
        "effective": effective(flags, key),
        "forced": flags.local.forced.get(key),
        "reason": row["reason"] if row else None,
        "actor": row["actor"] if row else None,
        "at": iso(row["at"]) if row else None,
        "last_evaluated": iso(use["at"]) if use else None,
        "evaluations": use["times"] if use else 0,
        "stale": causes,
        "advice": [ADVICE[cause] for cause in causes],
    }


def effective(flags: Flags, key: str) -> str:
    """`on` or `off` for everybody here, or on for `some`."""
    found = flags.outcomes(key)
    if len(found) > 1:
        return "some"
    return "on" if True in found else "off"


def stale(
    known: Declared | None,
    word: Word | None,
    row: Mapping[str, Any] | None,
    use: Mapping[str, Any] | None,
    at: float,
) -> list[str]:
    """Why somebody should look after a flag, at the moment `at`."""
    if known is None or known.lost:
        archived = word is not None and word.state == "archived"
        return [] if archived else ["orphaned"]
    causes = []
    if known.expires is not None and _past(known.expires, at):
        causes.append("expired")
    if known.kind not in PASSING:
        return causes
    if word and row and _settled(word) and row["at"] < at - SETTLED_SECONDS:
        causes.append("settled")
    if use is None or use["at"] < at - SETTLED_SECONDS:
        causes.append("never-evaluated")
    return causes


def _past(day: str, at: float) -> bool:
    try:
        return date.fromisoformat(day[:10]) < date.fromtimestamp(at)  # noqa: DTZ012
    except ValueError:
        return True  # a date that cannot be read needs somebody as well


def _settled(word: Word) -> bool:
    if word.state != "on":
        return True
    return not word.targets and not word.rules and word.percentage in (0, 100)
