"""Changes an operator's word on a flag: checked, audited, undone in one step."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.read import history, word_of
from lumiku_kernel.flags.word import UNSAID, State, Word
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.tables import epochs, flags


@dataclass(frozen=True, slots=True)
class Change:
    """A change made; processes that have adopted `epoch` know of it."""

    key: str
    version: int
    epoch: int
    word: Word


@dataclass(frozen=True, slots=True)
class By:
    """Who changes a flag, why, and the preview they have seen."""

    actor: str
    reason: str
    preview: str | None = None


def change(
    store: Store, key: str, word: Word, by: By, *, version: int | None = None
) -> Change:
    """Say `word` of `key`; the change and its audit row are one transaction.

    `version` is the one the change was made for: 412 if it is another's by now.
    """
    try:
        with store.write() as session:
            row = _held(session, key, version)
            return _write(session, key, row, word, by)
    except IntegrityError as error:  # another was the first to speak of this flag
        raise _stale(key) from error


def undo(store: Store, key: str, by: By, *, version: int | None = None) -> Change:
    """Take the last change back; to undo that brings it again. 409 if there is none."""
    with store.write() as session:
        row = _held(session, key, version)
        last = history(session, key, limit=1)
        if row is None or not last:
            raise Problem(409, "nothing-to-undo", f"Nobody has changed {key} yet.")
        before = last[0]["before"]
        word = UNSAID if before is None else word_of(before)
        return _write(session, key, row, word, by, action="flag.undo")


def switch(store: Store, key: str, *, on: bool, actor: str, reason: str) -> Change:
    """Set a flag's state and leave the rest of what was said."""
    state: State = "on" if on else "off"
    with store.write() as session:
        row = _held(session, key, None)
        word = Word() if row is None else word_of(row)
        after = word.model_copy(update={"state": state})
        return _write(session, key, row, after, By(actor, reason))


def _held(session: Session, key: str, version: int | None) -> dict[str, Any] | None:
    """The flag's row, held until the transaction ends."""
    mine = select(flags).where(flags.c.key == key).with_for_update()
    row = session.execute(mine).mappings().first()
    if version is not None and version != (row["version"] if row else 0):
        raise _stale(key)
    return dict(row) if row else None


def _write(
    session: Session,
    key: str,
    row: dict[str, Any] | None,
    word: Word,
    by: By,
    *,
    action: str = "flag.set",
) -> Change:
    said = word.document()
    version = 1 + (row["version"] if row else 0)
    told = {"version": version, "reason": by.reason, "actor": by.actor, "at": now()}
    if row is None:
        session.execute(insert(flags).values(key=key, **said, **told))
    else:
        mine = update(flags).where(flags.c.key == key)
        session.execute(mine.values(**said, **told))
    after = {**said, "version": version}
    audit(
        session,
        actor=by.actor,
        action=action,
        subject=key,
        before=_before(row),
        after={**after, "preview": by.preview} if by.preview else after,
        reason=by.reason,
    )
    config = select(epochs.c.value).where(epochs.c.name == "config")
    return Change(key, version, session.execute(config).scalar_one(), word)


def _before(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {k: row[k] for k in row if k not in ("key", "reason", "actor", "at")}


def _stale(key: str) -> Problem:
    detail = f"The flag {key} has been changed since you looked at it."
    fix = "Look at it again (lumiku flags list), then send its version."
    return Problem(412, "flag-changed", detail, fix=fix)
