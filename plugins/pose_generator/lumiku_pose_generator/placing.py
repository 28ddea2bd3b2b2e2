"""The routes by which finished pictures come into a project, and out of it again."""
# ruff: noqa: PLC0415 — the tables' module is heavy and imported where rows are used

from lumiku_contracts import Call, Refused
from lumiku_pose_generator.projects import Project, show_project


def put_in(call: Call, project_id: str, job_id: str) -> Project:
    """Put what a job of the viewer's has made into a project, out of any other.

    Raises `NotFound` for a project or a generation that the viewer does not have, and
    `Refused` `project-archived`.
    """
    from lumiku_pose_generator import album, binder

    with call.session() as session:
        project = binder.own(session, call.viewer.id, project_id)
        if project.status != "active":
            raise Refused(
                "project-archived",
                "An archived project takes no new pictures.",
                status=409,
                fix="Make it active again, or choose another.",
            )
        album.move(session, call.viewer.id or "", job_id, project.id)
    return show_project(call, project_id)


def take_out(call: Call, project_id: str, job_id: str) -> Project:
    """Let them be of no project; `NotFound` where they are not in this one."""
    from lumiku_pose_generator import album, binder

    with call.session() as session:
        project = binder.own(session, call.viewer.id, project_id)
        viewer = call.viewer.id or ""
        album.move(session, viewer, job_id, None, out_of=project.id)
    return show_project(call, project_id)
