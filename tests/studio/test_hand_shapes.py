"""Hands as people make them: nothing of a hand goes through another part of it."""

from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest

from lumiku_contracts.scene import Anchor, Arm, Expression, Hand, Pose, Reach
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.fingers import SIDES, fingers
from lumiku_studio.skeleton.forearm import SIDEWAYS
from lumiku_studio.skeleton.gates import BODIES
from lumiku_studio.skeleton.hands import SHAPES, curl
from lumiku_studio.skeleton.posing import solve
from lumiku_studio.skeleton.rig import place, skin_body

THICK = 0.11  # of a palm's length: two fingers that touch, middle to middle
OUT = 0.04  # of a palm's length, below a finger's knuckle
REST = 8.0  # degrees that a hand at rest already bends to the little finger
MIDDLE, LITTLE, INDEX = 9, 17, 5


@lru_cache(maxsize=64)
def shaped(body: str, hand: Hand) -> Any:
    """The 21 points of the left and the right hand."""
    rest = rest_shape(BODIES[body], Expression.NEUTRAL)
    turns = {f"wrist.{side}": np.eye(3) for side in SIDES.values()}
    for side in SIDES.values():
        curl(rest, turns, side, SHAPES[hand])
    placed = place(rest, turns)
    return fingers(placed, skin_body(placed))


def along(hand: Any, number: int) -> Any:
    """Points from the knuckle to the tip of finger 0 (thumb) to 4."""
    joints = hand[1 + 4 * number : 5 + 4 * number]
    shares = np.linspace(0, 1, 5)[:, None]
    return np.concatenate([a + (b - a) * shares for a, b in pairwise(joints)])


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("hand", Hand)
def test_no_finger_of_any_shape_goes_through_another_one(body: str, hand: Hand) -> None:
    for points in shaped(body, hand).values():
        long = np.linalg.norm(points[MIDDLE] - points[0])
        for a, b in combinations(range(5), 2):
            one, other = along(points, a), along(points, b)
            apart = np.linalg.norm(one[:, None] - other[None], axis=2).min()
            assert apart / long > THICK, (a, b)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("hand", Hand)
def test_no_finger_comes_out_at_the_back_of_the_hand(body: str, hand: Hand) -> None:
    for side, points in shaped(body, hand).items():
        long = np.linalg.norm(points[MIDDLE] - points[0])
        way = (points[INDEX] + points[LITTLE]) / 2 - points[0]
        palm = np.cross(way, points[INDEX] - points[LITTLE])
        palm *= (1 if side == "left" else -1) / np.linalg.norm(palm)
        for number in range(5):
            over = (along(points, number)[1:] - points[4 * number + 1]) @ palm
            assert over.min() / long > -OUT, number


@pytest.mark.parametrize("body", BODIES)
def test_the_thumb_of_a_fist_lies_on_the_middle_bones_of_two_fingers(body: str) -> None:
    for points in shaped(body, Hand.FIST).values():
        long = np.linalg.norm(points[MIDDLE] - points[0])
        thumb = along(points, 0)[5:]
        for number in (1, 2):
            bone = along(points, number)[5:10]
            apart = np.linalg.norm(thumb[:, None] - bone[None], axis=2).min()
            assert apart / long < 2 * THICK, number


def test_no_free_wrist_bends_sideways_beyond_what_people_do() -> None:
    rest = rest_shape(BODIES["a slight woman"], Expression.NEUTRAL)
    aside = Reach(
        to=Anchor.CHEST,
        offset=(0.1, -0.1, 0.2),
        elbow=(1, -1, 0),
        fingers=(-0.2, -1, 0.1),
        palm=(0, 0, -1),
    )
    asked = Arm(reach=aside, hand=Hand.RELAXED)
    placed = solve(rest, Pose(left_arm=asked, right_arm=asked)).placed
    for side in SIDES.values():
        elbow, wrist, index, middle, little = (
            placed.at(f"{bone}.{side}")
            for bone in (
                "lowerarm01",
                "wrist",
                "finger2-1",
                "finger3-1",
                "finger5-1",
            )
        )
        across = (index - little) - (middle - wrist) * (
            (index - little) @ (middle - wrist) / np.sum((middle - wrist) ** 2)
        )
        arm, across = unit(wrist - elbow), unit(across)
        assert abs(np.degrees(np.arcsin(arm @ across))) < SIDEWAYS + REST
