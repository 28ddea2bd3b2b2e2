"""The routes of the library answer what was asked, and refuse what they do not know."""

from typing import Any

import pytest
from pydantic import ValidationError

from lumiku_contracts import NotFound, Refused
from lumiku_pose_generator import bakery
from lumiku_pose_generator.library import library
from lumiku_pose_generator.shelf import (
    LibraryQuery,
    list_categories,
    list_poses,
    show_pose,
    show_thumbnail,
)


def found(call: Any, **query: Any) -> list[str]:
    """The ids of all pages."""
    seen: list[str] = []
    while True:
        page = list_poses(call, LibraryQuery.model_validate({"limit": 100} | query))
        seen += [card.id for card in page.items]
        if page.next_cursor is None:
            return seen
        query["cursor"] = page.next_cursor


def test_the_tree_counts_children_into_their_parents(call: Any) -> None:
    tree = list_categories(call)

    assert tree.next_cursor is None
    assert sum(top.poses for top in tree.items) == len(library())
    for top in tree.items:
        assert top.poses == sum(child.poses for child in top.children)


def test_without_a_query_the_whole_library_is_listed(call: Any) -> None:
    assert found(call) == list(library())


def test_a_form_with_nothing_filled_in_asks_for_the_whole_library(call: Any) -> None:
    empty = dict.fromkeys(("category", "search", "difficulty", "featured"), "")

    assert found(call, **empty) == list(library())


def test_a_query_that_nothing_reads_is_refused() -> None:
    with pytest.raises(ValidationError):
        LibraryQuery.model_validate({"colour": "red"})


def test_a_category_includes_those_below_it(call: Any) -> None:
    below = found(call, category="business-portraits")

    assert below
    assert set(below) < set(found(call, category="professional"))


def test_an_unknown_category_is_refused_and_never_means_everything(call: Any) -> None:
    with pytest.raises(Refused) as refused:
        found(call, category="nowhere")

    assert refused.value.code == "unknown-category"


def test_an_unknown_category_is_refused_on_the_last_page_too(call: Any) -> None:
    with pytest.raises(Refused) as refused:
        found(call, category="nowhere", cursor=list(library())[-1])

    assert refused.value.code == "unknown-category"


@pytest.mark.parametrize(
    ("search", "pose_id"),
    [
        ("arms crossed", "arms-crossed"),
        ("yoga", "lotus-meditation"),  # by the category alone
        ("hijab salam", "hijab-salam"),
        ("olahraga", "plank"),  # by a category above its own, in Indonesian
        ("fashion hijab", "hijab-stool-elegant"),
        ("BERSEDEKAP", "arms-crossed"),
        ("duduk", "sitting"),
        ("kotak", "product-chest"),
        ("workout", "lunge"),
        ("good news", "arms-up"),
    ],
)
def test_search_reads_both_languages(call: Any, search: str, pose_id: str) -> None:
    assert pose_id in found(call, search=search)


def test_search_wants_every_word(call: Any) -> None:
    assert found(call, search="duduk dragon") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("difficulty", "beginner"),
        ("suitability", "unisex"),
        ("featured", True),
        ("featured", False),
        ("premium", True),
        ("premium", False),
    ],
)
def test_a_filter_leaves_exactly_the_poses_that_match(
    call: Any, field: str, value: object
) -> None:
    expected = [
        id_ for id_, entry in library().items() if getattr(entry, field) == value
    ]

    assert found(call, **{field: value}) == expected


def test_pages_follow_each_other_without_gap_or_repeat(call: Any) -> None:
    seen: list[str] = []
    cursor = None

    while True:
        page = list_poses(call, LibraryQuery(limit=5, cursor=cursor))
        seen += [card.id for card in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == list(library())


def test_a_page_that_ends_the_list_promises_no_more(call: Any) -> None:
    last_but_ten = list(library())[-11]

    page = list_poses(call, LibraryQuery(limit=10, cursor=last_but_ten))

    assert len(page.items) == 10
    assert page.next_cursor is None


def test_an_unknown_cursor_is_refused(call: Any) -> None:
    with pytest.raises(Refused) as refused:
        found(call, cursor="never")

    assert refused.value.code == "unknown-cursor"


def test_a_card_says_where_its_picture_is(call: Any) -> None:
    card = list_poses(call, LibraryQuery()).items[0]

    assert card.thumbnail_url == f"/api/apps/pose-generator/library/{card.id}/thumbnail"


def test_a_pose_is_shown_with_its_document(call: Any) -> None:
    detail = show_pose(call, "sitting")

    assert detail.pose == library()["sitting"].pose
    made = bakery.baked().get("sitting")
    assert detail.skeleton == (made.skeleton if made else None)


@pytest.mark.parametrize("route", [show_pose, show_thumbnail])
def test_an_unknown_pose_is_not_found(call: Any, route: Any) -> None:
    with pytest.raises(NotFound):
        route(call, "../poses")


def test_a_thumbnail_can_be_kept_by_a_browser(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bakery, "thumbnail", lambda _: b"RIFF")

    file = show_thumbnail(call, "sitting")

    assert file.media_type == "image/webp"
    assert file.cache_seconds > 0


def test_a_missing_thumbnail_is_said_to_be_missing(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bakery, "thumbnail", lambda _: None)
    assert show_thumbnail(call, "sitting").media_type == "image/svg+xml"
    monkeypatch.setattr(bakery, "baked", dict)

    with pytest.raises(Refused) as refused:
        show_thumbnail(call, "sitting")

    assert (refused.value.code, refused.value.status) == ("thumbnail-missing", 404)
