"""What somebody does to a database without us."""
# ruff: noqa: S608 (statements of our own, as somebody would write them by hand)

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, text

from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store


def only_on(kind: str) -> pytest.MarkDecorator:
    """For what one kind of database alone has."""
    return pytest.mark.parametrize("kind", [kind])


def by_hand(store: Store, *statements: str) -> None:
    """As somebody would with a shell of the database: not through any code of ours."""
    connection: Any = (
        sqlite3.connect(str(store.path), isolation_level=None)
        if store.is_sqlite
        else psycopg.connect(address(store), autocommit=True)
    )
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def address(store: Store) -> str:
    return store.url.replace("+psycopg", "")


def dump(store: Store) -> list[str]:
    """Every table, column and row, as text."""
    if store.is_sqlite:
        connection = sqlite3.connect(str(store.path))
        try:
            return list(connection.iterdump())
        finally:
            connection.close()
    there = inspect(store.engine)
    told: list[str] = []
    with store.read() as session:
        for name in sorted(there.get_table_names()):
            columns = [str((c["name"], c["type"])) for c in there.get_columns(name)]
            rows = session.execute(text(f'SELECT * FROM "{name}"')).all()
            told += [name, *columns, *sorted(map(str, rows))]
    return told


SettingsOf = Callable[[Store], Settings]
FLAG = (
    'INSERT INTO flag ("key", version, state, targets, rules, salt, reason, actor, at) '
    "VALUES ('a.enabled', 1, 'off', '{}', '[]', '', '', '', 0)"
)
