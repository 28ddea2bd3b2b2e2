"""Where on the resting body a point is, in the terms a tailor cuts by."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit

ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "shoulder01")
ARMHOLE = 0.10  # chart `arm` at which sleeves are set in
MOVED = 0.35  # share of an arm in what moves a point, from which it is the arm's
BELOW = 0.22  # chart `leg` below which legs part
THIGH = 0.40  # metres that one unit of `leg` spans above the hip joint


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Coordinates of n points.

    `arm`: 0 shoulder, 1 elbow, 2 wrist; `leg`: 0 hip, 1 knee, 2 ankle, negative above;
    `neck`: metres from the neck's root; `axis`, `out`, `turn`: the nearest point on the
    limb's or trunk's axis, the unit way out from it, and the angle around it.
    """

    arm: Floats
    leg: Floats
    neck: Floats
    points: Floats
    axis: Floats
    out: Floats
    turn: Floats
    limb: Floats
    """0 on the trunk, 1 on arms, 2 on legs below the crotch."""


def chart(rest: Rest, points: Floats, arm_share: dict[str, Floats]) -> Chart:
    """Chart points (n x 3) of which shares belong to each side's arm."""
    arm = np.zeros(len(points))
    axis = _spine(rest, points)
    limb = np.zeros(len(points))
    leg = _along_leg(rest, points[:, 1])
    for side, sign in (("L", 1.0), ("R", -1.0)):
        joints = [
            rest.head(f"{b}.{side}") for b in ("upperarm01", "lowerarm01", "wrist")
        ]
        mine = np.flatnonzero(arm_share[side] > MOVED)
        along, axis[mine] = along_limb(points[mine], joints)
        arm[mine], limb[mine] = np.maximum(along, 0), 1
        joints = [
            rest.head(f"{b}.{side}") for b in ("upperleg01", "lowerleg01", "foot")
        ]
        mine = np.flatnonzero((leg > BELOW) & (points[:, 0] * sign > 0) & (limb == 0))
        _, axis[mine] = along_limb(points[mine], joints)
        limb[mine] = 2
    root = rest.head("neck01") + np.array([0, 0.035, 0.03])
    neck = np.linalg.norm((points - root) / [1, 1.15, 1], axis=1)
    out = points - axis
    out[limb != 1, 1] = 0
    out = unit(out)
    turn = np.arctan2(out[:, 0], np.where(limb == 1, out[:, 1], out[:, 2]))
    return Chart(arm, leg, neck, points, axis, out, turn, limb)


def _along_leg(rest: Rest, y: Floats) -> Floats:
    """The chart's `leg` at heights."""
    hip, knee, ankle = (
        rest.head(f"{bone}.L")[1] for bone in ("upperleg01", "lowerleg01", "foot")
    )
    leg = np.interp(-y, [-hip, -knee, -ankle], [0, 1, 2])
    leg[y > hip] = -(y[y > hip] - hip) / THIGH
    below = y < ankle
    leg[below] = 2 + (ankle - y[below]) / THIGH
    return leg


def legs(rest: Rest, points: Floats, arm_share: dict[str, Floats]) -> Mask:
    """Which points the chart has on legs."""
    arms = np.maximum(*arm_share.values()) > MOVED
    low = _along_leg(rest, points[:, 1]) > BELOW
    out: Mask = low & ~arms & (points[:, 0] != 0)
    return out


def armholes(rest: Rest, points: Floats, arm_share: dict[str, Floats]) -> Floats:
    """A smooth field over points: positive on sleeves, zero where they are set in."""
    sleeved = np.full(len(points), -1.0)
    for side in "LR":
        joints = [
            rest.head(f"{b}.{side}") for b in ("upperarm01", "lowerarm01", "wrist")
        ]
        along, _ = along_limb(points, joints)
        mine = np.minimum(along - ARMHOLE, arm_share[side] - MOVED)
        sleeved = np.maximum(sleeved, mine)
    return sleeved


def arm_shares(operator: Floats) -> dict[str, Floats]:
    """How much each side's arm moves the points that `operator` makes."""
    body = template()
    return {side: operator @ body.influence(*ARM_BONES, side=side) for side in "LR"}


def _spine(rest: Rest, points: Floats) -> Floats:
    bones = [rest.head(b) for b in ("neck01", "spine01", "spine03", "spine05", "root")]
    bones.sort(key=lambda p: float(p[1]))
    height = [p[1] for p in bones]
    depth = np.interp(points[:, 1], height, [p[2] for p in bones])
    front = 0.5 * depth + 0.5 * depth.mean()
    return np.stack([np.zeros(len(points)), points[:, 1], front], axis=1)


def along_limb(points: Floats, joints: list[Floats]) -> tuple[Floats, Floats]:
    """The place along a line of joints (0, 1, 2 at the joints) and the point there."""
    shares, distances = [], []
    for k in range(len(joints) - 1):
        way, away = joints[k + 1] - joints[k], points - joints[k]
        ahead, square = away @ way, way @ way
        share = np.clip(ahead / square, 0 if k else -1, 1 if k < len(joints) - 2 else 2)
        shares.append(share)
        off = share * (square * share - 2 * ahead)
        distances.append(np.einsum("ij,ij->i", away, away) + off)
    nearest = np.argmin(distances, axis=0)
    share = np.choose(nearest, shares)
    starts = np.array(joints[:-1])
    ways = np.array(joints[1:]) - starts
    place = starts[nearest] + share[:, None] * ways[nearest]
    return nearest + share, place
