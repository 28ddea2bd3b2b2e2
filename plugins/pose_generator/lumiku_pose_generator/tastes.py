"""Rows of what viewers think of poses; the caller owns the transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, select

from lumiku_pose_generator.rows import put
from lumiku_pose_generator.table import TasteRow


@dataclass(frozen=True, slots=True)
class Opinion:
    """What all viewers together think of a pose; `mean` of 1.0-5.0 stars."""

    mean: float | None
    ratings: int
    favourites: int


def of(session: Session, user_id: str, pose_id: str) -> TasteRow | None:
    """What a viewer has said of a pose."""
    return session.get(TasteRow, (user_id, pose_id))


def change(session: Session, user_id: str, pose_id: str, **said: Any) -> None:
    """Set `favourite` or `stars` of a viewer's; what is not given stays."""
    said["updated_at"] = datetime.now(UTC)
    first = {"favourite": False, "stars": None} | said
    key = {"user_id": user_id, "pose_id": pose_id}
    put(session, TasteRow, key, first=first, then=said)


def favourites(session: Session, user_id: str | None) -> frozenset[str]:
    """The ids of a viewer's favourite poses."""
    mine = (col(TasteRow.user_id) == user_id) & col(TasteRow.favourite)
    return frozenset(session.exec(select(TasteRow.pose_id).where(mine)))


def stars(session: Session, user_id: str | None) -> dict[str, int]:
    """A viewer's own stars, by pose."""
    mine = (col(TasteRow.user_id) == user_id) & col(TasteRow.stars).is_not(None)
    found = select(TasteRow.pose_id, TasteRow.stars).where(mine)
    return {pose_id: given or 0 for pose_id, given in session.exec(found)}


def means(session: Session) -> dict[str, float]:
    """The mean of all viewers' stars, 1.0-5.0, of each pose that has any."""
    pose, given = col(TasteRow.pose_id), col(TasteRow.stars)
    found = select(pose, func.avg(given)).where(given.is_not(None)).group_by(pose)
    return {pose_id: round(float(mean), 1) for pose_id, mean in session.exec(found)}


def opinion(session: Session, pose_id: str) -> Opinion:
    """What all think of a pose."""
    stars, liked = col(TasteRow.stars), case((col(TasteRow.favourite), 1))
    found = select(func.avg(stars), func.count(stars), func.count(liked))
    mean, ratings, likes = session.exec(found.where(TasteRow.pose_id == pose_id)).one()
    return Opinion(None if mean is None else round(float(mean), 2), ratings, likes)
