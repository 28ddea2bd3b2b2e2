"""Flags as they are stored."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session

from lumiku_kernel.errors import not_found
from lumiku_kernel.flags.evaluate import Flags
from lumiku_kernel.flags.word import Local, Word, declared
from lumiku_kernel.store.tables import audits, flag_uses, flags

SAID = ("state", "targets", "rules", "percentage", "salt")
ACTIONS = ("flag.set", "flag.undo")

log = logging.getLogger(__name__)


def word_of(row: Mapping[str, Any]) -> Word:
    """The word in a row, or in what the audit keeps of one."""
    if "state" not in row:  # as the first release wrote it
        return Word(state="on" if row["enabled"] else "off")
    return Word.model_validate({name: row[name] for name in SAID})


def read_flags(
    session: Session,
    plugins: Iterable[tuple[str, Mapping[str, Any], bool]],
    local: Local,
) -> Flags:
    """All flags of this moment; one query."""
    words, broken = {}, set()
    for row in session.execute(select(flags)).mappings():
        try:
            words[row["key"]] = word_of(dict(row))
        except ValidationError as error:
            broken.add(row["key"])
            log.error("the flag %s cannot be read: %s", row["key"], error)  # noqa: TRY400
    return Flags(words, declared(plugins), frozenset(broken), local)


def stored(session: Session) -> dict[str, dict[str, Any]]:
    """The rows by key."""
    found = session.execute(select(flags)).mappings()
    return {row["key"]: dict(row) for row in found}


def uses(session: Session) -> dict[str, dict[str, Any]]:
    """When each flag was last asked for, and how often in all."""
    found = session.execute(select(flag_uses)).mappings()
    return {row["key"]: dict(row) for row in found}


def history(
    session: Session, key: str, *, limit: int, before: int | None = None
) -> list[dict[str, Any]]:
    """A flag's changes, newest first."""
    mine = (audits.c.subject == key) & audits.c.action.in_(ACTIONS)
    statement = select(audits).where(mine).order_by(audits.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audits.c.id < before)
    return [dict(row) for row in session.execute(statement).mappings()]


def must_know(known: Flags, key: str) -> None:
    """Raise 404 for a flag that no author declares and no operator has set."""
    if key not in {*known.declared, *known.words, *known.broken}:
        raise not_found("flag")
