"""Refuses DDL outside an owner's tables, before it runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

_DDL = re.compile(
    r"\s*(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:TEMP(?:ORARY)?\s+|UNIQUE\s+)*"
    r"(?P<kind>\w+)\s+(?:CONCURRENTLY\s+)?(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
    r"[\"'`\[]?(?P<name>[\w.]+)[\"'`\]]?"
    r"(?:\s+ON\s+[\"'`\[]?(?P<table>\w+))?",
    re.IGNORECASE,
)
_RENAMED = re.compile(r"\sRENAME\s+TO\s+[\"'`\[]?(?P<name>\w+)", re.IGNORECASE)
_WRITES = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)"
    r"\s+[\"'`\[]?(?P<name>\w+)",
    re.IGNORECASE,
)


class OutsidePrefix(Exception):
    """A statement of a migration that touches what is not its owner's."""

    def __init__(self, prefix: str, statement: str) -> None:
        line = " ".join(statement.split())[:120]
        super().__init__(f"only tables named {prefix}… are its own; refused: {line}")


@contextmanager
def fenced(connection: Connection, prefix: str | None) -> Iterator[None]:
    """While open, let the connection change only tables that begin with `prefix`."""
    if prefix is None:
        yield
        return

    def check(
        _connection: Any, _cursor: Any, statement: str, *_: Any, **__: Any
    ) -> None:
        if not allowed(statement, prefix):
            raise OutsidePrefix(prefix, statement)

    event.listen(connection, "before_cursor_execute", check)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", check)


def allowed(statement: str, prefix: str) -> bool:
    """Whether a statement stays within the owner's tables, indexes and their copies."""
    own = (prefix, f"ix_{prefix}", f"_alembic_tmp_{prefix}", f"uq_{prefix}")
    renamed = _RENAMED.search(statement)
    if renamed is not None and not renamed["name"].startswith(own):
        return False
    found = _DDL.match(statement) or _WRITES.match(statement)
    if found is None:
        return not statement.lstrip().upper().startswith(("PRAGMA WRITABLE", "ATTACH"))
    named = found.groupdict()
    if (named.get("kind") or "").upper() == "INDEX" and named.get("table"):
        return str(named["table"]).startswith(own)
    return str(named["name"]).startswith(own)
