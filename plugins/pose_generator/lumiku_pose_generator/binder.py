"""Rows of projects; the caller owns the transaction."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select, tuple_

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator import album
from lumiku_pose_generator.table import ProjectRow

MOST = 500
"""Projects of one viewer."""


def own(session: Session, user_id: str | None, ident: str) -> ProjectRow:
    """A viewer's project; `NotFound` when there is none or it is somebody else's."""
    row = session.get(ProjectRow, ident)
    if row is None or row.user_id != user_id:
        raise NotFound("project", ident)
    return row


def begin(session: Session, user_id: str, **told: Any) -> ProjectRow:
    """A new project with `name`, `description` and `avatar`; refuses too many."""
    if count(session, user_id) >= MOST:
        raise Refused(
            "too-many-projects",
            f"You have {MOST} projects, which is the most.",
            status=409,
            fix="Delete one that you no longer need.",
        )
    now = datetime.now(UTC)
    row = ProjectRow(
        id=f"prj_{uuid4().hex[:24]}",
        user_id=user_id,
        status="active",
        created_at=now,
        updated_at=now,
        **told,
    )
    session.add(row)
    session.flush()
    return row


def change(session: Session, row: ProjectRow, **told: Any) -> None:
    """Set what is given."""
    for name, value in told.items():
        setattr(row, name, value)
    row.updated_at = datetime.now(UTC)
    session.add(row)
    session.flush()


def forget(session: Session, row: ProjectRow) -> None:
    """Delete a project; its pictures stay, and are of none."""
    album.let_go(session, row.id)
    session.delete(row)
    session.flush()


def count(session: Session, user_id: str, status: str | None = None) -> int:
    """How many projects a viewer has."""
    found = select(func.count()).where(ProjectRow.user_id == user_id)
    if status is not None:
        found = found.where(ProjectRow.status == status)
    return session.exec(found).one()


def newest(
    session: Session,
    user_id: str | None,
    *,
    status: str | None,
    limit: int,
    after: str | None = None,
) -> list[ProjectRow]:
    """A viewer's projects, newest first, after that with the id `after`."""
    found = select(ProjectRow).where(ProjectRow.user_id == user_id)
    if status is not None:
        found = found.where(ProjectRow.status == status)
    if after is not None:
        last = session.get(ProjectRow, after)
        if last is None or last.user_id != user_id:
            raise Refused("unknown-cursor", f"There is no page after “{after}”.")
        place = tuple_(col(ProjectRow.created_at), col(ProjectRow.id))
        found = found.where(place < (last.created_at, last.id))
    order = col(ProjectRow.created_at).desc(), col(ProjectRow.id).desc()
    return list(session.exec(found.order_by(*order).limit(limit)))
