"""Every sample pose stands on the floor and keeps hands out of the body."""

import itertools

import numpy as np
import pytest

from lumiku_contracts.scene import Contact, Expression
from lumiku_studio.body.template import template
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.skeleton import contact
from lumiku_studio.skeleton.keypoints import joints
from lumiku_studio.studio import skeleton
from lumiku_studio.wardrobe import shoes

CASES = [(pose, person) for pose in POSES for person in AVATARS]
# The others are carried by a seat or by motion.
STILL = [
    name
    for name, pose in POSES.items()
    if pose.contact is Contact.STANDING and name != "walking"
]


def soles(pose: str, person: str) -> dict[str, float]:
    """Height of each shoe's lowest point over the floor, in metres."""
    wearer = dressed(AVATARS[person], Expression.NEUTRAL)
    assert wearer.tailored.shoes is not None
    worn = shoes.worn(wearer.tailored.shoes, pose_of(wearer, POSES[pose]).placed)
    half = len(worn.points) // 2
    return {"L": worn.points[:half, 1].min(), "R": worn.points[half:, 1].min()}


@pytest.mark.parametrize(("pose", "person"), CASES)
def test_both_feet_touch_the_floor_within_ten_millimetres(
    pose: str, person: str
) -> None:
    for height in soles(pose, person).values():
        assert height > 0  # in the floor's plane they would flicker
        assert abs(height) <= 0.010


@pytest.mark.parametrize(("pose", "person"), CASES)
def test_hands_stay_out_of_the_body_to_eight_millimetres(
    pose: str, person: str
) -> None:
    wearer = dressed(AVATARS[person], Expression.NEUTRAL)

    posed = pose_of(wearer, POSES[pose])

    for side in "LR":
        depth, _ = contact.depths(posed.points, side)
        assert depth.max() < 0.008


@pytest.mark.parametrize("pose", STILL)
def test_a_standing_body_is_balanced_over_its_feet(pose: str) -> None:
    wearer = dressed(AVATARS["maya"], Expression.NEUTRAL)
    posed = pose_of(wearer, POSES[pose])

    middle = posed.points[np.unique(template().faces["body"])].mean(axis=0)

    feet = [posed.placed.at(f"foot.{side}")[0] for side in "LR"]
    assert min(feet) - 0.08 < middle[0] < max(feet) + 0.08


def test_poses_differ_by_three_hundredths_of_a_body_height() -> None:
    wearer = dressed(AVATARS["maya"], Expression.NEUTRAL)
    spread = {}
    for name, pose in POSES.items():
        posed = pose_of(wearer, pose)
        spread[name] = joints(posed.placed, posed.points) - posed.placed.at("root")

    gaps = {
        (a, b): np.linalg.norm(spread[a] - spread[b], axis=1).mean()
        for a, b in itertools.combinations(spread, 2)
    }

    assert min(gaps.values()) / wearer.rest.height > 0.03


def test_a_skeleton_needs_no_picture() -> None:
    seen = skeleton(POSES["waving"], AVATARS["budi"], size=(300, 400))

    assert len(seen) == 18
    assert all(0 <= x < 300 and 0 <= y < 400 for x, y, _ in seen)
    right_wrist, right_shoulder = seen[4], seen[2]
    assert right_wrist[1] < right_shoulder[1]
