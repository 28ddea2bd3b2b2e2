"""Pictures that a worker's input names: whose they are, and their bytes."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Table, select

from lumiku_contracts import Permanent
from lumiku_contracts.images import ArtifactId, Made, Picture, UploadId
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import artifacts, uploads

KINDS: tuple[tuple[type[str], Table, str, str], ...] = (
    (UploadId, uploads, "upload", "POST /api/uploads"),
    (ArtifactId, artifacts, "artifact", "GET /api/jobs lists what was made for you"),
)


def named(value: Any, kind: type[str]) -> Iterator[str]:
    """The pictures of a kind that are named anywhere in an input."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from named(getattr(value, name), kind)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from named(one, kind)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from named(one, kind)


def check(store: Store, given: BaseModel, account_id: str | None) -> None:
    """Raise 422 `upload-unknown` or `artifact-unknown` unless all are the account's."""
    for kind, table, word, fix in KINDS:
        wanted = set(named(given, kind))
        if not wanted:
            continue
        mine = (table.c.id.in_(wanted)) & (table.c.account_id == account_id)
        with store.read() as session:
            found = set(session.execute(select(table.c.id).where(mine)).scalars())
        if missing := sorted(wanted - found):
            detail = f"You have no {word} {', '.join(missing[:5])}."
            raise Problem(422, f"{word}-unknown", detail, fix=fix)


def picture(store: Store, shelf: Shelf, ident: str, account_id: str | None) -> Picture:
    """One of the account's uploads, or `Permanent` if it has gone meanwhile."""
    return _read(store, shelf, uploads, ident, account_id)[0]


def made(store: Store, shelf: Shelf, ident: str, account_id: str | None) -> Made:
    """A picture made for the account, or `Permanent` if it has gone meanwhile."""
    found, row = _read(store, shelf, artifacts, ident, account_id)
    return Made(found, row["kind"], row["meta"] or {})


def _read(
    store: Store, shelf: Shelf, table: Table, ident: str, account_id: str | None
) -> tuple[Picture, Mapping[str, Any]]:
    mine = (table.c.id == ident) & (table.c.account_id == account_id)
    with store.read() as session:
        row = session.execute(select(table).where(mine)).mappings().first()
    if row is None or shelf.size(row["key"]) is None:
        word = "upload" if table is uploads else "artifact"
        raise Permanent(f"{word}-gone", f"The {word} is not there any more.")
    content = b"".join(shelf.read(row["key"]))
    return Picture(content, row["media_type"], row["width"], row["height"]), dict(row)
