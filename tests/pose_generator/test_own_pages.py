"""What a viewer keeps is shown on their pages, counted, and goes with them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from tests.backends import DATABASES
from tests.pose_generator.kept import POSE, begun, made, on_either, replace_id
from tests.pose_generator.rows import Rows, migrations

from lumiku_contracts import NotFound
from lumiku_pose_generator import (
    esteem,
    farewell,
    page,
    portfolio,
    projects,
    stats,
    taste,
)
from lumiku_pose_generator.generate import run
from lumiku_pose_generator.projects import (
    ProjectChange,
)
from lumiku_pose_generator.shelf import show_pose
from lumiku_pose_generator.stats import show_stats
from lumiku_pose_generator.table import TasteRow


@pytest.fixture(params=DATABASES)
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rows]:
    """On either kind of database."""
    with on_either(request, tmp_path) as own:
        yield own


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
    made(call, "job_1")

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
