"""The routes by which a viewer says what they think of a pose."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from typing import Any

from pydantic import BaseModel, Field

from lumiku_contracts import Call
from lumiku_pose_generator.ground import Part
from lumiku_pose_generator.shelf import entry_of


class Rating(Part):
    """From bad to good."""

    stars: int = Field(ge=1, le=5)


class Taste(BaseModel):
    """What the viewer thinks of a pose."""

    pose_id: str
    favourite: bool
    stars: int | None


def like(call: Call, pose_id: str) -> Taste:
    """Make a pose a favourite, or raise `NotFound`."""
    return _said(call, pose_id, favourite=True)


def unlike(call: Call, pose_id: str) -> Taste:
    """Make it one no longer, or raise `NotFound`."""
    return _said(call, pose_id, favourite=False)


def rate(call: Call, pose_id: str, body: Rating) -> Taste:
    """Give a pose one to five stars, or raise `NotFound`."""
    return _said(call, pose_id, stars=body.stars)


def unrate(call: Call, pose_id: str) -> Taste:
    """Take them back, or raise `NotFound`."""
    return _said(call, pose_id, stars=None)


def _said(call: Call, pose_id: str, **said: Any) -> Taste:
    from lumiku_pose_generator import tastes

    entry, viewer = entry_of(pose_id), call.viewer.id or ""
    with call.session() as session:
        tastes.change(session, viewer, entry.id, **said)
        row = tastes.of(session, viewer, entry.id)
        favourite, stars = (row.favourite, row.stars) if row else (False, None)
    return Taste(pose_id=entry.id, favourite=favourite, stars=stars)
