"""Uploads that a worker's input names: whose they are, and their bytes."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from lumiku_contracts import Permanent
from lumiku_contracts.images import Picture, UploadId
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import uploads


def named(value: Any) -> Iterator[str]:
    """The uploads named anywhere in an input."""
    if isinstance(value, UploadId):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from named(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from named(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from named(one)


def check(store: Store, given: BaseModel, account_id: str | None) -> None:
    """Raise 422 `upload-unknown` unless every upload named is the account's."""
    wanted = set(named(given))
    if not wanted:
        return
    mine = (uploads.c.id.in_(wanted)) & (uploads.c.account_id == account_id)
    with store.read() as session:
        found = set(session.execute(select(uploads.c.id).where(mine)).scalars())
    if missing := sorted(wanted - found):
        detail = f"You have no upload {', '.join(missing[:5])}."
        raise Problem(422, "upload-unknown", detail, fix="POST /api/uploads")


def picture(store: Store, shelf: Shelf, ident: str, account_id: str | None) -> Picture:
    """One of the account's uploads, or `Permanent` if it has gone meanwhile."""
    mine = (uploads.c.id == ident) & (uploads.c.account_id == account_id)
    with store.read() as session:
        row = session.execute(select(uploads).where(mine)).mappings().first()
    if row is None or shelf.size(row["key"]) is None:
        raise Permanent("upload-gone", "The upload is not there any more.")
    content = b"".join(shelf.read(row["key"]))
    return Picture(content, row["media_type"], row["width"], row["height"])
