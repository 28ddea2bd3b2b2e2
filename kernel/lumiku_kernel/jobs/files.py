"""Are the files of artifacts where their rows say, and whole."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import artifacts


def verify_files(settings: Settings, store: Store) -> Iterator[Finding]:
    """A finding for missing files and one for changed ones; reads every file."""
    shelf = Shelf(settings.data_dir.resolve() / "artifacts")
    missing, changed = [], []
    columns = (artifacts.c.id, artifacts.c.key, artifacts.c.sha256)
    with store.read() as session:
        for row in session.execute(select(*columns)):
            path = shelf.path(row.key)
            if not path.is_file():
                missing.append(row.id)
            elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
                changed.append(row.id)
    for rule, rows in (
        ("A2 every artifact has its file", missing),
        ("A3 every file is as it was made", changed),
    ):
        name = rule.split()[0]
        if rows:
            cause = f"{rule}: broken by {', '.join(rows[:10])}"
            yield Finding(name, "error", cause, evidence={"rows": rows[:10]})
        else:
            yield Finding(name, "ok", rule)
