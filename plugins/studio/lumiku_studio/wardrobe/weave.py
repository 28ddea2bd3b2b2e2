"""Places on cloth: metres around and along each limb, per corner of a triangle."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.shape import Rest
from lumiku_studio.wardrobe.chart import along_limb
from lumiku_studio.wardrobe.folds import APART, RADII

ELBOW = 0.3  # of a forearm, over which its measure passes to the upper arm's
LEVEL = (-0.01, 0.07)  # metres over the shoulder joint from which cloth lies level
NECK, BEYOND = 0.06, 0.05  # metres from the middle, and beyond that joint
SHARE = 0.55  # of the way to the neck that is counted
ARM_UNIT = 0.27  # metres of sleeve that one unit of `arm` spans


def woven(rest: Rest, points: Floats) -> Floats:
    """Places (n x 3 x 2) of resting points on the maps of trunk, arm and leg."""
    hip = rest.head("upperleg01.L")[1]
    out = np.empty((len(points), 3, 2))
    x, y, z = points.T
    front = np.interp(
        y,
        *_sorted([rest.head(b) for b in ("root", "spine03", "spine01", "neck01")]),
    )
    front = 0.5 * front + 0.5 * front.mean()
    out[:, 0, 0] = np.arctan2(x, z - front) * RADII[0]
    out[:, 0, 1] = y - hip + _over_the_shoulder(rest, points)
    for kind, bones in (
        (1, ("upperarm01", "lowerarm01", "wrist")),
        (2, ("upperleg01", "lowerleg01", "foot")),
    ):
        # Points of the very middle belong to the left, as any point must to one.
        for side, sign, mine in (("L", 1.0, x >= 0), ("R", -1.0, x < 0)):
            joints = [rest.head(f"{b}.{side}") for b in bones]
            along, place = along_limb(points[mine], joints)
            away = points[mine] - place
            turn = np.arctan2(away[:, 0], away[:, 1 if kind == 1 else 2])
            if kind == 1:
                turn = np.arctan2(away[:, 2], away[:, 1] + away[:, 0] * sign)
            rows = np.flatnonzero(mine)
            out[rows, kind, 0] = turn * RADII[kind]
            if kind == 1:
                along = _round_the_elbow(points[mine], joints)
            metres = along * ARM_UNIT if kind == 1 else y[mine] - hip
            out[rows, kind, 1] = metres + APART * kind
    return out


def _over_the_shoulder(rest: Rest, points: Floats) -> Floats:
    """Metres that cloth goes on from the sleeve to the neck, where it lies level."""
    joint = rest.head("upperarm01.L")
    level = np.clip((points[:, 1] - joint[1] - LEVEL[0]) / (LEVEL[1] - LEVEL[0]), 0, 1)
    level = level * level * (3 - 2 * level)
    inwards = joint[0] - np.clip(np.abs(points[:, 0]), NECK, joint[0] + BEYOND)
    out: Floats = SHARE * level * inwards
    return out


def _round_the_elbow(points: Floats, joints: list[Floats]) -> Floats:
    """As `along_limb`, but also rising where both bones have their end nearest."""
    upper, lower = joints[1] - joints[0], joints[2] - joints[1]
    first = (points - joints[0]) @ upper / (upper @ upper)
    second = 1 + (points - joints[1]) @ lower / (lower @ lower)
    share = np.clip(((first + second) / 2 - 1) / ELBOW + 0.5, 0, 1)
    out: Floats = first * (1 - share) + second * share
    return out


def _sorted(places: list[Floats]) -> tuple[list[float], list[float]]:
    """Heights and depths of places, from the lowest up."""
    ordered = sorted(places, key=lambda p: float(p[1]))
    return [float(p[1]) for p in ordered], [float(p[2]) for p in ordered]


def corners(places: Floats, limb: Ints, triangles: Ints) -> Floats:
    """Places (t x 3 x 2) of each triangle's corners, all on one map, unrolled."""
    return unrolled(
        places, np.sort(limb[triangles].astype(int), axis=1)[:, 1], triangles
    )


def unrolled(places: Floats, which: Ints, triangles: Ints) -> Floats:
    """The same where it is known `which` map each triangle is on."""
    out: Floats = places[triangles, which[:, None]]
    around = 2 * np.pi * np.array(RADII)[which]
    for k in (1, 2):
        turns = np.round((out[:, k, 0] - out[:, 0, 0]) / around)
        out[:, k, 0] -= turns * around
    return out.astype(np.float32)
