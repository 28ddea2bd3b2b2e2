"""The routes of projects: what belongs together, and who is in it."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from lumiku_contracts import Call, NotFound, Refused
from lumiku_pose_generator.ground import Moment, Part
from lumiku_pose_generator.request import AvatarChoice

if TYPE_CHECKING:
    from sqlmodel import Session

    from lumiku_pose_generator.table import ProjectRow

Status = Literal["active", "archived"]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Description = Annotated[str, Field(max_length=500)]


class ProjectQuery(Part):
    """Which page of projects; those of either status if none is given."""

    status: Status | None = None
    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class NewProject(Part):
    """A project to begin; `avatar` is who is in its pictures unless they say."""

    name: Name
    description: Description = ""
    avatar: AvatarChoice | None = None


class ProjectChange(Part):
    """What is to be changed; `avatar: null` leaves the project without one."""

    name: Name | None = None
    description: Description | None = None
    status: Status | None = None
    avatar: AvatarChoice | None = None


class Project(BaseModel):
    """One of the viewer's projects; `pictures` counts those made in it."""

    id: str
    name: str
    description: str
    status: Status
    avatar: AvatarChoice | None
    pictures: int
    created_at: Moment
    updated_at: Moment


class ProjectPage(BaseModel):
    """Some projects, newest first, and how to ask for more."""

    items: tuple[Project, ...]
    next_cursor: str | None


class GenerationQuery(Part):
    """Which page of a project's generations."""

    limit: int = Field(24, ge=1, le=100)
    cursor: str | None = Field(None, description="`next_cursor` of the page before.")


class ProjectGeneration(BaseModel):
    """A job of a project; `pictures` counts what it has made until now."""

    job_id: str
    url: str
    model: str
    poses: tuple[str, ...]
    pictures: int
    made_at: Moment


class GenerationPage(BaseModel):
    """Some generations, the newest first, and how to ask for more."""

    items: tuple[ProjectGeneration, ...]
    next_cursor: str | None


def list_projects(call: Call, query: ProjectQuery) -> ProjectPage:
    """The viewer's own projects, or refuse an unknown cursor."""
    from lumiku_pose_generator import binder

    with call.read() as session:
        rows = binder.newest(
            session,
            call.viewer.id,
            status=query.status,
            limit=query.limit + 1,
            after=query.cursor,
        )
        items = _cards(session, rows[: query.limit])
    more = len(rows) > query.limit
    return ProjectPage(items=items, next_cursor=items[-1].id if more else None)


def begin_project(call: Call, body: NewProject) -> Project:
    """Begin a project; refuses an avatar that the viewer cannot use."""
    from lumiku_pose_generator import binder

    avatar = _avatar(call, body.avatar)
    with call.session() as session:
        row = binder.begin(
            session,
            call.viewer.id or "",
            name=body.name,
            description=body.description,
            avatar=avatar,
        )
        return _cards(session, [row])[0]


def show_project(call: Call, project_id: str) -> Project:
    """One of the viewer's own, or raise `NotFound`."""
    from lumiku_pose_generator import binder

    with call.read() as session:
        return _cards(session, [binder.own(session, call.viewer.id, project_id)])[0]


def change_project(call: Call, project_id: str, body: ProjectChange) -> Project:
    """Rename, archive or take up again one of the viewer's own; or `NotFound`."""
    from lumiku_pose_generator import binder

    given = body.model_dump(exclude_unset=True)
    told = {name: value for name, value in given.items() if value is not None}
    with call.read() as session:
        binder.own(session, call.viewer.id, project_id)
    if "avatar" in given:
        told["avatar"] = _avatar(call, body.avatar)
    with call.session() as session:
        row = binder.own(session, call.viewer.id, project_id)
        binder.change(session, row, **told)
        return _cards(session, [row])[0]


def delete_project(call: Call, project_id: str) -> None:
    """Forget one of the viewer's own, or raise `NotFound`; its pictures stay."""
    from lumiku_pose_generator import binder

    with call.session() as session:
        binder.forget(session, binder.own(session, call.viewer.id, project_id))


def list_generations(
    call: Call, project_id: str, query: GenerationQuery
) -> GenerationPage:
    """The jobs that have made pictures in a project, or raise `NotFound`."""
    from lumiku_pose_generator import album, binder

    with call.read() as session:
        project = binder.own(session, call.viewer.id, project_id)
        found = album.generations(
            session, project.id, limit=query.limit + 1, after=query.cursor
        )
    items = tuple(
        ProjectGeneration(
            job_id=one.job_id,
            url=f"/api/jobs/{one.job_id}",
            model=one.model,
            poses=one.poses,
            pictures=one.pictures,
            made_at=one.made_at,
        )
        for one in found[: query.limit]
    )
    more = len(found) > query.limit
    return GenerationPage(items=items, next_cursor=items[-1].job_id if more else None)


def _avatar(call: Call, choice: AvatarChoice | None) -> dict[str, Any] | None:
    if choice is None:
        return None
    try:
        call.resource("avatar").get(choice.id)
    except NotFound as missing:
        raise Refused(
            "unknown-avatar",
            f"There is no avatar “{choice.id}” that you can use.",
            fix="Choose a preset, or make an avatar first.",
        ) from missing
    return choice.model_dump(mode="json")


def _cards(session: "Session", rows: "list[ProjectRow]") -> tuple[Project, ...]:
    from lumiku_pose_generator import album

    amounts = album.of_projects(session, [row.id for row in rows])
    return tuple(
        Project.model_validate(
            row.model_dump(exclude={"user_id"}) | {"pictures": amounts.get(row.id, 0)}
        )
        for row in rows
    )
