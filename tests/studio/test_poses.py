"""Contacts carry the body, balance holds it, and what is wrong with a pose is named."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import (
    Anchor,
    Arm,
    Contact,
    Expression,
    Gaze,
    Leg,
    Pelvis,
    Pose,
    Reach,
    Scene,
    Torso,
)
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.scene.figure import figure
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.skeleton import mass
from lumiku_studio.skeleton.distinct import distances, spread
from lumiku_studio.skeleton.footing import skin_mask, under
from lumiku_studio.skeleton.gates import refusals
from lumiku_studio.skeleton.limits import strains
from lumiku_studio.skeleton.posing import solve
from lumiku_studio.skeleton.rig import skin
from lumiku_studio.skeleton.validity import Figures, faults, measure

SOLE = 0.02
TOUCHES = 0.01  # metres over the floor
ALONG = 0.05  # metres from a round leg of most of a flat sole that lies on it
DOWN = Reach(to=Anchor.FLOOR, elbow=(1, 0, -1), fingers=(0.2, 0, 1), palm=(0, -1, 0))
ON_FLOOR = Arm(reach=DOWN)
FREE = Leg(planted=False, ankle=28, away=2)
CARRIED = {
    "cross-legged": Pose(
        contact=Contact.FLOOR,
        left_leg=Leg(forward=82, away=52, rotate=62, knee=135, laid=True),
        right_leg=Leg(forward=82, away=52, rotate=54, knee=96, laid=True),
    ),
    "kneeling": Pose(
        contact=Contact.KNEELING,
        left_leg=Leg(forward=88, knee=90),
        right_leg=Leg(forward=-4, knee=86, ankle=20, planted=False),
    ),
    "lying": Pose(contact=Contact.LYING, pelvis=Pelvis(tilt=-90), left_leg=FREE,
                  right_leg=FREE),
    "plank": Pose(contact=Contact.BRACED, pelvis=Pelvis(tilt=75), left_leg=FREE,
                  right_leg=FREE, left_arm=ON_FLOOR, right_arm=ON_FLOOR),
    "jump": Pose(contact=Contact.JUMPING, lift=0.25, left_leg=FREE, right_leg=FREE),
}  # fmt: skip


@pytest.fixture(scope="module", params=["maya", "budi"])
def rest(request: pytest.FixtureRequest) -> Rest:
    return rest_shape(AVATARS[request.param], Expression.NEUTRAL)


@pytest.mark.parametrize("name", CARRIED)
def test_a_body_is_carried_by_what_its_contact_says(name: str, rest: Rest) -> None:
    pose = CARRIED[name]

    figures = measure(solve(rest, pose, sole=SOLE), pose, SOLE)

    codes = {fault.code for fault in faults(pose, figures)}
    assert not codes & {"no-contact", "floor-penetration"}
    assert figures.supports


def test_who_kneels_has_knee_and_toes_on_the_floor(rest: Rest) -> None:
    leg = Leg(forward=72, away=7, knee=150, ankle=-62, plumb=True, planted=False)
    pose = Pose(contact=Contact.KNEELING, left_leg=leg, right_leg=leg)

    touching = dict(measure(solve(rest, pose, sole=SOLE), pose, SOLE).supports)

    assert set(touching) >= {"knee.L", "knee.R", "foot.L", "foot.R"}
    assert all(abs(height) < TOUCHES for height in touching.values())


def test_who_stands_on_one_leg_stands_over_it(rest: Rest) -> None:
    pose = Pose(right_leg=Leg(forward=60, away=30, knee=100, planted=False))

    figures = measure(solve(rest, pose, sole=SOLE), pose, SOLE)

    assert figures.overhang <= 0


@pytest.mark.parametrize("lifted", ["L", "R"])
def test_a_sole_drawn_up_to_the_other_leg_lies_on_it(lifted: str, rest: Rest) -> None:
    drawn_up = Leg(forward=50, away=62, rotate=70, knee=138, ankle=-30, planted=False)
    standing = Leg(away=-2, rotate=8)
    side = {"L": "left", "R": "right"}
    pose = Pose.model_validate(
        {f"{side[s]}_leg": drawn_up if s == lifted else standing for s in "LR"}
    )

    posed = solve(rest, pose, sole=SOLE)

    body, other = template(), {"L": "R", "R": "L"}[lifted]
    feet = skin(posed.placed, under(rest, SOLE), body.weights)
    sole = (rest.points[:, 1] < rest.floor + TOUCHES) & skin_mask()
    sole &= body.influence("foot", "toe", side=lifted) > 0.5
    leg = skin_mask() & (body.influence("upperleg", "lowerleg", side=other) > 0.5)
    apart = cKDTree(posed.points[leg]).query(feet[sole])[0]
    assert apart.min() < 2 * TOUCHES
    assert np.median(apart) < ALONG
    assert measure(posed, pose, SOLE).depth < TOUCHES


def test_the_weight_of_an_upright_body_is_at_its_pelvis(rest: Rest) -> None:
    placed = solve(rest, Pose(), sole=SOLE).placed

    share = mass.centre(placed)[1] / rest.height

    assert 0.5 < share < 0.62


def test_a_point_outside_an_outline_knows_its_way_back() -> None:
    square = mass.hull(np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]]))

    assert mass.outside(np.array([0.5, 0.9]), square)[0] == pytest.approx(-0.1)
    distance, way = mass.outside(np.array([2.0, 0.5]), square)
    assert distance == pytest.approx(1.0)
    assert way == pytest.approx([-1, 0])


def test_eyes_look_where_the_gaze_says_and_the_head_stays(rest: Rest) -> None:
    ahead, aside = (solve(rest, Pose(gaze=Gaze(turn=turn))).placed for turn in (0, 20))

    assert np.allclose(ahead.turn("head"), aside.turn("head"))
    assert aside.turn("eye.L")[0, 2] == pytest.approx(np.sin(np.radians(20)), abs=0.01)


def test_a_pose_that_breaks_a_joint_is_refused_with_its_code() -> None:
    broken = Pose(left_leg=Leg(knee=175), torso=Torso(twist=90))
    scene = Scene(pose=broken, appearance=AVATARS["maya"])

    with pytest.raises(Refused, match="left leg knee is 175") as refused:
        figure(scene)

    assert refused.value.code == "joint-limits"
    assert len(strains(broken)) == 2


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        (Figures(0.009, (), 0, 0), "limb-penetration"),
        (Figures(0, (("foot.L", 0.02),), 0, 0), "no-contact"),
        (Figures(0, (), -0.006, 0), "floor-penetration"),
        (Figures(0, (), 0, 0.01), "out-of-balance"),
    ],
)
def test_each_fault_has_its_code(figures: Figures, code: str) -> None:
    (fault,) = faults(Pose(), figures)

    assert fault.code == code


def test_a_mirror_image_is_not_another_pose(rest: Rest) -> None:
    pointing = POSES["pointing"]
    turned = pointing.model_copy(
        update={
            "left_arm": pointing.right_arm,
            "right_arm": pointing.left_arm,
            "left_leg": pointing.right_leg,
            "right_leg": pointing.left_leg,
            "torso": Torso(side=-2, twist=-6),
        }
    )
    spreads = [spread(solve(rest, pose)) for pose in (pointing, turned, POSES["lunge"])]

    apart = distances(np.array(spreads))

    assert apart[0, 1] < 0.01
    assert apart[0, 2] > 0.03


def test_gates_name_the_pose_the_fault_and_its_twin() -> None:
    found = refusals(
        {
            "good": POSES["waving"],
            "twin": POSES["waving"],
            "broken": Pose(left_arm=Arm(elbow=170)),
        }
    )

    assert any("good and twin: too-alike" in line for line in found)
    assert any(line.startswith("broken") and "joint-limits" in line for line in found)
