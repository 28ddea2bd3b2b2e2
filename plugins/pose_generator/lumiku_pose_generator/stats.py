"""The route of a viewer's own figures."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from lumiku_contracts import Call
from lumiku_pose_generator.library import library
from lumiku_pose_generator.page import ROOMS
from lumiku_pose_generator.shelf import MOUNT

WEEK = timedelta(days=7)
MOST = 5
SEEN = 10
"""Poses on the page."""


class PoseUse(BaseModel):
    """A pose and how many pictures the viewer has of it."""

    pose_id: str
    name: str
    pictures: int


class Stats(BaseModel):
    """What the viewer has made with this app; pictures that were deleted count too."""

    pictures: int
    pictures_last_7_days: int
    generations: int
    active_projects: int
    archived_projects: int
    favourites: int
    top_poses: tuple[PoseUse, ...]


def show_stats(call: Call) -> Stats:
    """The viewer's own figures."""
    return figures(call, MOST)


def load(call: Call) -> dict[str, Any]:
    """What the page of the figures is told."""
    from lumiku_pose_generator import tastes

    with call.read() as session:
        stars = tastes.stars(session, call.viewer.id)
    return {"rooms": ROOMS, "told": figures(call, SEEN), "stars": stars, "mount": MOUNT}


def figures(call: Call, most: int) -> Stats:
    """The viewer's own, with up to so many poses."""
    from lumiku_pose_generator import album, binder, tastes

    viewer, known = call.viewer.id or "", library()
    with call.read() as session:
        used = album.most_used(session, viewer, most)
        return Stats(
            pictures=album.count(session, viewer),
            pictures_last_7_days=album.count(session, viewer, datetime.now(UTC) - WEEK),
            generations=album.jobs(session, viewer),
            active_projects=binder.count(session, viewer, "active"),
            archived_projects=binder.count(session, viewer, "archived"),
            favourites=len(tastes.favourites(session, viewer)),
            top_poses=tuple(
                PoseUse(
                    pose_id=ident,
                    name=known[ident].name if ident in known else ident,
                    pictures=amount,
                )
                for ident, amount in used
            ),
        )
