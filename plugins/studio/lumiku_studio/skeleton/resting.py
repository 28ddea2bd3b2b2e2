"""Hands that rest on the body: drawn in until they touch, the palm along the skin."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Anchor, Arm, Hand
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.contact import around, ways_out
from lumiku_studio.skeleton.footing import skin_mask

ON_THE_BODY = frozenset(
    {
        Anchor.HIP, Anchor.BELLY, Anchor.HEART, Anchor.LAP,
        Anchor.THIGH, Anchor.KNEE, Anchor.OPPOSITE_KNEE,
    }
)  # fmt: skip
AT_EASE = frozenset({Hand.RELAXED, Hand.FLAT, Hand.OPEN})
SHUT = frozenset({Hand.FIST, Hand.PINCH, Hand.OK})
CLOSE = 0.12  # metres from an anchor within which a goal means to touch it
FAR = 0.10  # metres from which a hand is drawn in
TOUCHING = 0.004
FACING = 0.5  # how far a palm must face the skin to be laid along it
PATCH = 24  # vertices of the body that a palm lies on


def rests(arm: Arm) -> bool:
    """Whether an arm's goal is that its hand touches the body."""
    reach = arm.reach
    if reach is None or arm.hand not in AT_EASE | SHUT:
        return False
    return reach.to in ON_THE_BODY and float(np.linalg.norm(reach.offset)) < CLOSE


def pulls(points: Floats, ease: Floats, sides: Iterable[str]) -> dict[str, Floats]:
    """How far each hand must move until it touches the body, in metres."""
    out: dict[str, Floats] = {}
    away = ways_out(points)
    for side in sides:
        hand, others = _hand(side), around(side)
        distance, nearest = cKDTree(points[others]).query(
            points[hand], distance_upper_bound=FAR
        )
        near = np.isfinite(distance)
        if not near.any():
            continue
        found = others[nearest[near]]
        height = ((points[hand[near]] - points[found]) * away[found]).sum(axis=1)
        gap = height - ease[found]
        first = int(gap.argmin())
        if gap[first] > TOUCHING:
            out[side] = -away[found[first]] * gap[first]
    return out


def ground(points: Floats, side: str, palm: Floats) -> Floats | None:
    """The way out of the skin below a hand whose palm faces `palm`, or None."""
    others = around(side)
    centre = points[_hand(side)].mean(axis=0)
    distance, nearest = cKDTree(points[others]).query(centre, PATCH)
    below = others[nearest[distance < FAR + CLOSE]]
    if not len(below):
        return None
    out = unit(ways_out(points)[below].sum(axis=0))
    return out if float(-out @ palm) > FACING else None


@lru_cache(maxsize=2)
def _hand(side: str) -> Ints:
    bones = ("wrist", "metacarpal", *(f"finger{number}-1" for number in range(2, 6)))
    own = template().influence(*bones, side=side) > 0.6
    return np.flatnonzero(skin_mask() & own)
