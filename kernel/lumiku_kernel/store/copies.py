"""A copy of a SQLite database, made while others write, before its tables change."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from lumiku_kernel.clock import stamp
from lumiku_kernel.errors import Problem
from lumiku_kernel.store.engine import Store

KEPT = 3
"""Copies that stay; older ones make way."""
TABLES = text("SELECT count(*) FROM sqlite_master")


def copy_aside(store: Store, release: str) -> Path | None:
    """The copy, in the folder `backups` beside the database.

    None on PostgreSQL, and where there is nothing yet to lose.

    507 `disk-full` if there is no room for it: nothing has changed then.
    """
    if store.path is None or store.glance(TABLES) == 0:
        return None
    folder = store.path.parent / "backups"
    folder.mkdir(exist_ok=True)
    size = store.path.stat().st_size
    if shutil.disk_usage(folder).free < 2 * size:
        detail = f"A copy of the database needs {size >> 20} MiB in {folder}."
        raise Problem(507, "disk-full", detail, fix="free some space")
    copy = folder / f"before-{release}-{stamp()}.db"
    copy_database(store.path, copy)
    for old in sorted(folder.glob("before-*.db"), key=_age)[:-KEPT]:
        old.unlink()
    return copy


def newest(store: Store) -> Path | None:
    """The copy made last that holds accounts; None if there is none, or on PostgreSQL.

    The one that was made before the first start of all has nothing to bring back.
    """
    if store.path is None:
        return None
    copies = (store.path.parent / "backups").glob("before-*.db")
    return next((c for c in sorted(copies, key=_age)[::-1] if _is_full(c)), None)


def _is_full(copy: Path) -> bool:
    """Whether it has an account; one that cannot be read has none for us."""
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as raw:
            return raw.execute("SELECT 1 FROM account").fetchone() is not None
    except sqlite3.Error:
        return False


def copy_database(path: Path, copy: Path) -> None:
    """One moment of a database; whole, or not there."""
    draft = copy.with_suffix(".part")
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
    finally:
        connection.close()
    draft.chmod(0o600)
    draft.replace(copy)


def _age(path: Path) -> float:
    return path.stat().st_mtime
