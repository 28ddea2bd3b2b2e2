"""Hands that meet each other before the chest: palms laid together, tips that touch."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Anchor, Arm, Hand
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.rotation import about, unit
from lumiku_studio.skeleton.arms import SIDES, Draft
from lumiku_studio.skeleton.closing import Height, close_on
from lumiku_studio.skeleton.footing import skin_mask
from lumiku_studio.skeleton.hands import SHAPES
from lumiku_studio.skeleton.rig import skin_body

ROUNDS = 6
FACING = -0.8  # how far palms face each other that mean to meet
UPTURNED = 0.6  # how far palms face up that lie side by side
LENGTH = 0.13  # metres from the heel of a hand to its finger tips
MOST = 25.0  # degrees that a palm tilts so that heel and tips meet


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """The plane that two hands meet in; `way` points to the person's left."""

    place: Floats
    way: Floats

    def height(self, sign: float) -> Height:
        """How far points of the hand on one side are from the plane."""
        return lambda points: (points - self.place) @ self.way * sign


def meets(arm: Arm) -> bool:
    """Whether an arm's hand means to meet the other one."""
    reach = arm.reach
    if reach is None or reach.to is not Anchor.CHEST or reach.palm is None:
        return False
    if arm.hand is Hand.FLAT:
        return reach.palm[1] >= UPTURNED
    return arm.hand in {Hand.PRAYER, Hand.OPEN} and reach.palm[0] <= FACING


def meet(draft: Draft) -> None:
    """Bring both hands of a pose together if they mean to meet."""
    arms = (draft.pose.left_arm, draft.pose.right_arm)
    if not all(map(meets, arms)) or arms[0].hand is not arms[1].hand:
        return
    way: Floats = draft.body.turn("spine01")[:, 0]
    plane = Between(draft.body.at("spine01"), way)
    for side, sign in SIDES:
        if arms[0].hand is Hand.FLAT:
            _beside(draft, side, sign, plane)
            continue
        if arms[0].hand is Hand.PRAYER:
            _lay(draft, side, sign, plane)
        close_on(draft, side, SHAPES[arms[0].hand], plane.height(sign))


def _beside(draft: Draft, side: str, sign: float, plane: Between) -> None:
    """Lead an upturned hand to the plane, its edge beside the other's."""
    names = ("wrist", "metacarpal", "finger")
    own = skin_mask() & (template().influence(*names, side=side) > 0.5)
    over = plane.height(sign)(skin_body(draft.placed())[own])
    draft.wrists[side] = draft.wrists[side] - plane.way * sign * over.min()
    draft.lead(side)


def _lay(draft: Draft, side: str, sign: float, plane: Between) -> None:
    """Lay a palm along the plane, so that its heel and its finger tips are in it."""
    heel, tips = (
        np.flatnonzero(skin_mask() & (template().influence(*bones, side=side) > 0.5))
        for bones in (
            ("wrist", "metacarpal", *(f"finger{k}-1" for k in range(1, 6))),
            tuple(f"finger{k}-{n}" for k in (2, 3, 4) for n in (2, 3)),
        )
    )
    over, tilt = plane.height(sign), 0.0
    along = _fingers_way(draft, side, sign)
    for _ in range(ROUNDS):
        draft.grounds[side] = about(unit(np.cross(plane.way, along)), tilt) @ (
            plane.way * sign
        )
        draft.lead(side)
        points = skin_body(draft.placed())
        low, high = (float(over(points[rows]).min()) for rows in (heel, tips))
        tilt += sign * np.degrees(np.arctan2(high - low, LENGTH))
        tilt = float(np.clip(tilt, -MOST, MOST))
        draft.wrists[side] = draft.wrists[side] - plane.way * sign * min(low, high)
    draft.lead(side)


def _fingers_way(draft: Draft, side: str, sign: float) -> Floats:
    reach = draft.arm(side).reach
    asked = (0, 1, 0) if reach is None or reach.fingers is None else reach.fingers
    out: Floats = unit(draft.body.turn("spine01") @ (np.array(asked) * [sign, 1, 1]))
    return out
