"""What a viewer keeps of this app: favourites, ratings, projects, figures."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import ValidationError
from sqlalchemy import inspect
from tests.backends import DATABASES
from tests.pose_generator.rows import Rows, migrations

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator import (
    album,
    esteem,
    farewell,
    page,
    placing,
    portfolio,
    projects,
    stats,
    taste,
)
from lumiku_pose_generator.generate import run
from lumiku_pose_generator.projects import (
    GenerationQuery,
    NewProject,
    ProjectChange,
    ProjectQuery,
)
from lumiku_pose_generator.request import Generate
from lumiku_pose_generator.shelf import LibraryQuery, list_poses, show_pose
from lumiku_pose_generator.staging import check
from lumiku_pose_generator.stats import show_stats
from lumiku_pose_generator.table import TasteRow

POSE = "waving"


@pytest.fixture(params=DATABASES)
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rows]:
    """On either kind of database."""
    with ExitStack() as until:
        url = f"sqlite:///{tmp_path / 'rows.db'}"
        if request.param == "postgres":
            url = until.enter_context(request.getfixturevalue("cluster").lent())
        own = Rows(url)
        yield own
        if own.made is not None:
            own.made.dispose()


MAYA = {"source": "preset", "id": "maya"}


def begun(call: Any, name: str = "Ramadan", **more: Any) -> str:
    """The id of a new project."""
    body = NewProject.model_validate({"name": name, **more})
    return projects.begin_project(call, body).id


def liked(call: Any, **query: Any) -> list[str]:
    page = list_poses(call, LibraryQuery.model_validate({"limit": 100} | query))
    return [card.id for card in page.items]


def test_a_favourite_is_ones_own_and_is_listed(call: Any) -> None:
    assert liked(call, favourite=True) == []

    taste.like(call, POSE)
    taste.like(call, POSE)  # twice is once

    assert liked(call, favourite=True) == [POSE]
    assert POSE not in liked(call, favourite=False, category="social-media")
    assert show_pose(call, POSE).favourite is True
    assert liked(call.by("usr_other"), favourite=True) == []
    assert show_pose(call.by("usr_other"), POSE).favourites == 1
    taste.unlike(call, POSE)
    assert liked(call, favourite=True) == []


def test_ratings_have_a_mean_over_viewers_and_can_be_taken_back(call: Any) -> None:
    taste.rate(call, POSE, taste.Rating(stars=5))
    taste.rate(call, POSE, taste.Rating(stars=4))
    taste.like(call, POSE)
    taste.rate(call.by("usr_other"), POSE, taste.Rating(stars=1))

    seen = show_pose(call, POSE)
    assert (seen.my_stars, seen.stars, seen.ratings) == (4, 2.5, 2)

    assert taste.unrate(call, POSE).favourite is True
    seen = show_pose(call, POSE)
    assert (seen.my_stars, seen.stars, seen.ratings) == (None, 1.0, 1)


def test_many_who_say_the_same_at_once_say_it_once(call: Any) -> None:
    show_pose(call, POSE)  # the tables are there
    with ThreadPoolExecutor(8) as crowd:
        tell: tuple[Callable[..., Any], ...] = (
            lambda: taste.like(call, POSE),
            lambda: _record(call),
        )
        said = [crowd.submit(one) for one in tell * 8]
        for one in said:
            one.result()

    assert show_pose(call, POSE).favourites == 1
    assert show_pose(call, POSE).pictures == 1


def _record(call: Any) -> None:
    told = {"job_id": "job_1", "pose_id": POSE, "project_id": None, "model": "m"}
    with call.session() as session:
        album.record(session, "job_1:0", "usr_test", **told)


@pytest.mark.parametrize("stars", [0, 6, 2.5, None])
def test_there_are_one_to_five_stars(stars: Any) -> None:
    with pytest.raises(ValidationError):
        taste.Rating(stars=stars)


def test_what_is_no_pose_has_no_taste(call: Any) -> None:
    with pytest.raises(NotFound):
        taste.like(call, "nowhere")


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


def made(call: Any, job_id: str, pose_id: str = POSE, **told: Any) -> None:
    """A picture of the caller's, by a job that may have a `project_id`."""
    row = {"project_id": None, "model": "m", **told}
    with call.session() as session:
        viewer = call.viewer.id
        key = f"{job_id}:{pose_id}"
        album.record(session, key, viewer, job_id=job_id, pose_id=pose_id, **row)


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


