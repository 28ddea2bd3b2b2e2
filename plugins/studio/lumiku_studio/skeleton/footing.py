"""The body on the floor: standing feet, laid legs, and what else bears it."""

from functools import lru_cache

import numpy as np

from lumiku_contracts.scene import Contact, Leg, Pose
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.mesh import normals, triangles_of
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import about, about_x, about_y, unit
from lumiku_studio.skeleton.limbs import bend_to, limb, set_leg
from lumiku_studio.skeleton.rig import Placed, Turns, place, skin

SIDES = ("L", "R")
REFERENCE_HEIGHT = 1.75
REACH = 0.9985
BENT_SOLE = 1.2  # a sole bent at the ball reaches lower than a flat one
SHOE_LENGTH = 0.6  # length gained at either end per thickness of sole
EASE = 0.004  # metres between the floor and skin that lies on it: room for cloth
LAID_SWING = 50.0
KNEEL_SWING = 45.0
HALF = 0.5
TREAD = 0.02  # metres over the foot's lowest point that its sole reaches
UPPER = 0.003  # metres of a shoe about the rest of a foot
FREE = 0.05  # influence below which a part does not move a vertex
SHOD = 0.4  # influence of the foot's bones from which a vertex stands on the sole
ARM = ("upperarm", "lowerarm", "wrist", "metacarpal", "finger")
LOWER_LEG = ("lowerleg", "foot", "toe")
ON_THE_BODY = frozenset(
    {Contact.FLOOR, Contact.KNEELING, Contact.BRACED, Contact.LYING}
)
ON_FLESH = {Contact.FLOOR: 0.032, Contact.LYING: 0.016}
"""Metres that flesh gives way to the floor: buttocks more than a back or a side."""


@lru_cache(maxsize=1)
def skin_mask() -> Mask:
    """Which template vertices are skin."""
    body = template()
    mask = np.zeros(body.count, bool)
    mask[np.unique(body.faces["body"])] = True
    return mask


def ground(rest: Rest, pose: Pose, turns: Turns, sole: float, shift: Floats) -> Floats:
    """Bring the body to the floor (y = 0) and say where its root then begins.

    `turns` are mended in place: planted feet keep their place over the floor, moved by
    `shift`, and their legs bend or stretch to it; laid legs sink to it.
    """
    planted = [s for s in SIDES if leg_of(pose, s).planted]
    if pose.contact in ON_THE_BODY:
        planted = [s for s in planted if not leg_of(pose, s).laid]
        for side in SIDES:
            if kneels(pose, side):
                _kneel(rest, turns, leg_of(pose, side), side, sole)
        root = _settle(rest, pose, turns, sole, planted)
        for side in SIDES:
            if leg_of(pose, side).laid:
                _lay(rest, turns, root, side, sole)
        return _plant(rest, pose, turns, sole, planted, shift, root)
    if pose.contact is Contact.JUMPING or not planted:
        return _settle(rest, pose, turns, sole, [])
    return _plant(rest, pose, turns, sole, planted, shift, None)


def kneels(pose: Pose, side: str) -> bool:
    """Whether a body kneels on the knee of a side."""
    leg = leg_of(pose, side)
    return pose.contact is Contact.KNEELING and not (leg.planted or leg.laid)


def leg_of(pose: Pose, side: str) -> Leg:
    """The leg of a side."""
    return pose.left_leg if side == "L" else pose.right_leg


def under(rest: Rest, sole: float) -> Floats:
    """The body's rest points, those of the feet lowered to the soles of shoes."""
    feet = np.clip(template().influence("foot", "toe"), 0, 1)
    points = rest.points.copy()
    points[:, 1] -= sole * (feet > SHOD)
    return points


def shod(rest: Rest, sole: float) -> Floats:
    """As `under`, and the foot's other sides where a shoe's upper is about them."""
    points = under(rest, sole)
    if sole:
        upper = np.clip(template().influence("foot", "toe"), 0, 1) > SHOD
        upper &= skin_mask() & (rest.points[:, 1] > rest.floor + TREAD)
        outward = normals(rest.points, triangles_of(template().faces["body"]))
        points[upper] = rest.points[upper] + outward[upper] * UPPER
    return points


