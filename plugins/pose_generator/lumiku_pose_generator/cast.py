"""Who is in a request's pictures, and which project these belong to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator.request import AvatarChoice, Generate

USUAL: Final = AvatarChoice(id="maya")


def cast(
    asked: Generate,
    viewer_id: str | None,
    reading: Callable[[], AbstractContextManager[Any]],
    *,
    begun: bool = False,
) -> AvatarChoice:
    """Whom the request names, else who is in its project, else a preset.

    Raises `Refused` `unknown-project` and `project-archived`. A job that has `begun`
    goes on when its project is archived, or is deleted and nobody is sought in it.
    """
    if asked.project_id is None:
        return asked.avatar or USUAL
    from lumiku_pose_generator import binder  # noqa: PLC0415 (rows are heavy)

    with reading() as session:
        try:
            project = binder.own(session, viewer_id, asked.project_id)
        except NotFound as missing:
            if begun and asked.avatar is not None:
                return asked.avatar
            raise Refused(
                "unknown-project",
                f"You have no project “{asked.project_id}”.",
                fix="POST /api/apps/pose-generator/projects begins one.",
            ) from missing
        status, keeps = project.status, project.avatar
    if status != "active" and not begun:
        raise Refused(
            "project-archived",
            "An archived project takes no new pictures.",
            status=409,
            fix="Make it active again, or leave the project out.",
        )
    if asked.avatar is None and keeps is not None:
        return AvatarChoice.model_validate(keeps)
    return asked.avatar or USUAL
