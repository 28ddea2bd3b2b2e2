"""Brings a backup back: tables as they were, rows, files, then what is new since."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lumiku_kernel.accounts.pepper import FILE as SECRET
from lumiku_kernel.accounts.pepper import write
from lumiku_kernel.backup import rows
from lumiku_kernel.backup.make import KERNEL as KERNEL_OWNER
from lumiku_kernel.backup.manifest import Manifest, Owner, Source, opened, unreadable
from lumiku_kernel.backup.target import files_of, make_room
from lumiku_kernel.errors import Finding, Problem
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.sound import verified
from lumiku_kernel.plugins import Registry, load
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, sentinel
from lumiku_kernel.store.migrate import (
    KERNEL,
    KERNEL_VERSIONS,
    knows,
    migrate_owner,
    prefix_of,
    version_table,
)

MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done; `aside` is a copy of the database that made way."""

    manifest: Manifest | None
    aside: Path | None
    revisions: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def restore(
    settings: Settings, path: Path, *, force: bool = False, without: Sequence[str] = ()
) -> Restored:
    """Restore a backup into what `settings` name; a copy of a SQLite file as it is.

    409 `backup-newer`, `plugin-missing`, `target-in-use` or `target-not-empty`, 422
    `backup-unreadable`; then nothing has changed. `without` are plugins left out.
    """
    store = Store(settings.database)
    try:
        if _is_sqlite(path):
            return Restored(None, _put_back(store, path, force=force))
        with opened(path) as source:
            plan = _planned(source, store, load(settings), frozenset(without))
            with store.alone():
                aside = make_room(store, force=force)
                for owner, revision in plan:
                    migrate_owner(store, *owner, to=revision)
                _rows(store, source, frozenset(without))
                _files(shelf_of(settings), source)
                _secret(settings, source)
                _settle(settings, source.manifest)
        done = prepare(settings, store)
        found = verified(settings, store)
        return Restored(source.manifest, aside, done.revisions, found)
    finally:
        store.close()


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise unreadable(path, str(error)) from error


def _put_back(store: Store, path: Path, *, force: bool) -> Path | None:
    """Have a copy of a SQLite database be the database again."""
    if store.path is None:
        detail = f"{path} is a copy of a SQLite database; this is PostgreSQL."
        raise Problem(409, "backup-of-sqlite", detail, fix="give a folder by --into")
    copy = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    finally:
        copy.close()
    if said != "ok":
        raise unreadable(path, said)
    with store.alone():
        aside = make_room(store, force=force)
        store.engine.dispose()
        for old in files_of(store.path):
            old.unlink(missing_ok=True)
        draft = store.path.with_suffix(".restoring")
        shutil.copy(path, draft)
        draft.replace(store.path)
    return aside


def _planned(
    source: Source, store: Store, registry: Registry, without: frozenset[str]
) -> list[tuple[tuple[str, str, str | None], str]]:
    """Whose tables to make, and as of which revision.

    Whatever can be known to fail is known before anything changes.
    """
    plan = []
    for ident, owner in source.manifest.owners.items():
        if ident in without:
            continue
        whose = _owner(ident, owner, registry)
        if not knows(store, whose[0], owner.revision):
            detail = f"Revision {owner.revision} of {ident} is not known here."
            fix = f"restore it where {owner.named} or a newer one is installed"
            raise Problem(409, "backup-newer", detail, fix=fix)
        plan.append((whose, owner.revision))
    source.check()
    return plan


def _owner(ident: str, owner: Owner, registry: Registry) -> tuple[str, str, str | None]:
    """The migrations, the version table and the prefix of whose tables they are."""
    if ident == KERNEL_OWNER:
        return KERNEL, KERNEL_VERSIONS, None
    plugin = registry.ready.get(ident)
    if plugin is None or plugin.tables is None:
        detail = f"The backup has tables of {ident}, which is not ready here."
        fix = f"pip install '{owner.named}', or --without {ident} to leave them out"
        raise Problem(409, "plugin-missing", detail, fix=fix)
    return plugin.tables, version_table(ident), prefix_of(ident)


def _rows(store: Store, source: Source, without: frozenset[str]) -> None:
    """All rows, in one transaction; those of migrations make way."""
    kept = {t.name: t for t in source.manifest.tables if t.owner not in without}
    gone = frozenset(source.manifest.gone)
    with store.connection() as connection:
        there = [one for one in rows.tables(connection) if one.name in kept]
        for table in reversed(there):
            connection.execute(table.delete())
        # Rows of other tables raise the epochs, whose own come last.
        for table in sorted(there, key=lambda one: one.name == "epoch"):
            one = kept[table.name]
            lines = source.member(one.member)
            rows.fill(connection, table, one, lines, without=gone)


def _files(shelf: Shelf, source: Source) -> None:
    shelf.prepare()
    for one in source.manifest.files:
        draft = shelf.bench / f"restoring-{secrets.token_hex(8)}"
        try:
            with draft.open("wb") as file:
                shutil.copyfileobj(source.member(one.member), file)
                file.flush()
                os.fsync(file.fileno())
            shelf.place(draft, one.key)
        finally:
            draft.unlink(missing_ok=True)


def _secret(settings: Settings, source: Source) -> None:
    place = settings.data_dir.resolve() / SECRET
    if source.manifest.with_secret and settings.secret_key is None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write(place, tuple(source.member(SECRET).read().split()))


def _settle(settings: Settings, manifest: Manifest) -> None:
    """The folder is of the installation whose rows are here now."""
    if manifest.installation is not None:
        folder = settings.data_dir.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sentinel.NAME).write_text(f"{manifest.installation}\n")
