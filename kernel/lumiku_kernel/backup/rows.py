"""Rows of tables as lines of JSON, the same for every kind of database."""

import base64
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Insert,
    LargeBinary,
    MetaData,
    Numeric,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import Float, TypeEngine

from lumiku_kernel.backup.manifest import Rows

AT_ONCE = 500
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (JSON, "json"),
    (Boolean, "bool"),
    (DateTime, "datetime"),
    (Date, "date"),
    (LargeBinary, "bytes"),
    (Float, "plain"),
    (Numeric, "decimal"),
)
"""What a column holds, by its type; everything else is plain."""


def _instant(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


OUT: Mapping[str, Callable[[Any], Any]] = {
    "bool": bool,
    "datetime": _instant,
    "date": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "decimal": str,
}
IN: Mapping[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
    "decimal": Decimal,
}


def kind_of(type_: TypeEngine[Any]) -> str:
    """The kind of a column of a type."""
    return next((kind for base, kind in KINDS if isinstance(type_, base)), "plain")


def dump(connection: Connection, table: Table, owner: str) -> tuple[Rows, IO[bytes]]:
    """All rows, the lowest key first, and a file that holds them."""
    kinds = {one.name: kind_of(one.type) for one in table.columns}
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller's)
    found, count = hashlib.sha256(), 0
    for line in _lines(connection, table, kinds):
        found.update(line)
        file.write(line)
        count += 1
    file.seek(0)
    about = {"columns": kinds, "rows": count, "sha256": found.hexdigest()}
    return Rows(name=table.name, owner=owner, **about), file


def _lines(
    connection: Connection, table: Table, kinds: Mapping[str, str]
) -> Iterator[bytes]:
    # As text, so that a JSON null stays one and no other NULL becomes one.
    columns = [
        cast(one, Text).label(one.name) if kinds[one.name] == "json" else one
        for one in table.columns
    ]
    ordered: Select[Any] = select(*columns).order_by(*table.primary_key.columns)
    options = {"stream_results": True, "yield_per": AT_ONCE}
    for row in connection.execute(ordered, execution_options=options).mappings():
        said = {name: _out(kinds[name], row[name]) for name in kinds}
        yield json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _out(kind: str, value: Any) -> Any:
    return value if value is None or kind not in OUT else OUT[kind](value)


def fill(
    connection: Connection,
    table: Table,
    kept: Rows,
    lines: Iterable[bytes],
    *,
    without: frozenset[str],
) -> None:
    """Insert rows into an empty table; none of those whose `id` is in `without`."""
    statement = _insert(table, kept, postgres=connection.dialect.name == "postgresql")
    names = {name: f"c{n}" for n, name in enumerate(kept.columns)}
    batch: list[dict[str, Any]] = []
    for line in lines:
        row = json.loads(line)
        if row.get("id") in without:
            continue
        batch.append(
            {bound: _in(table, kept, name, row[name]) for name, bound in names.items()}
        )
        if len(batch) == AT_ONCE:
            connection.execute(statement, batch)
            batch = []
    if batch:
        connection.execute(statement, batch)
    _go_on_counting(connection, table)


def _insert(table: Table, kept: Rows, *, postgres: bool) -> Insert:
    bound: dict[str, Any] = {}
    for n, (name, kind) in enumerate(kept.columns.items()):
        if kind == "json":
            text = bindparam(f"c{n}", type_=Text())
            bound[name] = cast(text, JSON) if postgres else type_coerce(text, Text)
        else:
            bound[name] = bindparam(f"c{n}", type_=table.columns[name].type)
    return insert(table).values(bound)


def _in(table: Table, kept: Rows, name: str, value: Any) -> Any:
    kind = kept.columns[name]
    if value is None or kind not in IN:
        return value
    found = IN[kind](value)
    if kind == "datetime" and not getattr(table.columns[name].type, "timezone", False):
        return found.replace(tzinfo=None)
    return found


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers rows by a sequence of its own."""
    if connection.dialect.name != "postgresql":
        return
    for one in table.primary_key.columns:
        named = func.pg_get_serial_sequence(f'"{table.name}"', one.name)
        sequence = connection.execute(select(named)).scalar()
        if sequence is not None:
            newest = select(func.coalesce(func.max(one), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, newest, False)))


def tables(connection: Connection) -> list[Table]:
    """Every table that is there, each after those it names."""
    found = MetaData()
    found.reflect(connection)
    return list(found.sorted_tables)
