"""Plugins' seed rows, kept by natural key."""

import json
from typing import Any

from sqlalchemy import Insert, Update, insert, select, update
from sqlmodel import Session

from lumiku_contracts import Plugin, Seed
from lumiku_kernel.store import Store


def plant(store: Store, plugin: Plugin, *, dry_run: bool = False) -> int:
    """Insert the rows that lack, rewrite what the author owns; how many changed.

    One transaction for each plugin: a seed that raises changes nothing. A dry run does
    the same and takes it back, so that it fails where the other would.
    """
    with store.write() as session:
        changed = sum(_plant(session, seed) for seed in plugin.seeds)
        if dry_run:
            session.rollback()
    return changed


def _plant(session: Session, seed: Seed) -> int:
    table = seed.table.__table__  # type: ignore[attr-defined]
    changed, seen = 0, set[str]()
    for row in seed.rows:
        key = repr([row[name] for name in seed.key])
        if key in seen:
            raise ValueError(f"two rows of {table.name} have the key {key}")
        seen.add(key)
        mine = [table.c[name] == row[name] for name in seed.key]
        stored = session.execute(select(table).where(*mine)).mappings().first()
        owned = {name: row[name] for name in seed.owns if name in row}
        if stored is None:
            statement: Insert | Update = insert(table).values(**row)
        elif any(stored[name] != _kept(value) for name, value in owned.items()):
            statement = update(table).where(*mine).values(**owned)
        else:
            continue
        changed += 1
        session.execute(statement)
    return changed


def _kept(value: Any) -> Any:
    """The value as a column of JSON gives it back: tuples are lists there."""
    if isinstance(value, dict | list | tuple):
        return json.loads(json.dumps(value, default=str))
    return value
