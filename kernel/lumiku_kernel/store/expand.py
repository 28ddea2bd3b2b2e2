"""What a migration may do while processes of the release before still run.

It may add: tables, columns that may be null or have a default in the database, indexes
that are not unique. What takes something away has to wait until a release has run that
did not need it, and then names it: `drops = {"account.nickname": "0.2"}` in a migration
of release 0.3 or later says that 0.2 neither read nor wrote the column.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.version import Version
from sqlalchemy import BigInteger, Connection, Integer, String, inspect

WIDER: tuple[tuple[type[Any], type[Any]], ...] = ((Integer, BigInteger),)


@dataclass(frozen=True, slots=True)
class Column:
    """What matters of a column to who reads and writes it."""

    type: Any
    nullable: bool
    default: bool

    def kind(self) -> str:
        """Its type, in words."""
        return str(self.type)


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table, and what refuses rows of it."""

    columns: Mapping[str, Column]
    refusing: frozenset[str] = field(default=frozenset())


Shapes = Mapping[str, Shape]


def shapes(connection: Connection) -> dict[str, Shape]:
    """Every table as it is now."""
    there = inspect(connection)
    return {name: _shape(there, name) for name in there.get_table_names()}


def _shape(there: Any, name: str) -> Shape:
    columns = {
        one["name"]: Column(
            one["type"], bool(one["nullable"]), one.get("default") is not None
        )
        for one in there.get_columns(name)
    }
    unique = {f"a unique index over {_over(one)}" for one in _unique(there, name)}
    foreign = {
        f"a foreign key over {', '.join(one['constrained_columns'])}"
        for one in there.get_foreign_keys(name)
    }
    checks = {
        f"the check {one['name'] or one['sqltext']}"
        for one in there.get_check_constraints(name)
    }
    return Shape(columns, frozenset(unique | foreign | checks))


def _unique(there: Any, name: str) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in there.get_indexes(name) if one["unique"])
    yield from there.get_unique_constraints(name)


def _over(index: Mapping[str, Any]) -> str:
    return ", ".join(str(one) for one in index["column_names"])


def faults(
    before: Shapes,
    after: Shapes,
    *,
    release: str | None,
    drops: Mapping[str, str] | None = None,
) -> list[str]:
    """A sentence for each thing that would break a process of the release before.

    `release` adds the migration; `drops` is what it says that nobody needs, and since
    when: `table` or `table.column` and a release.
    """
    given = dict(drops or {})
    found = []
    for what, fault in _found(before, after):
        since = given.pop(what, None)
        if since is None:
            found.append(f"{fault}; do it a release after the last that needs {what}")
        elif release is None or not _later(release, since):
            said = f"{fault}; {what} is unneeded since {since} only, and this is"
            found.append(f"{said} {release or 'of no release'}")
    found += [f"{what} is said to be dropped, and is not" for what in given]
    return found


def _later(release: str, since: str) -> bool:
    ours, theirs = Version(release), Version(since)
    return (ours.major, ours.minor) > (theirs.major, theirs.minor)


def _found(before: Shapes, after: Shapes) -> Iterator[tuple[str, str]]:
    """What is touched, and how."""
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield name, f"the table {name} is dropped or renamed"
            continue
        for column, was in old.columns.items():
            yield from _changed(f"{name}.{column}", was, new.columns.get(column))
        for column in new.columns.keys() - old.columns.keys():
            if not (new.columns[column].nullable or new.columns[column].default):
                what = f"{name}.{column}"
                yield what, f"{what} is added, must not be null and has no default"
        for refusal in sorted(new.refusing - old.refusing):
            yield name, f"{name} gets {refusal}, which may refuse what they write"


def _changed(what: str, was: Column, now: Column | None) -> Iterator[tuple[str, str]]:
    if now is None:
        yield what, f"the column {what} is dropped or renamed"
        return
    if was.nullable and not now.nullable:
        yield what, f"{what} must not be null any more"
    if was.default and not (now.default or now.nullable):
        yield what, f"{what} has no default any more"
    if not _holds(now.type, was.type):
        yield what, f"{what} was {was.kind()} and becomes {now.kind()}"


def _holds(now: Any, was: Any) -> bool:
    """Whether a column holds, as it is now, whatever it held."""
    if isinstance(now, String) and isinstance(was, String):
        return now.length is None or (was.length or now.length + 1) <= now.length
    wider = any(isinstance(was, old) and isinstance(now, new) for old, new in WIDER)
    return wider or str(now) == str(was)