def soles(placed: Placed, side: str, sole: float) -> Floats:
    """The places in the room of a foot's vertices, lowered to the sole of its shoe."""
    foot = _part(f"foot.{side}") | _toes(side)
    return skin(placed, under(placed.rest, sole)[foot], template().weights[foot])


@lru_cache(maxsize=2)
def _toes(side: str) -> Mask:
    mask: Mask = skin_mask() & (template().influence("toe", side=side) > SHOD)
    return mask


def _settle(
    rest: Rest, pose: Pose, turns: Turns, sole: float, planted: list[str]
) -> Floats:
    """The root's place where the lowest part that bears the body is on its ground."""
    free, bearing = place(rest, turns), _bearing(pose, planted)
    height = skin(free, shod(rest, sole), template().weights)[:, 1]
    height = height + ON_FLESH.get(pose.contact, 0.0) * flesh()
    lift = EASE
    if pose.contact in {Contact.JUMPING, Contact.SEATED}:
        lift = pose.lift * rest.height / REFERENCE_HEIGHT
    root: Floats = free.heads[0].copy()
    root[1] += lift - float(height[bearing].min())
    return root


@lru_cache(maxsize=1)
def flesh() -> Mask:
    """The skin of trunk and thighs, which is pressed flat where it lies."""
    limbs = template().influence("head", *ARM, *LOWER_LEG)
    mask: Mask = skin_mask() & (limbs < HALF)
    return mask


def _bearing(pose: Pose, planted: list[str]) -> Mask:
    """Which vertices may bear the body: not arms, not legs that stand or are laid."""
    body = template()
    mask: Mask = skin_mask().copy()
    mask &= body.influence(*ARM) < FREE
    for side in SIDES:
        if pose.contact is Contact.SEATED:
            mask &= body.influence("lowerleg", "foot", "toe", side=side) < FREE
        elif side in planted or leg_of(pose, side).laid:
            mask &= body.influence("upperleg02", *LOWER_LEG, side=side) < FREE
    return mask


def _lay(rest: Rest, turns: Turns, root: Floats, side: str, sole: float) -> None:
    """Swing a leg at the hip, as it is, until its lowest point is on the floor."""
    placed = place(rest, turns, root)
    leg = skin_mask() & (template().influence(*LOWER_LEG, side=side) > 0.5)
    hip, foot = placed.at(f"upperleg01.{side}"), placed.at(f"foot.{side}")
    points = skin(placed, shod(rest, sole), template().weights)[leg] - hip
    out = points.mean(axis=0) * [1, 0, 1] + (foot - hip) * [1, 0, 1]
    axis = unit(np.cross([0, 1.0, 0], out))
    low, high = -LAID_SWING, LAID_SWING
    for _ in range(24):
        middle = (low + high) / 2
        sunk = hip[1] + float((points @ about(axis, middle)[1]).min()) < EASE
        low, high = (low, middle) if sunk else (middle, high)
    _swing(turns, side, about(axis, (low + high) / 2))


def _kneel(rest: Rest, turns: Turns, leg: Leg, side: str, sole: float) -> None:
    """Swing a leg at the hip, as it is, until knee and toes are equally low.

    The foot of a raised heel stands on its toes meanwhile.
    """
    rises = _plant_foot(rest, turns, leg, side, sole) if leg.toe > 0 else None
    placed, body = place(rest, turns), template()
    lower = skin_mask() & (body.influence("upperleg02", *LOWER_LEG, side=side) > HALF)
    points = skin(placed, shod(rest, sole), body.weights)[lower]
    hip, ankle = placed.at(f"upperleg01.{side}"), placed.at(f"foot.{side}")
    foot = (body.influence("foot", "toe", side=side) > HALF)[lower]
    axis = (turns[f"upperleg01.{side}"] @ limb(rest, "leg", side).upper.T)[:, 0]
    low, high = -KNEEL_SWING, KNEEL_SWING
    for _ in range(24):
        middle = (low + high) / 2
        turned = about(axis, middle)[1]
        height = (points - hip) @ turned
        toes = float(height[foot].min())
        if rises is not None:
            toes = float((ankle - hip) @ turned) - rises
        low, high = (
            (middle, high) if toes < float(height[~foot].min()) else (low, middle)
        )
    _swing(turns, side, about(axis, (low + high) / 2), foot=rises is None)


