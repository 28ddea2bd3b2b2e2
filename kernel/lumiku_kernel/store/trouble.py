"""What a database's refusal means to whoever waits for an answer."""

import logging
import sqlite3
import threading

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from lumiku_kernel.errors import Problem

UNAVAILABLE = ("database-unavailable", "The database does not answer.", 5)
BUSY = ("database-busy", "The database is busy with something else.", 2)
READ_ONLY = ("database-read-only", "The database takes no changes now.", 10)
FULL = ("disk-full", "There is no room left for what was to be written.", 10)

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: UNAVAILABLE,
    sqlite3.SQLITE_CANTOPEN: UNAVAILABLE,
}
_POSTGRES = {
    "08": UNAVAILABLE,  # the connection
    "25006": READ_ONLY,
    "40": BUSY,  # deadlocks, and what could not be put in order
    "53100": FULL,
    "53": UNAVAILABLE,  # no memory, no connection left
    "55P03": BUSY,  # a lock was not given in time
    "57014": BUSY,  # the statement took too long
    "57P": UNAVAILABLE,  # it shuts down, crashed, or starts
    "58": UNAVAILABLE,  # its disk
}

log = logging.getLogger(__name__)


def trouble(error: BaseException | None) -> Problem | None:
    """The problem if it is the database's state that failed; None for any other fault.

    503 `database-unavailable`, `database-busy` or `database-read-only`, or 507
    `disk-full`, each with `Retry-After`. A cause counts for what it has caused.
    """
    while error is not None:
        kind = _kind(error)
        if kind is not None:
            code, detail, seconds = kind
            status = 507 if kind is FULL else 503
            again = {"Retry-After": str(seconds)}
            return Problem(status, code, detail, fix="lumiku doctor", headers=again)
        error = error.__cause__
    return None


def passing(error: BaseException | None) -> bool:
    """Whether the same transaction may succeed when it is run again."""
    found = trouble(error)
    return found is not None and found.status == 503  # noqa: PLR2004 (HTTP)


def _kind(error: BaseException) -> tuple[str, str, int] | None:
    if isinstance(error, NoneFree):  # every connection of the pool is taken
        return BUSY
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(cause, psycopg.Error):
        return None
    if cause.sqlstate is None:  # no answer: the connection is gone, or never was
        gone = isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError))
        return UNAVAILABLE if gone else None
    lengths = (5, 3, 2)
    return next(
        (_POSTGRES[key] for n in lengths if (key := cause.sqlstate[:n]) in _POSTGRES),
        None,
    )


class Outage:
    """Says once that something is gone, and once that it is back."""

    def __init__(self, what: str, meanwhile: str) -> None:
        """All is well."""
        self._what = what
        self._meanwhile = meanwhile
        self._lock = threading.Lock()
        self.lasts = False

    def begun(self, error: BaseException) -> None:
        """It is gone; a line in the log the first time."""
        with self._lock:
            first, self.lasts = not self.lasts, True
        if first:
            said = str(getattr(error, "orig", None) or error).split("\n", 1)[0]
            log.warning("%s is gone (%s); %s", self._what, said, self._meanwhile)

    def over(self) -> None:
        """It is there; a line in the log if it was gone."""
        if not self.lasts:
            return
        with self._lock:
            was, self.lasts = self.lasts, False
        if was:
            log.warning("%s is back", self._what)
