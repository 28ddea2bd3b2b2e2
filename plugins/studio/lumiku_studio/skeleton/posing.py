"""From a `Pose` and a body to placed bones: spine, head, legs on the floor, arms."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Anchor, Arm, Contact, Hand, Leg, Pose, Reach
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import (
    about_x,
    about_y,
    about_z,
    unit,
)
from lumiku_studio.skeleton import balance, contact, footing, resting
from lumiku_studio.skeleton.anchors import anchor, trunk
from lumiku_studio.skeleton.forearm import Lead, add_forearm
from lumiku_studio.skeleton.hands import BEARING, LAID, SHAPES, curl
from lumiku_studio.skeleton.limbs import Limb, angled, bend_to, limb, shared_twist
from lumiku_studio.skeleton.rig import Placed, Turns, place, skin_body
from lumiku_studio.skeleton.seated import Seat, seat

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
EASE = 0.006  # metres that hands keep from the skin
CLEAR_ROUNDS = 8
DRAWN_ROUNDS = 5  # of them those in which hands may be drawn in, too
BALANCE_ROUNDS = 4
BALANCED = 0.002  # metres by which feet need not be moved under the body
WRIST_HIGH = 0.035  # metres of a wrist over the floor that its hand lies on
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
    seat: Seat | None = None
    """What the body sits on."""


def solve(
    rest: Rest, pose: Pose, *, sole: float = 0.0, ease: Floats | float = EASE
) -> Posed:
    """Pose a body whose soles are `sole` metres thick.

    `ease` is how far hands keep from the body, in metres: of all of it, or of each
    vertex of the template, as what is worn there asks.
    """
    shift = np.zeros(3)
    for _ in range(BALANCE_ROUNDS):
        draft = _draft(rest, pose, sole, shift)
        if pose.contact is not Contact.STANDING:
            break
        step = balance.step(draft.placed(), pose, sole)
        if float(np.linalg.norm(step)) < BALANCED:
            break
        shift = shift + step
    return _sat(
        _cleared(draft, pose, np.broadcast_to(ease, rest.points.shape[:1])), pose
    )


def _sat(posed: Posed, pose: Pose) -> Posed:
    """The same body flat on its seat, if it has one."""
    found = seat(posed.placed, posed.points, pose)
    if found is None:
        return posed
    points = posed.points.copy()
    points[trunk()] = found.bears(points[trunk()])
    return Posed(posed.placed, points, posed.warnings, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A pose before hands are cleared: its parts, changed as arms are led anew."""

    rest: Rest
    turns: Turns
    root: Floats
    body: Placed
    """Without arms."""
    surface: Floats
    wrists: dict[str, Floats]
    grounds: dict[str, Floats]
    """The way out of what a resting hand lies on."""

    def placed(self) -> Placed:
        return place(self.rest, self.turns, self.root)

    def lead(self, pose: Pose, side: str, wrist: Floats | None) -> None:
        arm = pose.left_arm if side == "L" else pose.right_arm
        sign = 1.0 if side == "L" else -1.0
        heading = about_y(pose.pelvis.turn)
        goal = Lead(arm, side, sign, heading, wrist, self.grounds.get(side))
        _add_arm(self.body, self.surface, self.turns, goal)


def _draft(rest: Rest, pose: Pose, sole: float, shift: Floats) -> _Draft:
    turns = _trunk_turns(pose)
    _add_legs(rest, pose, turns)
    root = footing.ground(rest, pose, turns, sole, shift)
    body = place(rest, turns, root)
    draft = _Draft(rest, turns, root, body, skin_body(body), {}, {})
    for side, _ in SIDES:
        draft.lead(pose, side, None)
    placed = draft.placed()
    for side, _ in SIDES:
        draft.wrists[side] = placed.at(f"wrist.{side}")
    return draft


