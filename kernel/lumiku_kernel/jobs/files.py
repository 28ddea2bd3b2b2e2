"""Are the files of artifacts where their rows say, and whole."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs.artifacts import Shelf, Unkept
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import artifacts, uploads

MISSING = "A2 every artifact and upload has its file"
CHANGED = "A3 every file is as it was made"


def verify_files(settings: Settings, store: Store) -> Iterator[Finding]:
    """A finding for missing files and one for changed ones; reads every file."""
    shelf = shelf_of(settings)
    broken: dict[str, list[str]] = {MISSING: [], CHANGED: []}
    with store.read() as session:
        rows = [
            row
            for table in (artifacts, uploads)
            for row in session.execute(select(table.c.id, table.c.key, table.c.sha256))
        ]
    try:
        for row in rows:
            fault = _fault(shelf, row.key, row.sha256)
            if fault:
                broken[fault].append(row.id)
    except Unkept as away:
        yield Finding("A2", "error", away.detail, "lumiku config")
        return
    for rule, ids in broken.items():
        name = rule.split()[0]
        if ids:
            cause = f"{rule}: broken by {', '.join(ids[:10])}"
            yield Finding(name, "error", cause, evidence={"rows": ids[:10]})
        else:
            yield Finding(name, "ok", rule)


def _fault(shelf: Shelf, key: str, sha256: str) -> str | None:
    digest = hashlib.sha256()
    try:
        for part in shelf.read(key):
            digest.update(part)
    except FileNotFoundError:
        return MISSING
    return None if digest.hexdigest() == sha256 else CHANGED
