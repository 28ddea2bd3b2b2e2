"""Plugins' seed rows, kept by natural key."""

from sqlalchemy import Insert, Update, insert, select, update
from sqlmodel import Session

from lumiku_contracts import Plugin, Seed
from lumiku_kernel.store import Store


def plant(store: Store, plugin: Plugin, *, dry_run: bool = False) -> int:
    """Insert the rows that lack, rewrite what the author owns; how many changed.

    One transaction for each plugin: a seed that raises changes nothing.
    """
    with store.write() as session:
        changed = sum(_plant(session, seed, dry_run=dry_run) for seed in plugin.seeds)
        if dry_run:
            session.rollback()
    return changed


def _plant(session: Session, seed: Seed, *, dry_run: bool) -> int:
    table = seed.table.__table__  # type: ignore[attr-defined]
    changed = 0
    for row in seed.rows:
        mine = [table.c[name] == row[name] for name in seed.key]
        stored = session.execute(select(table).where(*mine)).mappings().first()
        owned = {name: row[name] for name in seed.owns if name in row}
        if stored is None:
            statement: Insert | Update = insert(table).values(**row)
        elif any(stored[name] != value for name, value in owned.items()):
            statement = update(table).where(*mine).values(**owned)
        else:
            continue
        changed += 1
        if not dry_run:
            session.execute(statement)
    return changed