def test_the_pages_are_told_of_tastes_uses_and_places(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, archived = begun(call), begun(call, "Old")
    projects.change_project(call, archived, ProjectChange(status="archived"))
    made(call, "job_1", project_id=ident)
    made(call, "job_2", "sitting")
    taste.rate(call, POSE, taste.Rating(stars=2))
    taste.rate(call.by("usr_other"), POSE, taste.Rating(stars=5))

    told = page.load(call, page.Begun(pose="sitting", project=ident))
    assert told["used"] == {POSE: 1, "sitting": 1}
    assert (told["stars"], told["means"]) == ({POSE: 2}, {POSE: 3.5})
    taste.unrate(call, POSE)
    told = page.load(call, page.Begun())
    assert (told["stars"], told["means"]) == ({}, {POSE: 3.5})  # a minute old at most
    monkeypatch.setattr(esteem, "SECONDS", -1.0)
    assert page.load(call, page.Begun())["means"] == {POSE: 5.0}
    told = page.load(call, page.Begun(pose="sitting", project=ident))
    assert told["placed"] == {"job_1": ident}
    assert [one["id"] for one in told["projects"]] == [ident]
    shelf = portfolio.load_all(call, portfolio.Wanted())
    assert [one.id for one in shelf["projects"]] == [ident]
    assert (shelf["newest"], shelf["archived"]) == ({ident: "job_1"}, 1)
    one = portfolio.load_one(call, ident, portfolio.Turned())
    assert [each.job_id for each in one["generations"]] == ["job_1"]
    with pytest.raises(NotFound):
        portfolio.load_one(call.by("usr_other"), ident, portfolio.Turned())
    assert stats.load(call)["told"].pictures == 2


def test_whom_a_viewer_has_made_stands_first(call: Any, maya: Any) -> None:
    own = replace_id(maya, "avt_own")
    call = replace(call, resources={"avatar": {"maya": maya, "avt_own": own}})

    people = page.load(call, page.Begun())["people"]

    assert [one["id"] for one in people] == ["avt_own", "maya"]


def replace_id(avatar: Any, ident: str) -> Any:
    return avatar.model_copy(update={"id": ident, "preset": False})


def test_figures_are_the_viewers_own_and_usage_is_told_per_pose(
    call: Any, task_for: Any, item_of: Any
) -> None:
    task = task_for(pose_ids=["waving"], variations=3)
    for number in range(3):
        task.key = f"job_test:{number}"
        run(task, item_of(task, number))
    begun(call)
    taste.like(call, "sitting")

    told = show_stats(call).model_dump()
    assert told == {
        "pictures": 3,
        "pictures_last_7_days": 3,
        "generations": 1,
        "active_projects": 1,
        "archived_projects": 0,
        "favourites": 1,
        "top_poses": ({"pose_id": "waving", "name": "Waving", "pictures": 3},),
    }
    other = call.by("usr_other")
    assert show_stats(other).pictures == 0
    seen = show_pose(other, "waving")
    assert (seen.pictures, seen.my_pictures) == (3, 0)


def test_an_account_takes_all_of_it_along_and_leaves_nothing(call: Any) -> None:
    begun(call)
    taste.rate(call, POSE, taste.Rating(stars=3))
    _record(call)

    mine = farewell.lumiku_account_export(call, "usr_test")
    assert {name: len(rows) for name, rows in mine.items()} == {
        "tastes": 1, "projects": 1, "pictures": 1,
    }  # fmt: skip
    farewell.lumiku_account_deleted(call, "usr_test")
    farewell.lumiku_account_deleted(call, "usr_test")
    empty = farewell.lumiku_account_export(call, "usr_test")
    assert not any(empty.values())


def test_the_migrated_tables_are_those_the_code_expects(rows: Rows) -> None:
    with rows.engine.connect() as connection:
        told = {
            "compare_type": True,
            "include_name": lambda name, *_: name != "pose_generator__version",
        }
        context = MigrationContext.configure(connection, opts=told)
        assert compare_metadata(context, TasteRow.metadata) == []


def test_going_back_leaves_no_table(rows: Rows) -> None:
    with rows.engine.begin() as connection:
        command.upgrade(migrations(connection), "head")
        command.downgrade(migrations(connection), "base")

    assert inspect(rows.engine).get_table_names() == ["pose_generator__version"]
