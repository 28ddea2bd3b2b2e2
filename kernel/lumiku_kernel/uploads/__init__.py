"""Pictures that viewers send: looked at, drawn anew in a child, kept, forgotten."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from lumiku_contracts import Viewer
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import forget, space
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.pictures import NotAPicture, Seen, seen
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.tables import uploads

MOST_BYTES = 10 * 1024 * 1024
LEAST_SIDE, MOST_SIDE, MOST_PIXELS = 256, 8192, 40_000_000
TURN, SECONDS = 10.0, 30.0
"""Of the clock: the wait until it is one's turn, and for a child. What a picture may
cost is bounded in the child, by its own processor time."""
AT_ONCE = 2
ARCHIVE = b"PK\x05\x06"
_turn = threading.BoundedSemaphore(AT_ONCE)


def keep(
    settings: Settings, store: Store, shelf: Shelf, viewer: Viewer, content: bytes
) -> dict[str, Any]:
    """Keep a picture for a viewer; its document.

    Raises `Problem`: 413, 415 and 422 for what is no picture for us, 503 when too many
    are under way, 507 when there is no room.
    """
    look(content)
    space.check(settings, store, viewer, adding=len(content))
    ident = new_id("upl")
    with tempfile.TemporaryDirectory(prefix="upload-", dir=shelf.bench) as folder:
        made = Path(folder) / "new"
        told = _redrawn(Path(folder), content, made)
        told["size"] = made.stat().st_size
        told["sha256"] = hashlib.sha256(made.read_bytes()).hexdigest()
        key = shelf.keep(
            made, job_id=ident, name="upload", media_type=told["media_type"]
        )
    row = {"id": ident, "account_id": viewer.id, "key": key, **told}
    with store.write() as session:
        session.execute(insert(uploads).values(**row, created_at=now()))
    return one(store, ident, viewer.id)


def look(content: bytes) -> Seen:
    """What the file says of itself, before anybody decodes it; or `Problem`."""
    if len(content) > MOST_BYTES:
        detail = f"A picture has at most {MOST_BYTES // 2**20} MiB."
        raise Problem(413, "upload-too-large", detail)
    try:
        found = seen(content)
    except NotAPicture as error:
        if error.truncated:
            detail = f"The picture is not whole: {error}."
            raise Problem(422, "upload-truncated", detail) from error
        detail = "Send a JPEG, PNG or WebP picture."
        raise Problem(415, "upload-not-a-picture", detail) from error
    if found.moving:
        raise Problem(422, "upload-moving", "Send a picture that stands still.")
    sides = (found.width, found.height)
    pixels = found.width * found.height
    if min(sides) < LEAST_SIDE or max(sides) > MOST_SIDE or pixels > MOST_PIXELS:
        detail = (
            f"It has {found.width} x {found.height} pixels; sides of {LEAST_SIDE} to "
            f"{MOST_SIDE} and {MOST_PIXELS // 10**6} megapixels are taken."
        )
        raise Problem(422, "upload-wrong-size", detail)
    # Telephones put films and depth behind a JPEG; an archive is somebody's trick.
    jpeg = found.media_type == "image/jpeg"
    if found.rest and (not jpeg or ARCHIVE in content[-found.rest :]):
        raise Problem(422, "upload-has-more", "There is more in it than a picture.")
    return found


def _redrawn(folder: Path, content: bytes, made: Path) -> dict[str, Any]:
    source = folder / "old"
    source.write_bytes(content)
    if not _turn.acquire(timeout=TURN):
        raise _busy()
    try:
        words = [
            "lumiku_kernel.uploads.redraw",
            str(source),
            str(made),
            str(os.getpid()),
        ]
        child = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-I", "-m", *words],
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _busy() from error
    finally:
        _turn.release()
    if child.returncode == -signal.SIGXCPU:
        raise _unreadable("it takes too long")
    try:
        told: dict[str, Any] = json.loads(child.stdout)
    except ValueError as error:
        raise _unreadable("its decoder ended") from error
    if "fault" in told:
        raise _unreadable(told["fault"])
    return told


def _busy() -> Problem:
    detail = "Too many pictures come in at once."
    return Problem(503, "uploads-busy", detail, headers={"Retry-After": "5"})


def _unreadable(why: str) -> Problem:
    detail = f"The picture cannot be decoded: {why}."
    return Problem(422, "upload-unreadable", detail)


def row_of(store: Store, ident: str, account_id: str | None) -> dict[str, Any]:
    """One of the account's uploads, or 404."""
    mine = (uploads.c.id == ident) & (uploads.c.account_id == account_id)
    with store.read() as session:
        row = session.execute(select(uploads).where(mine)).mappings().first()
    if row is None:
        raise not_found("upload")
    return dict(row)


def one(store: Store, ident: str, account_id: str | None) -> dict[str, Any]:
    """The document of one of the account's uploads, or 404."""
    return _document(row_of(store, ident, account_id))


def many(
    store: Store, account_id: str, *, limit: int, before: str | None
) -> list[dict[str, Any]]:
    """Up to `limit` uploads, newest first, older than the one named."""
    mine = select(uploads).where(uploads.c.account_id == account_id)
    if before is not None:
        mine = mine.where(uploads.c.id < before)
    with store.read() as session:
        found = session.execute(mine.order_by(uploads.c.id.desc()).limit(limit))
        return [_document(dict(row)) for row in found.mappings()]


def remove(store: Store, shelf: Shelf, ident: str, account_id: str) -> None:
    """Forget one of the account's uploads, or 404."""
    mine = (uploads.c.id == ident) & (uploads.c.account_id == account_id)
    with store.write() as session:
        gone = delete(uploads).where(mine).returning(uploads.c.key)
        key = session.execute(gone).scalar_one_or_none()
    if key is None:
        raise not_found("upload")
    forget.drop(shelf, [key])


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("id", "media_type", "width", "height", "size", "created_at")
    return {**{name: row[name] for name in shown}, "url": f"/api/uploads/{row['id']}"}
