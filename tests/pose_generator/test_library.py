"""The library is sound: every pose is whole, placed, and baked from what it is now."""

import pytest

from lumiku_pose_generator import bakery
from lumiku_pose_generator.categories import categories, children, family
from lumiku_pose_generator.library import count, featured, library

FIRST = {
    "standing-relaxed", "walking", "sitting", "arms-crossed", "product-chest",
    "contrapposto", "hands-on-hips", "waving", "pointing", "thinking", "arms-up",
    "lunge",
}  # fmt: skip
POSES = sorted(library())


def test_there_are_thirty_three_categories_in_six_groups() -> None:
    tops = children(None)

    assert len(tops) == 6
    assert len(categories()) == 33
    assert all(children(top.id) for top in tops)


def test_a_category_has_one_id_and_a_parent_at_the_top() -> None:
    idents = [category.id for category in categories()]
    tops = {category.id for category in children(None)}

    assert len(set(idents)) == len(idents)
    assert {category.parent for category in categories()} == tops | {None}


def test_orders_and_colours_follow_the_groups() -> None:
    for top in children(None):
        below = children(top.id)

        assert [child.order for child in below] == [10 * n for n in range(len(below))]
        assert {child.color for child in below} == {top.color}


def test_a_family_is_a_category_and_all_below_it() -> None:
    assert family("casual-hijab") == {"casual-hijab"}
    assert {"hijab", "casual-hijab", "wedding-hijab"} < family("hijab")
    assert family("nowhere") == frozenset()


def test_the_first_twelve_poses_are_there_in_six_categories_or_more() -> None:
    assert set(library()) >= FIRST
    assert len({entry.category for entry in library().values()}) >= 6


def test_every_pose_lies_in_a_category_that_has_none_below_it() -> None:
    leaves = {category.id for category in categories() if category.parent}

    assert {entry.category for entry in library().values()} <= leaves


def test_counts_add_up_to_the_library() -> None:
    assert sum(count(top.id) for top in children(None)) == len(library())


@pytest.mark.parametrize("pose_id", POSES)
def test_a_pose_is_told_in_both_languages(pose_id: str) -> None:
    entry = library()[pose_id]

    assert all((entry.name, entry.name_id, entry.description, entry.description_id))
    assert entry.description != entry.description_id
    for tags in (entry.tags, entry.tags_id):
        assert len(set(tags)) == len(tags) >= 3


def test_no_two_poses_are_the_same() -> None:
    poses = [entry.pose.model_dump_json() for entry in library().values()]

    assert len(set(poses)) == len(poses)


def test_the_pose_that_stands_for_the_library_is_featured_and_open_to_all() -> None:
    assert featured().featured
    assert not featured().premium


@pytest.mark.parametrize("pose_id", POSES)
def test_a_pose_is_baked_from_what_it_is_now(pose_id: str) -> None:
    made = bakery.baked()[pose_id]

    assert made.digest == library()[pose_id].digest, "run bake/poses.py again"
    assert made.engine


@pytest.mark.parametrize("pose_id", POSES)
def test_a_baked_skeleton_has_eighteen_joints_inside_the_frame(pose_id: str) -> None:
    joints = bakery.baked()[pose_id].skeleton

    seen = [(x, y) for x, y, visible in joints if visible]

    assert len(joints) == 18
    assert len(seen) >= 8
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in seen)


PICTURED = [ident for ident in POSES if bakery.thumbnail(ident) is not None]


@pytest.mark.parametrize("pose_id", PICTURED)
def test_a_thumbnail_is_a_picture_of_eight_kilobytes_at_most(pose_id: str) -> None:
    content = bakery.thumbnail(pose_id)

    assert content is not None
    assert (content[:4], content[8:12]) == (b"RIFF", b"WEBP")
    assert len(content) <= 8192


def test_the_poses_that_stand_for_the_library_have_pictures() -> None:
    shown = {entry.id for entry in library().values() if entry.featured}

    assert shown <= set(PICTURED)


def test_nothing_baked_is_left_of_a_pose_that_has_gone() -> None:
    assert set(bakery.baked()) <= set(library())
