"""What a viewer keeps of this app, put there by a line: projects and pictures."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.pose_generator.rows import Rows

from lumiku_pose_generator import (
    album,
    projects,
)
from lumiku_pose_generator.projects import (
    NewProject,
)

POSE = "waving"


@contextmanager
def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rows]:
    """Rows on the kind of database that a fixture's parameter names."""
    with ExitStack() as until:
        url = f"sqlite:///{tmp_path / 'rows.db'}"
        if request.param == "postgres":
            url = until.enter_context(request.getfixturevalue("cluster").lent())
        own = Rows(url)
        yield own
        if own.made is not None:
            own.made.dispose()


def begun(call: Any, name: str = "Ramadan", **more: Any) -> str:
    """The id of a new project."""
    body = NewProject.model_validate({"name": name, **more})
    return projects.begin_project(call, body).id


def made(call: Any, job_id: str, pose_id: str = POSE, **told: Any) -> None:
    """A picture of the caller's, by a job that may have a `project_id`."""
    row = {"project_id": None, "model": "m", **told}
    with call.session() as session:
        viewer = call.viewer.id
        key = f"{job_id}:{pose_id}"
        album.record(session, key, viewer, job_id=job_id, pose_id=pose_id, **row)


def replace_id(avatar: Any, ident: str) -> Any:
    """The avatar as one that the viewer has made."""
    return avatar.model_copy(update={"id": ident, "preset": False})
