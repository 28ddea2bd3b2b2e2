"""Projects are a viewer's own, and pictures come into them and out again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.backends import DATABASES
from tests.pose_generator.kept import begun, made, on_either, replace_id
from tests.pose_generator.rows import Rows

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator import (
    placing,
    projects,
)
from lumiku_pose_generator.generate import run
from lumiku_pose_generator.projects import (
    GenerationQuery,
    NewProject,
    ProjectChange,
    ProjectQuery,
)
from lumiku_pose_generator.request import Generate
from lumiku_pose_generator.staging import check
from lumiku_pose_generator.stats import show_stats

MAYA = {"source": "preset", "id": "maya"}


@pytest.fixture(params=DATABASES)
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rows]:
    """On either kind of database."""
    with on_either(request, tmp_path) as own:
        yield own


def test_a_project_is_begun_changed_archived_and_forgotten(call: Any) -> None:
    ident = begun(call, avatar=MAYA)
    shown = projects.show_project(call, ident)
    assert (shown.name, shown.status, shown.pictures) == ("Ramadan", "active", 0)
    assert shown.avatar is not None

    changed = ProjectChange.model_validate({"name": " Lebaran ", "status": "archived"})
    shown = projects.change_project(call, ident, changed)
    assert (shown.name, shown.status, shown.avatar and shown.avatar.id) == (
        "Lebaran", "archived", "maya",
    )  # fmt: skip
    nobody = ProjectChange.model_validate({"avatar": None})
    assert projects.change_project(call, ident, nobody).avatar is None

    projects.delete_project(call, ident)
    with pytest.raises(NotFound):
        projects.show_project(call, ident)


def test_another_viewers_project_is_as_if_it_were_not(call: Any) -> None:
    ident, other = begun(call), call.by("usr_other")
    for ask in (
        projects.show_project,
        projects.delete_project,
        lambda who, one: projects.list_generations(who, one, GenerationQuery()),
        lambda who, one: projects.change_project(who, one, ProjectChange(name="x")),
        lambda who, one: projects.change_project(
            who, one, ProjectChange.model_validate({"avatar": {"id": "avt_none"}})
        ),
    ):
        told = []
        for one in (ident, "prj_absent"):
            with pytest.raises(NotFound) as refused:
                ask(other, one)
            told.append(refused.value.detail.replace(one, "…"))
        assert told[0] == told[1]

    assert projects.list_projects(other, ProjectQuery()).items == ()
    with pytest.raises(Refused) as refused_:
        projects.list_projects(other, ProjectQuery(cursor=ident))
    assert refused_.value.code == "unknown-cursor"
    assert projects.show_project(call, ident).name == "Ramadan"


def test_projects_come_in_pages_newest_first_and_by_status(call: Any) -> None:
    idents = [begun(call, f"Number {k}") for k in range(5)]
    projects.change_project(call, idents[1], ProjectChange(status="archived"))
    seen, cursor = [], None
    while True:
        query = ProjectQuery(limit=2, cursor=cursor, status="active")
        page = projects.list_projects(call, query)
        seen += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == [idents[k] for k in (4, 3, 2, 0)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_project_has_a_name(name: str) -> None:
    with pytest.raises(ValidationError):
        NewProject.model_validate({"name": name})


def test_an_avatar_that_the_viewer_cannot_use_is_kept_by_no_project(call: Any) -> None:
    with pytest.raises(Refused) as refused:
        begun(call, avatar={"source": "avatar", "id": "avt_somebody"})

    assert refused.value.code == "unknown-avatar"


def test_a_request_may_name_only_ones_own_active_project(call: Any) -> None:
    ident = begun(call)
    request = Generate(project_id=ident)
    check(call, request)

    for who, one in ((call.by("usr_other"), ident), (call, "prj_absent")):
        with pytest.raises(Refused) as refused:
            check(who, Generate(project_id=one))
        assert (refused.value.code, refused.value.status) == ("unknown-project", 422)

    projects.change_project(call, ident, ProjectChange(status="archived"))
    with pytest.raises(Refused) as refused:
        check(call, request)
    assert (refused.value.code, refused.value.status) == ("project-archived", 409)


def test_a_project_keeps_its_avatar_and_its_generations(
    call: Any, task_for: Any, item_of: Any, maya: Any
) -> None:
    own = replace_id(maya, "avt_own")
    call = replace(call, resources={"avatar": {"maya": maya, "avt_own": own}})
    ident = begun(call, avatar={"source": "avatar", "id": "avt_own"})
    for number, pose in enumerate(("waving", "sitting")):
        task = task_for(project_id=ident, pose_ids=[pose])
        task.resources = call.resources
        task.key, task.job = f"job_{number}:0", f"job_{number}"
        (picture, *_) = run(task, item_of(task))
        run(task, item_of(task))  # a second call for the same item counts once
        assert picture.meta["avatar_id"] == "avt_own"

    page = projects.list_generations(call, ident, GenerationQuery(limit=1))
    (newest,) = page.items
    assert (newest.job_id, newest.poses, newest.pictures) == ("job_1", ("sitting",), 1)
    assert newest.url == "/api/jobs/job_1"
    query = GenerationQuery(limit=1, cursor=page.next_cursor)
    rest = projects.list_generations(call, ident, query)
    assert [one.job_id for one in rest.items] == ["job_0"]
    assert rest.next_cursor is None
    assert projects.show_project(call, ident).pictures == 2

    explicit = task_for(project_id=ident, avatar=MAYA)
    explicit.resources, explicit.job = call.resources, "job_2"
    assert run(explicit, item_of(explicit))[0].meta["avatar_id"] == "maya"

    projects.delete_project(call, ident)
    assert show_stats(call).pictures == 3


def test_a_job_that_has_begun_goes_on_without_its_project(
    call: Any, task_for: Any, item_of: Any
) -> None:
    ident = begun(call)
    task, lost = task_for(project_id=ident, avatar=MAYA), task_for(project_id=ident)
    projects.change_project(call, ident, ProjectChange(status="archived"))
    assert run(task, item_of(task))
    assert projects.show_project(call, ident).pictures == 1

    projects.delete_project(call, ident)
    task.key = "job_test:1"
    assert run(task, item_of(task))
    assert show_stats(call).pictures == 2
    with pytest.raises(Refused) as refused:
        run(lost, item_of(lost))  # who would be in it?
    assert refused.value.code == "unknown-project"


def jobs_in(call: Any, project_id: str) -> list[str]:
    page = projects.list_generations(call, project_id, GenerationQuery())
    return [one.job_id for one in page.items]


def test_finished_pictures_come_into_a_project_and_out_again(call: Any) -> None:
    first, second = begun(call), begun(call, "Lebaran")
    made(call, "job_1")

    assert placing.put_in(call, first, "job_1").pictures == 1
    assert placing.put_in(call, second, "job_1").pictures == 1
    assert (jobs_in(call, first), jobs_in(call, second)) == ([], ["job_1"])
    with pytest.raises(NotFound):
        placing.take_out(call, first, "job_1")  # it is in another
    assert placing.take_out(call, second, "job_1").pictures == 0
    assert show_stats(call).pictures == 1


def test_nobody_puts_in_what_is_anothers_or_into_what_is_closed(call: Any) -> None:
    ident, other = begun(call), call.by("usr_other")
    made(other, "job_2")
    for who, job in ((call, "job_2"), (call, "job_absent"), (other, "job_2")):
        with pytest.raises(NotFound):
            placing.put_in(who, ident, job)

    made(call, "job_1")
    projects.change_project(call, ident, ProjectChange(status="archived"))
    with pytest.raises(Refused) as refused:
        placing.put_in(call, ident, "job_1")
    assert refused.value.code == "project-archived"
    assert jobs_in(call, ident) == []


def test_a_job_that_is_moved_while_it_runs_stays_together(call: Any) -> None:
    first, second = begun(call), begun(call, "Lebaran")
    made(call, "job_1", "waving", project_id=first)
    placing.put_in(call, second, "job_1")
    made(call, "job_1", "sitting", project_id=first)

    assert (jobs_in(call, first), jobs_in(call, second)) == ([], ["job_1"])
    assert projects.show_project(call, second).pictures == 2
