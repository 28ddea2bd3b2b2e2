"""Is the data folder the one that belongs to this database?

The database knows the id of the installation by its first entry in the audit; the
folder has it in a file. A volume that is not mounted lacks the file. Beside it lies a
mark of this very folder: two machines that started with an empty folder each have the
same id, and not the same mark.
"""

from pathlib import Path

from sqlalchemy import select

from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.engine import Store
from lumiku_kernel.store.ids import new_id
from lumiku_kernel.store.tables import artifacts, audits

NAME, MARK = "install-id", "install-mark"
ACTION = "installed"


def known(store: Store) -> str | None:
    """The id in the database, or None before the first start."""
    told = select(audits.c.subject).where(audits.c.action == ACTION)
    with store.read() as session:
        found = session.execute(told.order_by(audits.c.id).limit(1))
        return found.scalar_one_or_none()


def written(folder: Path) -> str | None:
    """The id in the folder."""
    path = folder / NAME
    return path.read_text().strip() if path.is_file() else None


def mark(folder: Path) -> str | None:
    """The mark of this very folder."""
    path = folder / MARK
    return path.read_text().strip() if path.is_file() else None


def settle(store: Store, folder: Path) -> None:
    """Give both the id if they lack it; a folder is not adopted that lost its files.

    A database of a release that knew no id takes the folder that has its newest file.
    """
    ident = known(store)
    first = ident is None
    if ident is None:
        ident = written(folder) or new_id("ins")
        with store.write() as session:
            audit(
                session,
                actor="kernel",
                action=ACTION,
                subject=ident,
                before=None,
                after={"folder": str(folder)},
                reason="first start",
            )
    newest = select(artifacts.c.key).order_by(artifacts.c.id.desc()).limit(1)
    with store.read() as session:
        key = session.execute(newest).scalar_one_or_none()
    whole = key is None or (first and (folder / "artifacts" / key).is_file())
    if written(folder) is None and whole:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(f"{ident}\n")
    if written(folder) == ident and mark(folder) is None:
        (folder / MARK).write_text(f"{new_id('fld')}\n")
