"""Favourites and stars are a viewer's own, and their mean is everybody's."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from tests.backends import DATABASES
from tests.pose_generator.kept import POSE, made, on_either
from tests.pose_generator.rows import Rows

from lumiku_contracts import NotFound
from lumiku_pose_generator import (
    taste,
)
from lumiku_pose_generator.shelf import LibraryQuery, list_poses, show_pose


@pytest.fixture(params=DATABASES)
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rows]:
    """On either kind of database."""
    with on_either(request, tmp_path) as own:
        yield own


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
            lambda: made(call, "job_1"),
        )
        said = [crowd.submit(one) for one in tell * 8]
        for one in said:
            one.result()

    assert show_pose(call, POSE).favourites == 1
    assert show_pose(call, POSE).pictures == 1


@pytest.mark.parametrize("stars", [0, 6, 2.5, None])
def test_there_are_one_to_five_stars(stars: Any) -> None:
    with pytest.raises(ValidationError):
        taste.Rating(stars=stars)


def test_what_is_no_pose_has_no_taste(call: Any) -> None:
    with pytest.raises(NotFound):
        taste.like(call, "nowhere")
