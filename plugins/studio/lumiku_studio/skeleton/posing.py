"""From a `Pose` and a body to placed bones: spine, head, legs on the floor, arms."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Contact, Leg, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import (
    about_x,
    about_y,
    about_z,
)
from lumiku_studio.skeleton import balance, footing, propping, touching
from lumiku_studio.skeleton.anchors import trunk
from lumiku_studio.skeleton.arms import SIDES, Draft
from lumiku_studio.skeleton.contact import EASE
from lumiku_studio.skeleton.limbs import angled, limb, set_leg
from lumiku_studio.skeleton.rig import Placed, Turns, place, skin_body
from lumiku_studio.skeleton.seated import Seat, on_floor, seat

SPINE = (
    ("spine05", 0.15),
    ("spine04", 0.2),
    ("spine03", 0.25),
    ("spine02", 0.25),
    ("spine01", 0.15),
)
NECK = (("neck01", 0.2), ("neck02", 0.2), ("neck03", 0.2), ("head", 0.4))
BALANCE_ROUNDS = 4
BALANCED = 0.002  # metres by which feet need not be moved under the body
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
    shift, ease = np.zeros(3), np.broadcast_to(ease, rest.points.shape[:1])
    for _ in range(BALANCE_ROUNDS):
        draft = _draft(rest, pose, (sole, ease), shift)
        if pose.contact is not Contact.STANDING:
            break
        step = balance.step(draft.placed(), pose, sole)
        if float(np.linalg.norm(step)) < BALANCED:
            break
        shift = shift + step
    touching.touch(draft, ease)
    placed = draft.placed()
    return _sat(Posed(placed, skin_body(placed), ()), pose)


def _sat(posed: Posed, pose: Pose) -> Posed:
    """The same body flat on what it sits or lies on."""
    found = seat(posed.placed, posed.points, pose)
    points = on_floor(posed.points, pose)
    if found is not None:
        points = points.copy()
        points[trunk()] = found.bears(points[trunk()])
    return Posed(posed.placed, points, posed.warnings, found)


def _draft(rest: Rest, pose: Pose, shoes: tuple[float, Floats], shift: Floats) -> Draft:
    turns = _trunk_turns(pose)
    _add_legs(rest, pose, turns)
    root = footing.ground(rest, pose, turns, shoes[0], shift)
    propping.prop(rest, pose, turns, root, shoes)
    body = place(rest, turns, root)
    draft = Draft(rest, pose, turns, root, body, skin_body(body))
    for side, _ in SIDES:
        draft.lead(side)
    placed = draft.placed()
    for side, _ in SIDES:
        draft.wrists[side] = placed.at(f"wrist.{side}")
    return draft


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
