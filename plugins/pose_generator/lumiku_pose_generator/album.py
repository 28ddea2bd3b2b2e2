"""Rows of the pictures that were made; the caller owns the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, tuple_
from sqlmodel import Session, col, select, update

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator.rows import put
from lumiku_pose_generator.table import PictureRow, ProjectRow


@dataclass(frozen=True, slots=True)
class Generation:
    """A job, by the pictures that it made."""

    job_id: str
    model: str
    pictures: int
    poses: tuple[str, ...]
    made_at: datetime
    """When its last picture was made."""


def record(session: Session, key: str, user_id: str, **told: Any) -> None:
    """Remember a picture by its task's `key`; once, however often this is called.

    `told` has `job_id`, `pose_id`, `project_id` and `model`; a project that has gone
    meanwhile keeps nothing, and a job that was moved meanwhile stays together.
    """
    before = select(PictureRow.project_id).where(PictureRow.job_id == told["job_id"])
    project = session.exec(before.limit(1)).first() or told["project_id"]
    there = project is not None and session.get(ProjectRow, project) is not None
    told["project_id"] = project if there else None
    row = {"user_id": user_id, **told, "made_at": datetime.now(UTC)}
    ident = {"id": f"pic_{sha256(key.encode()).hexdigest()[:24]}"}
    put(session, PictureRow, ident, first=row, then={})


def made_of(session: Session, pose_id: str, user_id: str | None = None) -> int:
    """How many pictures of a pose there are, of one viewer or of all."""
    found = select(func.count()).where(PictureRow.pose_id == pose_id)
    if user_id is not None:
        found = found.where(PictureRow.user_id == user_id)
    return session.exec(found).one()


def count(session: Session, user_id: str, since: datetime | None = None) -> int:
    """How many pictures a viewer has made, of all time or since a moment."""
    found = select(func.count()).where(PictureRow.user_id == user_id)
    if since is not None:
        found = found.where(col(PictureRow.made_at) >= since)
    return session.exec(found).one()


def jobs(session: Session, user_id: str) -> int:
    """How many jobs have made pictures for a viewer."""
    each = func.count(func.distinct(PictureRow.job_id))
    return session.exec(select(each).where(PictureRow.user_id == user_id)).one()


def most_used(session: Session, user_id: str, most: int) -> Sequence[tuple[str, int]]:
    """A viewer's poses with how many pictures of them there are, most first."""
    number = func.count().label("number")
    found = (
        select(PictureRow.pose_id, number)
        .where(PictureRow.user_id == user_id, col(PictureRow.pose_id).is_not(None))
        .group_by(col(PictureRow.pose_id))
        .order_by(number.desc(), col(PictureRow.pose_id))
        .limit(most)
    )
    return [(pose_id or "", amount) for pose_id, amount in session.exec(found)]


def of_projects(session: Session, project_ids: Sequence[str]) -> dict[str, int]:
    """How many pictures projects have; one that has none is left out."""
    mine = col(PictureRow.project_id)
    found = select(mine, func.count()).where(mine.in_(project_ids)).group_by(mine)
    return {ident or "": amount for ident, amount in session.exec(found)}


def newest_jobs(session: Session, project_ids: Sequence[str]) -> dict[str, str]:
    """The job of each project's newest picture; a project without one is left out."""
    place, made = col(PictureRow.project_id), col(PictureRow.made_at)
    last = (
        select(place.label("place"), func.max(made).label("made"))
        .where(place.in_(project_ids))
        .group_by(place)
        .subquery()
    )
    found = select(place, PictureRow.job_id).join(
        last, (last.c.place == place) & (last.c.made == made)
    )
    return {ident or "": job_id for ident, job_id in session.exec(found)}


def generations(
    session: Session, project_id: str, *, limit: int, after: str | None = None
) -> list[Generation]:
    """The jobs of a project, that with the newest picture first, after job `after`."""
    last, number = func.max(PictureRow.made_at), func.count()
    mine = PictureRow.project_id == project_id
    found = (
        select(PictureRow.job_id, func.max(PictureRow.model), last, number)
        .where(mine)
        .group_by(col(PictureRow.job_id))
    )
    if after is not None:
        seen = select(last).where(mine, PictureRow.job_id == after)
        moment = session.exec(seen).one()
        if moment is None:
            raise Refused("unknown-cursor", f"There is no page after “{after}”.")
        found = found.having(tuple_(last, col(PictureRow.job_id)) < (moment, after))
    newest = found.order_by(last.desc(), col(PictureRow.job_id).desc()).limit(limit)
    jobs_ = session.exec(newest).all()
    named = select(PictureRow.job_id, PictureRow.pose_id).distinct()
    named = named.where(mine, col(PictureRow.job_id).in_([job[0] for job in jobs_]))
    poses: dict[str, list[str]] = {}
    for job_id, pose_id in session.exec(named.order_by(col(PictureRow.pose_id))):
        poses.setdefault(job_id, []).extend([pose_id] if pose_id else [])
    return [
        Generation(job_id, model, amount, tuple(poses.get(job_id, ())), moment)
        for job_id, model, moment, amount in jobs_
    ]


def move(
    session: Session, user_id: str, job_id: str, to: str | None, *, out_of: str = ""
) -> None:
    """Put what a viewer's job made into a project, or into none.

    Only what is in the project `out_of`, if that is given; `NotFound` where that is
    nothing.
    """
    mine = (col(PictureRow.user_id) == user_id) & (col(PictureRow.job_id) == job_id)
    if out_of:
        mine &= col(PictureRow.project_id) == out_of
    if session.exec(select(PictureRow.id).where(mine).limit(1)).first() is None:
        raise NotFound("generation", job_id)
    session.exec(update(PictureRow).where(mine).values(project_id=to))


def places(session: Session, user_id: str, most: int) -> dict[str, str]:
    """Projects of a viewer's newest jobs, by job; those that are in none left out."""
    project = func.max(PictureRow.project_id)
    found = (
        select(PictureRow.job_id, project)
        .where(PictureRow.user_id == user_id)
        .group_by(col(PictureRow.job_id))
        .order_by(func.max(PictureRow.made_at).desc())
        .limit(most)
    )
    return {job_id: place for job_id, place in session.exec(found) if place}


def let_go(session: Session, project_id: str) -> None:
    """Let a project's pictures be of no project."""
    mine = col(PictureRow.project_id) == project_id
    session.exec(update(PictureRow).where(mine).values(project_id=None))
