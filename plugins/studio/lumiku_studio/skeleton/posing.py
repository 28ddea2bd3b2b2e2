"""From a `Pose` and a body to placed bones: spine, head, legs on the floor, arms."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Arm, Leg, Pose, Reach
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import (
    about_x,
    about_y,
    about_z,
    swing_limited,
    twist_about,
    unit,
)
from lumiku_studio.skeleton import contact
from lumiku_studio.skeleton.anchors import anchor, trunk
from lumiku_studio.skeleton.hands import curl
from lumiku_studio.skeleton.limbs import Limb, angled, bend_to, limb, shared_twist
from lumiku_studio.skeleton.rig import Placed, Turns, place, skin_body

SPINE = (
    ("spine05", 0.15),
    ("spine04", 0.2),
    ("spine03", 0.25),
    ("spine02", 0.25),
    ("spine01", 0.15),
)
NECK = (("neck01", 0.2), ("neck02", 0.2), ("neck03", 0.2), ("head", 0.4))
SIDES = (("L", 1.0), ("R", -1.0))
REFERENCE_HEIGHT = 1.75
WRIST_LIMIT = 75.0
TWIST_LIMIT = 100.0
CLEAR_ROUNDS = 4
REACHING = 35.0  # how far an arm that reaches counts as lifted
DROP = 9.0  # how far the collarbone sinks from its rest when the arm hangs
RHYTHM_START, RHYTHM = 55.0, 0.28  # the collarbone follows an arm lifted beyond this


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """A body in its pose, the floor at y = 0, and what was asked but not reached."""

    placed: Placed
    points: Floats
    """All template vertices."""
    warnings: tuple[str, ...]


def solve(rest: Rest, pose: Pose, *, sole: float = 0.0, ease: float = 0.006) -> Posed:
    """Pose a body whose soles are `sole` metres thick.

    `ease` is how far hands keep from the trunk, in metres.
    """
    turns = _trunk_turns(pose)
    _add_legs(rest, pose, turns)
    root = contact.stand(rest, pose, turns, sole)
    warnings: list[str] = []
    body = place(rest, turns, root)
    surface = skin_body(body)
    wrists: dict[str, Floats] = {}
    for side, sign in SIDES:
        arm = pose.left_arm if side == "L" else pose.right_arm
        _add_arm(body, surface, turns, arm, side, sign, None)
        wrists[side] = place(rest, turns, root).at(f"wrist.{side}")
    for _ in range(CLEAR_ROUNDS):
        pushes = contact.hand_pushes(skin_body(place(rest, turns, root)), ease)
        if not pushes:
            break
        for side, push in pushes.items():
            sign = 1.0 if side == "L" else -1.0
            wrists[side] = wrists[side] + push
            arm = pose.left_arm if side == "L" else pose.right_arm
            _add_arm(body, surface, turns, arm, side, sign, wrists[side])
    placed = place(rest, turns, root)
    return Posed(placed, skin_body(placed), tuple(warnings))


def _trunk_turns(pose: Pose) -> Turns:
    pelvis, torso, head = pose.pelvis, pose.torso, pose.head
    turns = {
        "root": about_y(pelvis.turn) @ about_z(-pelvis.side) @ about_x(pelvis.tilt)
    }
    turned = turns["root"]
    for bone, share in SPINE:
        step = about_y(torso.twist * share) @ about_z(-torso.side * share)
        turned = turned @ step @ about_x(torso.bend * share)
        turns[bone] = turned
    chest = turned
    for bone, share in NECK:
        step = about_y(head.turn * share) @ about_z(-head.tilt * share)
        turned = turned @ step @ about_x(head.nod * share)
        turns[bone] = turned
    for (side, sign), arm in zip(SIDES, (pose.left_arm, pose.right_arm), strict=True):
        raised = max(arm.away, abs(arm.forward))
        if arm.reach is not None:
            raised = REACHING
        lift = arm.shoulder_up + RHYTHM * max(0.0, raised - RHYTHM_START)
        lift -= DROP * max(0.0, 1 - raised / RHYTHM_START)
        turns[f"clavicle.{side}"] = (
            chest @ about_z(sign * lift) @ about_y(-sign * arm.shoulder_forward)
        )
    return turns


def _add_legs(rest: Rest, pose: Pose, turns: Turns) -> None:
    for (side, sign), leg in zip(SIDES, (pose.left_leg, pose.right_leg), strict=True):
        bones = limb(rest, "leg", side)
        base = np.eye(3) if leg.plumb else turns["root"]
        upper, lower = angled(base @ _leg_base(leg, sign), leg.knee)
        set_leg(turns, bones, upper, lower, side)
        turns[f"foot.{side}"] = lower @ about_x(-leg.ankle) @ bones.lower


def _leg_base(leg: Leg, sign: float) -> Floats:
    base: Floats = (
        about_z(sign * leg.away) @ about_x(-leg.forward) @ about_y(sign * leg.rotate)
    )
    return base


def set_leg(turns: Turns, bones: Limb, upper: Floats, lower: Floats, side: str) -> None:
    """Write the turns of thigh and shin from their frames."""
    turns[bones.names[0]] = turns[f"upperleg02.{side}"] = upper @ bones.upper
    turns[bones.names[1]] = turns[f"lowerleg02.{side}"] = lower @ bones.lower


def _add_arm(
    body: Placed,
    surface: Floats,
    turns: Turns,
    arm: Arm,
    side: str,
    sign: float,
    wrist: Floats | None,
) -> None:
    """Write the turns of one arm; `wrist` overrides where its angles or goal lead."""
    bones = limb(body.rest, "arm", side)
    parent = body.turn(f"shoulder01.{side}")
    chest = body.turn("spine01")
    shoulder = body.at(bones.names[0])
    upper, lower = angled(parent @ _arm_base(arm, sign), -arm.elbow)
    pole, goal = -upper[:, 2], wrist
    if arm.reach is not None:
        pole = chest @ (np.array(arm.reach.elbow) * [sign, 1, 1])
        if goal is None:
            goal = _reach_goal(body, surface, arm.reach, side, sign)
    if goal is not None:
        upper, lower = bend_to(bones, shoulder, goal, pole)
    full = upper @ bones.upper
    along = body.rest.head(bones.names[1]) - body.rest.head(bones.names[0])
    turns[bones.names[0]] = shared_twist(parent, along, full, 0.5)
    turns[f"upperarm02.{side}"] = full
    _add_forearm(turns, arm, bones, lower, chest, side, sign)
    curl(body.rest, turns, side, arm.hand)


def _arm_base(arm: Arm, sign: float) -> Floats:
    base: Floats = (
        about_z(sign * arm.away) @ about_x(-arm.forward) @ about_y(sign * arm.rotate)
    )
    return base


def _reach_goal(
    body: Placed, surface: Floats, reach: Reach, side: str, sign: float
) -> Floats:
    scale = body.rest.height / REFERENCE_HEIGHT
    shift = np.array(reach.offset) * [sign, 1, 1] * scale
    start = anchor(reach.to, side, body, surface[trunk()])
    goal: Floats = start + body.turn("spine01") @ shift
    return goal


def _add_forearm(
    turns: Turns,
    arm: Arm,
    bones: Limb,
    lower: Floats,
    chest: Floats,
    side: str,
    sign: float,
) -> None:
    """Spread the hand's twist over the forearm and limit how far the wrist swings."""
    reach = arm.reach
    hand = None
    twist = -sign * arm.pronate
    if reach is not None and reach.fingers is not None and reach.palm is not None:
        hand = _hand_frame(reach.fingers, reach.palm, chest, sign)
        twist = twist_about(lower.T @ hand, np.array([0, 1.0, 0]))
        twist = float(np.clip(twist, -TWIST_LIMIT, TWIST_LIMIT))
    turns[bones.names[1]] = lower @ about_y(twist * 0.4) @ bones.lower
    turns[f"lowerarm02.{side}"] = lower @ about_y(twist * 0.8) @ bones.lower
    twisted = lower @ about_y(twist)
    swing = about_z(-sign * arm.wrist) @ about_x(-arm.deviate)
    if hand is not None:
        swing = twisted.T @ hand
    turns[bones.names[2]] = twisted @ swing_limited(swing, WRIST_LIMIT) @ bones.lower


def _hand_frame(
    fingers: tuple[float, float, float],
    palm: tuple[float, float, float],
    chest: Floats,
    sign: float,
) -> Floats:
    """A hand's frame from the ways of fingers and palm in the chest's frame."""
    along = chest @ unit(np.array(fingers, float) * [sign, 1, 1])
    face = chest @ (np.array(palm, float) * [sign, 1, 1])
    face = unit(face - (face @ along) * along)
    # A hand that hangs down has its fingers along -y and its palm towards the body.
    hanging = np.stack(
        [[0, -1, 0], [-sign, 0, 0], np.cross([0, -1, 0], [-sign, 0, 0])], 1
    )
    frame: Floats = np.stack([along, face, np.cross(along, face)], axis=1) @ hanging.T
    return frame
