"""Arms: a draft of a pose whose arms are led anew until their hands touch."""

from dataclasses import dataclass, field

import numpy as np

from lumiku_contracts.scene import (
    Anchor,
    Arm,
    Hand,
    Held,
    Hold,
    Pose,
    Prop,
    Reach,
)
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import about_x, about_y, about_z
from lumiku_studio.skeleton.anchors import anchor, trunk
from lumiku_studio.skeleton.forearm import Lead, add_forearm
from lumiku_studio.skeleton.hands import BEARING, LAID, SHAPES, Fingers, curl
from lumiku_studio.skeleton.limbs import angled, bend_to, limb, shared_twist
from lumiku_studio.skeleton.resting import AT_EASE
from lumiku_studio.skeleton.rig import Placed, Turns, place

SIDES = (("L", 1.0), ("R", -1.0))
REFERENCE_HEIGHT = 1.75
STANDS = frozenset(
    {Prop.CHAIR, Prop.STOOL, Prop.DESK, Prop.WALL, Prop.POSTER, Prop.STANDEE}
)
"""Things that no hand holds."""
WRIST_HIGH = 0.035  # metres of a wrist over the floor that its hand lies on


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A pose whose hands are not yet where they touch; changed as arms are led anew."""

    rest: Rest
    pose: Pose
    turns: Turns
    root: Floats
    body: Placed
    """Without arms."""
    surface: Floats
    wrists: dict[str, Floats] = field(default_factory=dict)
    grounds: dict[str, Floats] = field(default_factory=dict)
    """The way out of what a hand lies on."""
    shapes: dict[str, Fingers] = field(default_factory=dict)
    """Fingers that have closed on something."""

    def placed(self) -> Placed:
        """All bones, arms as they are led now."""
        return place(self.rest, self.turns, self.root)

    def arm(self, side: str) -> Arm:
        """What the pose asks of an arm."""
        return self.pose.left_arm if side == "L" else self.pose.right_arm

    def lead(self, side: str) -> None:
        """Turn an arm's bones to where its wrist, ground and fingers are now."""
        sign = 1.0 if side == "L" else -1.0
        heading = about_y(self.pose.pelvis.turn)
        wrist, ground = self.wrists.get(side), self.grounds.get(side)
        holds = held_by(self.pose, side)
        goal = Lead(self.arm(side), side, sign, heading, wrist, ground, holds)
        _add_arm(self.body, self.surface, self.turns, goal)
        curl(self.rest, self.turns, side, self.fingers(side))

    def fingers(self, side: str) -> Fingers:
        """How a hand's fingers are bent."""
        arm = self.arm(side)
        if side in self.shapes:
            return self.shapes[side]
        on_floor = arm.reach is not None and arm.reach.to is Anchor.FLOOR
        if on_floor and arm.hand is Hand.FLAT:
            return BEARING
        if on_floor and arm.hand in AT_EASE:
            return LAID
        laid = side in self.grounds and arm.hand in AT_EASE
        return LAID if laid else SHAPES[arm.hand]


def held_by(pose: Pose, side: str) -> bool:
    """Whether a hand holds a thing of its pose."""
    own = Hold.LEFT if side == "L" else Hold.RIGHT
    return any(
        prop.hold in {own, Hold.BOTH} if isinstance(prop, Held) else prop not in STANDS
        for prop in pose.props
    )


def _add_arm(body: Placed, surface: Floats, turns: Turns, lead: Lead) -> None:
    """Write the turns of one arm."""
    arm, side, sign = lead.arm, lead.side, lead.sign
    bones = limb(body.rest, "arm", side)
    parent = body.turn(f"shoulder01.{side}")
    frame = lead.frame(body.turn("spine01"))
    shoulder = body.at(bones.names[0])
    upper, lower = angled(parent @ _arm_base(arm, sign), -arm.elbow)
    pole, goal = -upper[:, 2], lead.wrist
    if arm.reach is not None:
        pole = frame @ (np.array(arm.reach.elbow) * [sign, 1, 1])
        if goal is None:
            goal = _reach_goal(body, surface, arm.reach, lead, frame)
    if goal is not None:
        upper, lower = bend_to(bones, shoulder, goal, pole)
    full = upper @ bones.upper
    along = body.rest.head(bones.names[1]) - body.rest.head(bones.names[0])
    turns[bones.names[0]] = shared_twist(parent, along, full, 0.5)
    turns[f"upperarm02.{side}"] = full
    add_forearm(turns, bones, lower, frame, lead)


def _arm_base(arm: Arm, sign: float) -> Floats:
    base: Floats = (
        about_z(sign * arm.away) @ about_x(-arm.forward) @ about_y(sign * arm.rotate)
    )
    return base


def _reach_goal(
    body: Placed, surface: Floats, reach: Reach, lead: Lead, frame: Floats
) -> Floats:
    scale = body.rest.height / REFERENCE_HEIGHT
    shift = np.array(reach.offset) * [lead.sign, 1, 1] * scale
    start = anchor(reach.to, lead.side, body, surface[trunk()])
    goal: Floats = start + frame @ shift
    if reach.to is Anchor.FLOOR:
        goal[1] = WRIST_HIGH * scale
    return goal
