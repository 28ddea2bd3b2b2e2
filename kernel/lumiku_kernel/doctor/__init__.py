"""Looks at everything that can keep an app from running; each line names its cure.

The ids of checks are stable: K plugins, C settings, D database, R Redis, S seeds, W
workers, P providers, F files, A accounts, L ledger, V visibility, X this installation,
E events, N webhooks, H what plugins say of themselves. `runbook.toml` has an entry for
each. Those of the catalogue that are not asked: K02 (that imports do nothing, tests
prove), V02 (the answer is typed).
"""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from lumiku_kernel.doctor.book import entries, entry, page_of
from lumiku_kernel.doctor.question import Question, Wish
from lumiku_kernel.doctor.table import ESSENTIAL, FIRST, TABLE, Row
from lumiku_kernel.errors import Finding, Problem
from lumiku_kernel.flags.word import Local
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.watch import take

ORDINARY = Wish()


def examine(settings: Settings, store: Store, wish: Wish = ORDINARY) -> list[Finding]:
    """Every check, in the order in which a start would fail."""
    found: list[Finding] = []
    for row in FIRST:
        found += _answers(row, store)
        if any(one.level == "error" for one in found):
            return found  # nothing else can be asked of such a database
    asked = Question(settings, store, take(store, Local.of(settings)), wish)
    return found + [one for row in TABLE for one in _answers(row, asked)]


def ready(settings: Settings, store: Store, snapshot: Snapshot) -> list[Finding]:
    """The cheap checks, for `/readyz`."""
    found = [one for row in FIRST if row.cheap for one in row.ask(store)]
    if any(one.level == "error" for one in found):
        return found
    asked = Question(settings, store, snapshot)
    return found + [one for row in TABLE if row.cheap for one in row.ask(asked)]


def stops(found: list[Finding]) -> bool:
    """Whether nothing can be served."""
    return any(one.level == "error" and one.check in ESSENTIAL for one in found)


def _answers(row: Row, asked: object) -> Iterator[Finding]:
    """What a check says; if it cannot even be asked, that."""
    code = row.codes[0]
    try:
        yield from list(row.ask(asked))
    except Problem as refused:
        fix = refused.fix or f"lumiku doctor --explain {code}"
        yield Finding(code, "error", refused.detail, fix)
    except (SQLAlchemyError, OSError) as error:
        said = str(error).split("\n", maxsplit=1)[0]
        fix = f"lumiku doctor --explain {code}"
        yield Finding(code, "error", f"It cannot be asked: {said}.", fix)


__all__ = [
    "ESSENTIAL",
    "FIRST",
    "TABLE",
    "Wish",
    "entries",
    "entry",
    "examine",
    "page_of",
    "ready",
    "stops",
]
