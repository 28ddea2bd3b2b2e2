"""Hands that touch: palms that meet, tips that meet, fingers that lie on the body."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import (
    Anchor,
    Arm,
    Contact,
    Expression,
    Hand,
    Leg,
    Pose,
    Reach,
    Scene,
)
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.mesh import normals
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.shading.stage import Segment
from lumiku_studio.skeleton import contact
from lumiku_studio.skeleton.fingers import fingers
from lumiku_studio.skeleton.footing import skin_mask
from lumiku_studio.skeleton.posing import solve
from lumiku_studio.wardrobe.outfits import OUTFITS

PALMS = Reach(
    to=Anchor.CHEST, offset=(0.046, -0.06, 0.15), elbow=(1, -0.9, -0.3),
    fingers=(0, 1, 0.3), palm=(-1, 0, 0),
)  # fmt: skip
TIPS = Reach(
    to=Anchor.CHEST, offset=(0.085, -0.165, 0.18), elbow=(1, -1, -0.4),
    fingers=(-0.3, 0.9, 0.4), palm=(-1, 0, 0.1),
)  # fmt: skip
UPTURNED = Reach(
    to=Anchor.CHEST, offset=(0.075, -0.03, 0.19), elbow=(1, -0.9, -0.2),
    fingers=(-0.15, 0.65, 0.6), palm=(0, 0.7, -0.8),
)  # fmt: skip
BELLY = Reach(
    to=Anchor.BELLY, offset=(-0.02, 0.02, 0.06), elbow=(1, -0.8, -0.1),
    fingers=(-1, 0.1, 0), palm=(0, -0.1, -1),
)  # fmt: skip
THIGH = Reach(
    to=Anchor.THIGH, offset=(0.02, 0.06, 0.02), elbow=(0.7, -0.2, -1),
    fingers=(-0.15, -0.18, 1), palm=(0, -1, -0.25),
)  # fmt: skip
POCKET = Reach(
    to=Anchor.HIP, offset=(0.045, -0.10, 0.03), elbow=(0.9, -0.2, -0.7),
    fingers=(-0.1, -1, 0.25), palm=(-1, 0, -0.1),
)  # fmt: skip
SUNK, NEAR = 0.004, 0.05  # metres in the cloth about a hand
FEW = 0.05  # of a hand's skin
MEETING = 0.004  # metres between skins that touch
INTO = 0.009  # metres that flesh gives way
LYING = 0.012  # metres between a finger and what it lies on
TIP = 0.02  # metres between the middles of two tips that touch


@pytest.fixture(scope="module", params=AVATARS)
def rest(request: pytest.FixtureRequest) -> Rest:
    return rest_shape(AVATARS[request.param], Expression.NEUTRAL)


def skin_of(side: str, *bones: str) -> Mask:
    mask: Mask = skin_mask() & (template().influence(*bones, side=side) > 0.5)
    return mask


def between(points: Floats, *bones: str) -> float:
    """Metres between the same parts of both hands."""
    left, right = (points[skin_of(side, *bones)] for side in "LR")
    return float(cKDTree(left).query(right)[0].min())


def test_palms_laid_together_meet_at_heel_and_fingers(rest: Rest) -> None:
    arm = Arm(reach=PALMS, hand=Hand.PRAYER)
    points = solve(rest, Pose(left_arm=arm, right_arm=arm)).points

    for finger in range(2, 6):
        assert between(points, f"finger{finger}-2", f"finger{finger}-3") < MEETING
    assert between(points, "wrist", "metacarpal", "finger") < MEETING
    assert contact.deepest(points) < INTO


def test_finger_tips_of_a_steeple_meet(rest: Rest) -> None:
    arm = Arm(reach=TIPS, hand=Hand.OPEN)
    posed = solve(rest, Pose(left_arm=arm, right_arm=arm))
    found = fingers(posed.placed, posed.points)

    for tip in (8, 12, 16):
        gap = np.linalg.norm(found["left"][tip] - found["right"][tip])
        assert gap < TIP, tip


def test_upturned_hands_lie_side_by_side(rest: Rest) -> None:
    arm = Arm(reach=UPTURNED, hand=Hand.FLAT)
    points = solve(rest, Pose(left_arm=arm, right_arm=arm)).points

    assert between(points, "finger", "metacarpal") < 2 * MEETING
    assert contact.deepest(points) < INTO


LEG = Leg(forward=86, knee=84)
AT_REST = {
    "belly": Pose(left_arm=Arm(reach=BELLY)),
    "thigh": Pose(
        left_arm=Arm(reach=THIGH), left_leg=LEG, right_leg=LEG, contact=Contact.SEATED
    ),
}


@pytest.mark.parametrize("pose", AT_REST.values(), ids=AT_REST)
def test_each_finger_of_a_hand_at_rest_lies_on_the_body(pose: Pose, rest: Rest) -> None:
    points = solve(rest, pose).points

    assert contact.deepest(points) < INTO
    body = cKDTree(points[contact.around("L")])
    for finger in range(2, 6):
        own = points[skin_of("L", f"finger{finger}-2", f"finger{finger}-3")]
        assert body.query(own)[0].min() < LYING + contact.EASE, finger


def test_cloth_that_stands_off_lies_under_a_hand_and_not_over_its_fingers() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["tunic"]})
    pose = Pose(left_arm=Arm(reach=POCKET, hand=Hand.FLAT))
    found = figure(Scene(pose=pose, appearance=look))
    hand = skin_of("L", "metacarpal", "finger")
    own = found.posed.points[hand]

    for part in found.parts:
        if part.segment is Segment.TOP:
            out = normals(part.points, part.triangles)
            apart, near = cKDTree(part.points).query(own)
            sunk = ((own - part.points[near]) * out[near]).sum(axis=1) < -SUNK
            assert (sunk & (apart < NEAR)).mean() < FEW
