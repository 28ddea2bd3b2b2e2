"""Takes a backup: rows of one moment first, then the files that they name.

Nobody is kept from writing meanwhile. A file whose row is forgotten between the two is
noted as gone, and its row is left out when the backup is restored.
"""

import hashlib
import logging
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, select

from lumiku_kernel.accounts.pepper import FILE as SECRET
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.backup import rows
from lumiku_kernel.backup.manifest import Kept, Manifest, Owner, Rows, add
from lumiku_kernel.clock import iso, stamp
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, sentinel
from lumiku_kernel.store.migrate import (
    KERNEL_VERSIONS,
    applied,
    heads_table,
    prefix_of,
    require,
    version_table,
)
from lumiku_kernel.store.tables import artifacts, metadata, plugins, uploads

KERNEL = "kernel"
PASSING = frozenset({"process", "lease"})
"""What is true only of the processes that run here."""
SPOOLED = 8 * 2**20
"""Bytes of a file that are held in memory."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup, and what stands in it."""

    path: Path
    manifest: Manifest


def back_up(
    settings: Settings,
    store: Store,
    out: Path,
    *,
    files: bool = True,
    secret: bool = False,
) -> Made:
    """Write a backup to the file `out`, or into the folder `out`.

    409 `file-exists`; nothing is left there unless it is whole.
    """
    path = out / f"lumiku-{stamp()}.tar" if out.is_dir() else out
    if path.exists():
        detail = f"{path} is there already."
        raise Problem(409, "file-exists", detail, fix="give another --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.touch(mode=0o600)
    try:
        with tarfile.open(draft, "w") as tar:
            manifest = _written(settings, store, tar, files=files, secret=secret)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Made(path, manifest)


@dataclass(slots=True)
class _Files:
    """What becomes of the files."""

    kept: list[Kept] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def _written(
    settings: Settings, store: Store, tar: tarfile.TarFile, *, files: bool, secret: bool
) -> Manifest:
    require(store)
    with store.moment() as connection:
        owners = _owners(connection)
        moment = iso(store.now())
        named = [one for t in (artifacts, uploads) for one in _named(connection, t)]
        kept = [_table(tar, connection, *one) for one in _tables(connection, owners)]
    found = _Files()
    shelf = shelf_of(settings)
    for one in named if files else ():
        _keep(shelf, store, tar, one, found)
    if secret:
        keys = b"\n".join(pepper(settings)) + b"\n"
        with tempfile.SpooledTemporaryFile(SPOOLED) as file:
            file.write(keys)
            add(tar, SECRET, file, _length(file))
    manifest = Manifest(
        release=version("lumiku-kernel"),
        made_at=str(moment),
        database=store.kind(),
        installation=sentinel.known(store),
        owners=owners,
        tables=kept,
        files=found.kept,
        with_files=files,
        with_secret=secret,
        gone=found.gone,
        lost=found.lost,
        damaged=found.damaged,
    )
    manifest.write(tar)
    return manifest


def _owners(connection: Connection) -> dict[str, Owner]:
    release = version("lumiku-kernel")
    revision = applied(connection, KERNEL_VERSIONS) or ""
    found = {
        KERNEL: Owner(revision=revision, dist="lumiku-kernel", version=release),
    }
    columns = (plugins.c.id, plugins.c.dist, plugins.c.version)
    for row in connection.execute(select(*columns).order_by(plugins.c.id)):
        theirs = applied(connection, version_table(row.id))
        if theirs is not None:
            about = {"dist": row.dist, "version": row.version}
            found[row.id] = Owner(revision=theirs, **about)
    return found


def _tables(
    connection: Connection, owners: dict[str, Owner]
) -> Iterator[tuple[Any, str]]:
    """The tables whose rows are kept, and whose they are; in the order to fill them."""
    for table in rows.tables(connection):
        if table.name in metadata.tables and table.name not in PASSING:
            yield table, KERNEL
        for ident in owners.keys() - {KERNEL}:
            versions = version_table(ident)
            own = {versions, heads_table(versions)}
            if table.name.startswith(prefix_of(ident)) and table.name not in own:
                yield table, ident


def _table(
    tar: tarfile.TarFile, connection: Connection, table: Any, owner: str
) -> Rows:
    about, file = rows.dump(connection, table, owner)
    with file:
        add(tar, about.member, file, _length(file))
    return about


def _named(connection: Connection, table: Any) -> list[Kept]:
    columns = (table.c.id, table.c.key, table.c.sha256, table.c.size)
    found = connection.execute(select(*columns).order_by(table.c.id))
    return [Kept(table=table.name, **row) for row in found.mappings()]


def _keep(
    shelf: Shelf, store: Store, tar: tarfile.TarFile, one: Kept, found: _Files
) -> None:
    """Add a file; or say why it is not there."""
    with tempfile.SpooledTemporaryFile(SPOOLED) as file:
        digest = hashlib.sha256()
        try:
            for part in shelf.read(one.key):
                digest.update(part)
                file.write(part)
        except FileNotFoundError:
            (found.lost if _there(store, one) else found.gone).append(one.id)
            return
        if digest.hexdigest() != one.sha256:
            found.damaged.append(one.id)
        size = _length(file)
        add(tar, one.member, file, size)
    as_is = {"sha256": digest.hexdigest(), "size": size}
    found.kept.append(one.model_copy(update=as_is))


def _there(store: Store, one: Kept) -> bool:
    table = metadata.tables[one.table]
    with store.read() as session:
        mine = select(table.c.id).where(table.c.id == one.id)
        return session.execute(mine).first() is not None


def _length(file: IO[bytes]) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size
