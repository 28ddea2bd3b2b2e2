"""Forearms and hands: where an arm is led, and how its hand is turned there."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Anchor, Arm
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import (
    about_x,
    about_y,
    about_z,
    swing_limited,
    twist_about,
    unit,
)
from lumiku_studio.skeleton.limbs import Limb
from lumiku_studio.skeleton.rig import Turns

WRIST_LIMIT = 70.0
HOLDING = 75.0
SIDEWAYS = 32.0  # how far a wrist goes towards the thumb or the little finger
BORNE = 88.0  # how far a wrist goes that bears the body on the floor
TWIST_LIMIT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """Where an arm is led; `wrist` overrides where its angles or goal lead."""

    arm: Arm
    side: str
    sign: float
    heading: Floats
    """The frame of goals on the floor."""
    wrist: Floats | None
    ground: Floats | None = None
    """The way out of what the hand lies on."""
    holds: bool = False
    """Whether a thing is in the hand: its wrist goes as far as the thing asks."""

    def frame(self, chest: Floats) -> Floats:
        """The frame of the goal's directions."""
        return self.heading if self.on_floor else chest

    @property
    def on_floor(self) -> bool:
        """Whether the hand lies on the floor."""
        reach = self.arm.reach
        return reach is not None and reach.to is Anchor.FLOOR


def add_forearm(
    turns: Turns, bones: Limb, lower: Floats, chest: Floats, lead: Lead
) -> None:
    """Spread the hand's twist over the forearm and limit how far the wrist swings."""
    arm, side, sign = lead.arm, lead.side, lead.sign
    reach = arm.reach
    hand = None
    twist = -sign * arm.pronate
    if reach is not None and reach.fingers is not None and reach.palm is not None:
        along = chest @ unit(np.array(reach.fingers, float) * [sign, 1, 1])
        face = chest @ (np.array(reach.palm, float) * [sign, 1, 1])
        if lead.ground is not None:
            face = -lead.ground
            along = unit(along - (along @ face) * face)
        hand = _hand_frame(along, face, sign)
        twist = twist_about(lower.T @ hand, np.array([0, 1.0, 0]))
        twist = float(np.clip(twist, -TWIST_LIMIT, TWIST_LIMIT))
    turns[bones.names[1]] = lower @ about_y(twist * 0.4) @ bones.lower
    turns[f"lowerarm02.{side}"] = lower @ about_y(twist * 0.8) @ bones.lower
    twisted = lower @ about_y(twist)
    swing = about_z(-sign * arm.wrist) @ about_x(-arm.deviate)
    if hand is not None:
        swing = twisted.T @ hand
    turns[bones.names[2]] = twisted @ _held(swing, lead) @ bones.lower


def _held(swing: Floats, lead: Lead) -> Floats:
    """A wrist's swing within what a wrist can: far to and fro, little sideways."""
    if lead.on_floor:
        return swing_limited(swing, BORNE)
    if lead.holds:
        return swing_limited(swing, HOLDING)
    skew = swing - swing.T
    sideways, fore = float(skew[2, 1]), float(skew[1, 0])
    size = float(np.hypot(sideways, fore))
    if not size:
        return swing
    limit = size / float(np.hypot(sideways / SIDEWAYS, fore / WRIST_LIMIT))
    return swing_limited(swing, limit)


def _hand_frame(along: Floats, palm: Floats, sign: float) -> Floats:
    """A hand's frame from the ways of its fingers and its palm in the room."""
    face = unit(palm - (palm @ along) * along)
    # A hand that hangs down has its fingers along -y and its palm towards the body.
    hanging = np.stack(
        [[0, -1, 0], [-sign, 0, 0], np.cross([0, -1, 0], [-sign, 0, 0])], 1
    )
    frame: Floats = np.stack([along, face, np.cross(along, face)], axis=1) @ hanging.T
    return frame
