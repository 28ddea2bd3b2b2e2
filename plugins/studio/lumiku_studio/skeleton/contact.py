"""Where the body touches: feet on the floor, hands beside the trunk and not in it."""

from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Leg, Pose
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.mesh import normals, triangles_of
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import about_x, about_y
from lumiku_studio.skeleton.limbs import bend_to, limb
from lumiku_studio.skeleton.rig import Turns, place

SIDES = ("L", "R")
REACH = 0.9985
NEAR = 0.09  # metres within which a surface counts as the one a hand touches
TOLERANCE = 0.002
BENT_SOLE = 1.2  # a sole bent at the ball reaches lower than a flat one
SHOE_LENGTH = 0.6  # length gained at either end per thickness of sole


def stand(rest: Rest, pose: Pose, turns: Turns, sole: float) -> Floats:
    """Set both planted feet on the floor (y = 0) and say where the root then begins.

    Feet keep their place over the floor; the leg that reaches lower carries the
    body, the other bends or stretches to the floor.
    """
    free = place(rest, turns)
    legs = dict(zip(SIDES, (pose.left_leg, pose.right_leg), strict=True))
    planted = [s for s in SIDES if legs[s].planted]
    ankles = {s: _plant_foot(rest, turns, legs[s], s, sole) for s in planted}
    rises, limits = [], []
    for side in planted:
        bones = limb(rest, "leg", side)
        hip, ankle = free.at(bones.names[0]), free.at(bones.names[2])
        root_over_hip = free.heads[0, 1] - hip[1]
        reach = (bones.upper_length + bones.lower_length) * REACH
        aside = np.hypot(*(ankle - hip)[[0, 2]])
        rises.append(ankles[side] + hip[1] - ankle[1] + root_over_hip)
        limits.append(
            ankles[side] + np.sqrt(max(reach**2 - aside**2, 0)) + root_over_hip
        )
    root: Floats = free.heads[0].copy()
    root[1] = min(max(rises), *limits) if planted else rest.height * 0.6
    step = root - free.heads[0]
    for side in planted:
        bones = limb(rest, "leg", side)
        goal = free.at(bones.names[2]) + step
        goal[1] = ankles[side]
        pole = (turns[bones.names[0]] @ bones.upper.T)[:, 2]
        hip = free.at(bones.names[0]) + step
        upper, lower = bend_to(bones, hip, goal, pole, knee=True)
        turns[bones.names[0]] = turns[f"upperleg02.{side}"] = upper @ bones.upper
        turns[bones.names[1]] = turns[f"lowerleg02.{side}"] = lower @ bones.lower
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


@lru_cache(maxsize=1)
def _colliders() -> tuple[dict[str, Mask], dict[str, Mask]]:
    """Per side: the hand's vertices, and those of everything it may not enter."""
    body = template()
    skin = np.zeros(body.count, bool)
    skin[np.unique(body.faces["body"])] = True
    hands, others = {}, {}
    for side in SIDES:
        arm = body.influence(
            "upperarm", "lowerarm", "wrist", "metacarpal", "finger", side=side
        )
        hand = body.influence("lowerarm02", "wrist", "metacarpal", "finger", side=side)
        hands[side] = skin & (hand > 0.6)
        others[side] = skin & (arm < 0.02)
    return hands, others


def depths(points: Floats, side: str) -> tuple[Floats, Floats]:
    """How deep each vertex of a hand lies in the rest of the body, and the way out.

    Depth in metres, positive inside; vertices far from any surface count as outside.
    """
    hands, others = _colliders()
    triangles = triangles_of(template().faces["body"])
    outward = normals(points, triangles)
    others_at = np.flatnonzero(others[side])
    hand = points[hands[side]]
    distance, nearest = cKDTree(points[others_at]).query(hand)
    found = others_at[nearest]
    depth = -((hand - points[found]) * outward[found]).sum(axis=1)
    depth[distance > NEAR] = -1.0
    return depth, outward[found]


def hand_pushes(points: Floats, ease: float) -> dict[str, Floats]:
    """How far each hand must move so that it keeps `ease` metres from the body."""
    pushes: dict[str, Floats] = {}
    for side in SIDES:
        depth, outward = depths(points, side)
        deep = depth + ease
        bad = deep > TOLERANCE
        if bad.any():
            way = (outward[bad] * deep[bad, None]).sum(axis=0)
            length = np.linalg.norm(way)
            pushes[side] = way / max(float(length), 1e-9) * float(deep.max())
    return pushes
