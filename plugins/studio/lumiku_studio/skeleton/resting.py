"""Hands that rest on the body: drawn in until they touch, the palm along the skin."""

from collections.abc import Container, Iterable
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Anchor, Arm, Hand
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.contact import around, ways_out
from lumiku_studio.skeleton.footing import skin_mask

ON_THE_BODY = {
    **dict.fromkeys(
        (
            Anchor.HIP, Anchor.BELLY, Anchor.HEART, Anchor.LAP,
            Anchor.THIGH, Anchor.KNEE, Anchor.OPPOSITE_KNEE,
        ), 0.12,
    ),
    Anchor.OPPOSITE_ELBOW: 0.20,
    Anchor.CHIN: 0.22,
    Anchor.CHEEK: 0.22,
    Anchor.EAR: 0.22,
    Anchor.OPPOSITE_SHOULDER: 0.14,
}  # fmt: skip
"""Where hands rest, and metres of a wrist from there within which its hand means to."""
NOT_AT_EASE = {
    Anchor.CHIN: {Hand.FIST, Hand.FLAT},
    Anchor.CHEEK: {Hand.FIST, Hand.FLAT, Hand.PINCH},
    Anchor.OPPOSITE_ELBOW: {Hand.PINCH, Hand.FLAT},
    Anchor.OPPOSITE_SHOULDER: {Hand.RELAXED},
    Anchor.EAR: {Hand.PINCH},
}
"""Hands that touch what they are led to there; others stay before it."""
AT_EASE = frozenset({Hand.RELAXED, Hand.FLAT, Hand.OPEN})
SHUT = frozenset({Hand.FIST, Hand.PINCH, Hand.OK})
FAR = 0.12  # metres from which a hand is drawn in
TOUCHING = 0.004
FACING = 0.5  # how far a palm must face the skin to be laid along it
PATCH = 0.03  # metres about the nearest skin that a palm lies on
MANY = 160  # vertices looked at


def rests(arm: Arm) -> bool:
    """Whether an arm's goal is that its hand touches the body."""
    reach = arm.reach
    if reach is None or arm.hand not in AT_EASE | SHUT:
        return False
    if reach.to in NOT_AT_EASE and arm.hand not in NOT_AT_EASE[reach.to]:
        return False
    close = ON_THE_BODY.get(reach.to, 0.0)
    return float(np.linalg.norm(reach.offset)) < close


def pulls(
    points: Floats, ease: Floats, sides: Iterable[str], pinching: Container[str] = ()
) -> dict[str, Floats]:
    """How far each hand must move until it touches the body, in metres.

    Hands that are `pinching` touch with the tips of thumb and forefinger.
    """
    out: dict[str, Floats] = {}
    away = ways_out(points)
    for side in sides:
        hand, others = (_tips if side in pinching else _hand)(side), around(side)
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
    distance, nearest = cKDTree(points[others]).query(centre, MANY)
    if distance[0] > 2 * FAR:
        return None
    below = others[nearest[distance < distance[0] + PATCH]]
    out = unit(ways_out(points)[below].sum(axis=0))
    return out if float(-out @ palm) > FACING else None


def on_floor(arm: Arm) -> bool:
    """Whether an arm's hand lies on the floor."""
    return arm.reach is not None and arm.reach.to is Anchor.FLOOR


@lru_cache(maxsize=1)
def both() -> Ints:
    """The skin of both hands."""
    body = template()
    return np.flatnonzero(
        skin_mask() & (body.influence("wrist", "metacarpal", "finger") > 0.5)
    )


@lru_cache(maxsize=2)
def _hand(side: str) -> Ints:
    bones = ("wrist", "metacarpal", *(f"finger{number}-1" for number in range(2, 6)))
    own = template().influence(*bones, side=side) > 0.6
    return np.flatnonzero(skin_mask() & own)


@lru_cache(maxsize=2)
def _tips(side: str) -> Ints:
    own = template().influence("finger1-3", "finger2-3", side=side) > 0.6
    return np.flatnonzero(skin_mask() & own)
