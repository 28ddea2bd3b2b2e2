"""Hands at rest touch, arms keep out of legs and heads, and portraits show faces."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from lumiku_contracts.scene import (
    Anchor,
    Arm,
    Camera,
    Contact,
    Expression,
    Framing,
    Hand,
    Held,
    Leg,
    Pelvis,
    Pose,
    Prop,
    Reach,
)
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.props.furniture import desk_top
from lumiku_studio.props.placing import props
from lumiku_studio.scene.framing import faced
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.skeleton import contact, resting
from lumiku_studio.skeleton.anchors import trunk
from lumiku_studio.skeleton.contact import EASE
from lumiku_studio.skeleton.posing import Posed, solve

BELLY = Reach(
    to=Anchor.BELLY, offset=(-0.02, 0.02, 0.1), elbow=(1, -0.8, -0.1),
    fingers=(-1, 0.1, 0), palm=(0, -0.1, -1),
)  # fmt: skip
SHOWN = Reach(
    to=Anchor.CHEST, offset=(0.12, 0.04, 0.36), elbow=(1, -1, -0.2),
    fingers=(-0.5, 0.35, 0.8), palm=(-1, 0, 0.1),
)  # fmt: skip
INTO = 0.008  # metres that a finger may press into what it holds
LYING = 0.015  # metres over the floor
BOARD = 0.032  # metres that a desk's top is thick
HOVERING = 0.006  # metres over the room that clothes take


@pytest.fixture(scope="module", params=["maya", "budi"])
def rest(request: pytest.FixtureRequest) -> Rest:
    return rest_shape(AVATARS[request.param], Expression.NEUTRAL)


def standing_off(posed: Posed, side: str) -> float:
    """Metres between a hand and the body, beyond what hands keep from it."""
    depth, _ = contact.depths(posed.points, side)
    return -float(depth.max()) - EASE


def test_a_hand_led_near_the_belly_lies_on_it(rest: Rest) -> None:
    resting_hand = solve(rest, Pose(left_arm=Arm(reach=BELLY)))
    pointing = solve(rest, Pose(left_arm=Arm(reach=BELLY, hand=Hand.POINT)))

    assert standing_off(resting_hand, "L") < HOVERING
    assert standing_off(pointing, "L") > HOVERING


@pytest.mark.parametrize("name", POSES)
def test_every_hand_at_rest_touches_the_body(name: str, rest: Rest) -> None:
    pose = POSES[name]
    arms = {"L": pose.left_arm, "R": pose.right_arm}

    posed = solve(rest, pose, sole=0.02)

    for side in (side for side, arm in arms.items() if resting.rests(arm)):
        assert standing_off(posed, side) < HOVERING, side


def test_fingers_of_a_hand_at_ease_lie_side_by_side(rest: Rest) -> None:
    placed = solve(rest, Pose()).placed
    knuckles, tips = (
        float(np.linalg.norm(placed.at(f"finger2-{k}.L") - placed.at(f"finger5-{k}.L")))
        for k in (1, 3)
    )

    assert tips < 1.35 * knuckles


@pytest.mark.parametrize("prop", [Prop.BOTTLE, Prop.CUP])
def test_fingers_close_about_what_they_hold_and_do_not_go_through(
    prop: Prop, rest: Rest
) -> None:
    arm = Arm(reach=SHOWN, hand=Hand.CUP)
    pose = Pose(right_arm=arm, props=(Held(prop=prop),))
    posed = solve(rest, pose)
    hand = template().influence("finger", side="R") > 0.5

    deep = [inside(part.points, posed.points[hand]) for part in props(pose, posed)]

    assert -INTO < max(deep) < INTO


def inside(solid: Floats, points: Floats) -> float:
    """How deep the deepest of points is in the hull of a solid, in metres."""
    planes = ConvexHull(solid).equations
    return float((-(points @ planes[:, :3].T + planes[:, 3])).min(axis=1).max())


def test_an_elbow_in_the_head_is_found(rest: Rest) -> None:
    through = Pose(left_arm=Arm(forward=170, away=0, elbow=0))
    beside = Pose(left_arm=Arm(forward=170, away=-35, elbow=0))

    deep, clear = (
        contact.deepest(solve(rest, one).points) for one in (through, beside)
    )

    assert deep > 0.008 > clear


@pytest.mark.parametrize("yaw", [-45, 0, 45])
@pytest.mark.parametrize("tilt", [-90, 78, 0])
def test_a_portrait_shows_the_face_of_whoever_lies_or_stands(
    tilt: float, yaw: float, rest: Rest
) -> None:
    contact_ = Contact.LYING if tilt else Contact.STANDING
    pose = Pose(contact=contact_, pelvis=Pelvis(tilt=tilt, turn=70))
    if tilt > 0:
        pose = pose.model_copy(
            update={"head": pose.head.model_copy(update={"nod": -60})}
        )
    placed = solve(rest, pose).placed

    camera = faced(Camera(framing=Framing.PORTRAIT, yaw=yaw, pitch=0), placed)

    turn, rise = np.radians(camera.yaw), np.radians(camera.pitch)
    back = [np.sin(turn) * np.cos(rise), np.sin(rise), np.cos(turn) * np.cos(rise)]
    assert placed.turn("head")[:, 2] @ back > np.cos(np.radians(81))


def test_who_asks_for_a_portrait_from_behind_gets_it(rest: Rest) -> None:
    asked = Camera(framing=Framing.PORTRAIT, yaw=180)

    assert faced(asked, solve(rest, Pose()).placed) == asked


def test_a_hand_on_the_floor_lies_on_its_palm_and_fingers_not_on_its_thumb(
    rest: Rest,
) -> None:
    floor = Reach(
        to=Anchor.FLOOR, offset=(0.02, 0, 0), elbow=(1, 0, -1),
        fingers=(0.25, 0, 1), palm=(0, -1, 0),
    )  # fmt: skip
    arm = Arm(reach=floor, hand=Hand.FLAT)
    legs = Leg(planted=False, ankle=28, away=2)
    plank = Pose(
        left_arm=arm, right_arm=arm, left_leg=legs, right_leg=legs,
        pelvis=Pelvis(tilt=75), contact=Contact.BRACED,
    )  # fmt: skip
    points = solve(rest, plank).points

    for part in ("wrist", "metacarpal", *(f"finger{k}-3" for k in range(1, 6))):
        own = template().influence(part, side="L") > 0.5
        own[template().faces["body"].max() + 1 :] = False
        assert points[own, 1].min() < LYING, part


def test_a_desk_stands_over_the_lap(rest: Rest) -> None:
    typing = Reach(
        to=Anchor.BELLY, offset=(0.1, 0.0, 0.27), elbow=(1, -0.6, -0.5),
        fingers=(-0.2, 0.05, 1), palm=(0, -1, 0.1),
    )  # fmt: skip
    leg = Leg(forward=86, knee=84)
    seated = Pose(
        left_arm=Arm(reach=typing), left_leg=leg, right_leg=leg,
        contact=Contact.SEATED, props=(Prop.CHAIR, Prop.DESK),
    )  # fmt: skip
    posed = solve(rest, seated)
    thighs = trunk() & (template().influence("upperleg") > 0.5)

    assert desk_top(posed) - BOARD > posed.points[thighs, 1].max()
