"""Looks at everything that can keep an app from running; each line names its cure.

The ids of checks are stable: K plugins, C settings, D database, R Redis, S seeds, W
workers, P providers, F files, A accounts, L ledger, V visibility, X this installation,
N webhooks, H what plugins say of themselves. Those of the catalogue that are not asked:
K02 (that imports do nothing, tests prove), E01 and X01 (public addresses only), V02
(the answer is typed).
"""

from sqlalchemy.exc import SQLAlchemyError

from lumiku_contracts import Viewer
from lumiku_kernel.doctor import (
    accounts,
    catalogue,
    database,
    files,
    own,
    settings,
    work,
)
from lumiku_kernel.doctor.question import Check, Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.flags.word import Local
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.watch import take

ESSENTIAL = frozenset({"D01", "D02", "F01"})
"""An error of one of these keeps the whole server from serving."""
CHEAP: tuple[Check, ...] = (
    catalogue.loaded,
    catalogue.stored,
    catalogue.seen,
    work.workers,
    work.providers,
    work.calls,
    files.storage,
    files.room,
)
COSTLY: tuple[Check, ...] = (
    catalogue.models,
    catalogue.routes,
    catalogue.looks,
    catalogue.seeds,
    settings.known,
    settings.coherent,
    database.differences,
    database.redis,
    work.waiting,
    work.told,
    files.written,
    files.sample,
    accounts.operators,
    accounts.registering,
    accounts.leaving,
    accounts.signing_in,
    accounts.passwords,
    accounts.credits_,
    files.installed,
    own.checks,
)


def examine(
    settings_: Settings, store: Store, viewer: Viewer | None = None
) -> list[Finding]:
    """Every check, in the order in which a start would fail; V01 for a `viewer` too."""
    found = list(database.reached(store))
    if all(one.level != "error" for one in found):
        found += database.schema(store)
    if any(one.level == "error" for one in found):
        return found  # nothing else can be asked of such a database
    asked = Question(settings_, store, take(store, Local.of(settings_)), viewer)
    checks = (*CHEAP, *COSTLY)
    return found + [one for check in checks for one in _answers(check, asked)]


def _answers(check: Check, asked: Question) -> list[Finding]:
    """What a check says; if the database cannot even be asked, that."""
    try:
        return list(check(asked))
    except SQLAlchemyError as error:
        name = (check.__doc__ or "D03").partition(":")[0].partition(",")[0]
        said = str(error).split("\n", maxsplit=1)[0]
        return [Finding(name, "error", f"It cannot be asked: {said}", "see D03 first")]


def ready(settings_: Settings, store: Store, snapshot: Snapshot) -> list[Finding]:
    """The cheap checks, for `/readyz`."""
    reached = list(database.reached(store))
    if any(one.level == "error" for one in reached):
        return reached
    asked = Question(settings_, store, snapshot)
    return [one for check in CHEAP for one in check(asked)]


__all__ = ["ESSENTIAL", "examine", "ready"]