def _swing(turns: Turns, side: str, swing: Floats, *, foot: bool = True) -> None:
    bones = ("upperleg01", "upperleg02", "lowerleg01", "lowerleg02", "foot")
    for bone in bones if foot else bones[:-1]:
        name = f"{bone}.{side}"
        turns[name] = swing @ turns[name]


def _plant(
    rest: Rest,
    pose: Pose,
    turns: Turns,
    sole: float,
    planted: list[str],
    shift: Floats,
    settled: Floats | None,
) -> Floats:
    """Set planted feet on the floor; without `settled` they carry the body.

    Then the leg that reaches lower carries it, and the other gives way.
    """
    free = place(rest, turns)
    legs = {side: leg_of(pose, side) for side in planted}
    ankles = {s: _plant_foot(rest, turns, legs[s], s, sole) for s in planted}
    rises, limits = [], []
    for side in planted:
        bones = limb(rest, "leg", side)
        hip, ankle = free.at(bones.names[0]), free.at(bones.names[2])
        root_over_hip = free.heads[0, 1] - hip[1]
        reach = (bones.upper_length + bones.lower_length) * REACH
        aside = np.hypot(*(ankle + shift - hip)[[0, 2]])
        rises.append(ankles[side] + hip[1] - ankle[1] + root_over_hip)
        limits.append(
            ankles[side] + np.sqrt(max(reach**2 - aside**2, 0)) + root_over_hip
        )
    root: Floats = free.heads[0].copy()
    if settled is None:
        root[1] = min(max(rises), *limits)
    else:
        root = settled
    step = root - free.heads[0]
    for side in planted:
        bones = limb(rest, "leg", side)
        goal = free.at(bones.names[2]) + step + shift
        goal[1] = ankles[side]
        pole = (turns[bones.names[0]] @ bones.upper.T)[:, 2]
        hip = free.at(bones.names[0]) + step
        upper, lower = bend_to(bones, hip, goal, pole, knee=True)
        set_leg(turns, bones, upper, lower, side)
    return root


def _plant_foot(rest: Rest, turns: Turns, leg: Leg, side: str, sole: float) -> float:
    """Turn a foot to the floor and return its ankle's height over its lowest point."""
    hinge = (turns[f"upperleg01.{side}"] @ limb(rest, "leg", side).upper.T)[:, 0]
    flat = about_y(float(np.degrees(np.arctan2(-hinge[2], hinge[0]))))
    turned = flat @ about_x(leg.toe if leg.toe > 0 else -leg.ankle)
    turns[f"foot.{side}"] = turned
    ankle = rest.head(f"foot.{side}")
    foot = rest.points[_part(f"foot.{side}")] - ankle
    # The shoe's heel and toe stand out a little beyond the foot's.
    longer = np.sign(foot[:, 2]) * sole * SHOE_LENGTH
    under = foot + np.stack([0 * longer, 0 * longer - sole, longer], axis=1)
    lowest = float((under @ turned.T)[:, 1].min())
    if leg.toe > 0:
        for bone in template().bones:
            if bone.startswith("toe") and bone.endswith(side):
                turns[bone] = flat
        ball = _ball(rest, side)
        lowest = (
            float((turned @ (ball - ankle))[1] - (ball[1] - rest.floor))
            - sole * BENT_SOLE
        )
    return -lowest


def _ball(rest: Rest, side: str) -> Floats:
    heads = [rest.head(f"toe{k}-1.{side}") for k in (1, 2, 3)]
    out: Floats = np.mean(heads, axis=0)
    return out


@lru_cache(maxsize=16)
def _part(bone: str) -> Mask:
    mask: Mask = template().influence(bone) > 0.4
    mask[template().faces["body"].max() + 1 :] = False
    return mask
