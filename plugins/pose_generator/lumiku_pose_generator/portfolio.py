"""What the pages of projects are told."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from lumiku_contracts import Call
from lumiku_pose_generator.library import library
from lumiku_pose_generator.page import ROOMS, drawn
from lumiku_pose_generator.projects import (
    GenerationQuery,
    ProjectQuery,
    Status,
    list_generations,
    list_projects,
    show_project,
)

A_PAGE: Final = 12


class Turned(BaseModel):
    """Where in a long list; what else stands in an address does not matter."""

    model_config = ConfigDict(extra="ignore")

    after: str | None = None


class Wanted(Turned):
    """Which projects."""

    status: Status = "active"


def load_all(call: Call, query: Wanted) -> dict[str, Any]:
    """A page of projects, each with its newest picture's job."""
    from lumiku_pose_generator import album, binder

    asked = ProjectQuery(status=query.status, limit=A_PAGE, cursor=query.after)
    found = list_projects(call, asked)
    with call.read() as session:
        viewer = call.viewer.id or ""
        newest = album.newest_jobs(session, [one.id for one in found.items])
        archived = binder.count(session, viewer, "archived")
    people = call.resource("avatar").list()
    return {
        "rooms": ROOMS,
        "projects": found.items,
        "newest": newest,
        "next": found.next_cursor,
        "first": query.after is None,
        "status": query.status,
        "archived": archived,
        "people": [drawn(one) for one in people],
    }


def load_one(call: Call, project_id: str, query: Turned) -> dict[str, Any]:
    """A project with a page of what was made in it."""
    asked = GenerationQuery(limit=A_PAGE, cursor=query.after)
    found = list_generations(call, project_id, asked)
    known = library()
    people = call.resource("avatar").list()
    return {
        "rooms": ROOMS,
        "project": show_project(call, project_id),
        "generations": found.items,
        "next": found.next_cursor,
        "first": query.after is None,
        "pose_names": {ident: pose.name for ident, pose in known.items()},
        "people": [drawn(one) for one in people],
    }
