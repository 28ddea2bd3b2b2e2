"""The library as it is written passes its gates, and is what the plugin ships."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lumiku_contracts.scene import Contact, Expression, Hand, Prop, Scene
from lumiku_pose_generator.categories import categories
from lumiku_pose_generator.figure import figure
from lumiku_pose_generator.library import count, library
from lumiku_studio.props.furniture import desk_top, hands
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import figure as person
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.skeleton.gates import refusals

TWIST = 85.0  # degrees from the hips' way to the toes': hip, knee and ankle together
STEEP = 0.85  # cosine from the plumb line of a shin over a foot that stands
BAKE = Path(__file__).parents[2] / "plugins" / "pose_generator" / "bake"
WRITTEN = "import poses, sys; sys.stdout.write(poses.text())"
AT_DESKS = [
    entry.id
    for entry in library().values()
    if Prop.DESK in entry.pose.props and entry.pose.contact is Contact.SEATED
]
LEAVES = [category.id for category in categories() if category.parent]


def test_the_package_ships_what_the_shelves_say() -> None:
    said = subprocess.run(
        [sys.executable, "-c", WRITTEN],
        cwd=BAKE, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    assert json.loads(said) == [
        entry.model_dump(mode="json", exclude_defaults=True)
        for entry in library().values()
    ], "run bake/poses.py again"


def test_every_pose_is_believable_for_two_bodies_and_unlike_every_other() -> None:
    assert refusals({entry.id: entry.pose for entry in library().values()}) == []


def test_no_foot_that_stands_points_behind_its_hips() -> None:
    body = dressed(AVATARS["maya"], Expression.NEUTRAL)
    for name, entry in library().items():
        placed = pose_of(body, entry.pose).placed
        ahead = placed.turn("root")[:, 2]
        for side in "LR":
            heel, shin = placed.at(f"foot.{side}"), placed.at(f"lowerleg01.{side}")
            toes = placed.at(f"toe2-1.{side}") - heel
            if (shin - heel)[1] < STEEP * np.linalg.norm(shin - heel):
                continue
            ways = [np.arctan2(way[0], way[2]) for way in (toes, ahead)]
            turned = np.degrees(np.angle(np.exp(1j * (ways[0] - ways[1]))))
            assert abs(turned) < TWIST, (name, side, turned)


@pytest.mark.parametrize("name", AT_DESKS)
def test_hands_are_over_the_desk_that_somebody_works_at(name: str) -> None:
    for look in AVATARS.values():
        posed = person(Scene(pose=library()[name].pose, appearance=look)).posed
        assert hands(posed)[:, 1].min() > desk_top(posed)


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_sub_category_has_at_least_five_poses(leaf: str) -> None:
    assert count(leaf) >= 5


def test_the_library_has_at_least_162_poses_in_33_categories() -> None:
    assert len(library()) >= 162
    assert len(categories()) == 33


def test_every_contact_and_every_shape_of_a_hand_is_used() -> None:
    entries = library().values()

    assert {entry.pose.contact for entry in entries} == set(Contact)
    assert {hand for entry in entries for hand in entry.hands} == set(Hand)


def test_a_pose_without_a_picture_is_drawn_from_its_joints() -> None:
    joints = tuple((0.1 + n / 40, 0.1 + n / 30, 1) for n in range(18))

    drawn = figure(joints)

    assert drawn.startswith("<svg")
    assert drawn.count("<polyline") == 4
    assert "nan" not in drawn