def _cleared(draft: _Draft, pose: Pose, ease: Floats) -> Posed:
    """Lead hands out of the body and onto the floor where they reach for it."""
    arms = {"L": pose.left_arm, "R": pose.right_arm}
    lying = {
        side for side, arm in arms.items() if arm.reach and arm.reach.to is Anchor.FLOOR
    }
    at_rest = {side for side, arm in arms.items() if resting.rests(arm)}
    _lay(draft, pose, at_rest)
    for number in range(CLEAR_ROUNDS):
        points = skin_body(draft.placed())
        pushes = contact.hand_pushes(points, ease)
        for side, push in contact.floor_pushes(points, lying).items():
            pushes[side] = pushes.get(side, 0) + push
        if number < DRAWN_ROUNDS:
            pushes |= resting.pulls(points, ease, at_rest - pushes.keys())
        if not pushes:
            return Posed(draft.placed(), points, ())
        for side, push in pushes.items():
            draft.wrists[side] = draft.wrists[side] + push
            draft.lead(pose, side, draft.wrists[side])
    placed = draft.placed()
    return Posed(placed, skin_body(placed), ())


def _lay(draft: _Draft, pose: Pose, sides: set[str]) -> None:
    """Turn hands at rest so that their palms lie along what is below them."""
    placed = draft.placed()
    points = skin_body(placed)
    for side, sign in SIDES:
        arm = pose.left_arm if side == "L" else pose.right_arm
        if side not in sides or arm.hand not in resting.AT_EASE:
            continue
        palm = placed.turn(f"wrist.{side}") @ _palm(placed.rest, side, sign)
        ground = resting.ground(points, side, palm)
        if ground is not None:
            draft.grounds[side] = ground
            draft.lead(pose, side, draft.wrists[side])


def _palm(rest: Rest, side: str, sign: float) -> Floats:
    """The way that a palm faces at rest."""
    wrist, index, little = (
        rest.head(f"{bone}.{side}") for bone in ("wrist", "finger2-1", "finger5-1")
    )
    out: Floats = unit(np.cross((index + little) / 2 - wrist, index - little)) * sign
    return out


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
        turns[f"clavicle.{side}"] = (
            chest
            @ collarbone(raised, sign, arm.shoulder_up)
            @ about_y(-sign * arm.shoulder_forward)
        )
    look = turned @ about_y(pose.gaze.turn) @ about_x(-pose.gaze.lift)
    turns["eye.L"] = turns["eye.R"] = look
    return turns


def collarbone(raised: float, sign: float, shoulder_up: float = 0) -> Floats:
    """How a collarbone turns in the chest when its arm is raised by some degrees."""
    lift = shoulder_up + RHYTHM * max(0.0, raised - RHYTHM_START)
    lift -= DROP * max(0.0, 1 - raised / RHYTHM_START)
    return about_z(sign * lift)


def _add_legs(rest: Rest, pose: Pose, turns: Turns) -> None:
    for (side, sign), leg in zip(SIDES, (pose.left_leg, pose.right_leg), strict=True):
        bones = limb(rest, "leg", side)
        base = np.eye(3) if leg.plumb else turns["root"]
        upper, lower = angled(base @ _leg_base(leg, sign), leg.knee)
        set_leg(turns, bones, upper, lower, side)
        turns[f"foot.{side}"] = lower @ about_x(-leg.ankle) @ bones.lower


def _leg_base(leg: Leg, sign: float) -> Floats:
    # Spread within the plane that is swung forwards: a seated thigh spreads, too.
    base: Floats = (
        about_x(-leg.forward) @ about_z(sign * leg.away) @ about_y(sign * leg.rotate)
    )
    return base


def set_leg(turns: Turns, bones: Limb, upper: Floats, lower: Floats, side: str) -> None:
    """Write the turns of thigh and shin from their frames."""
    turns[bones.names[0]] = turns[f"upperleg02.{side}"] = upper @ bones.upper
    turns[bones.names[1]] = turns[f"lowerleg02.{side}"] = lower @ bones.lower


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
    laid = lead.ground is not None or (lead.on_floor and arm.hand in resting.AT_EASE)
    shape = LAID if laid else SHAPES[arm.hand]
    if lead.on_floor and arm.hand is Hand.FLAT:
        shape = BEARING
    curl(body.rest, turns, side, shape)


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
