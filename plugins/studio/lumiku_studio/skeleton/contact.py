"""Where hands and legs touch the rest of the body: beside it, and not in it."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Anchor, Arm, Contact
from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import normals, triangles_of
from lumiku_studio.body.template import template
from lumiku_studio.skeleton.footing import skin_mask

SIDES = ("L", "R")
OTHER = {"L": "R", "R": "L"}
NEAR = 0.09  # metres within which a surface counts as the one a hand touches
TOLERANCE = 0.002
EASE = 0.006  # metres that hands keep from the skin
PROP = 0.12  # metres over the floor that an elbow which props a head is brought down
PROPPED = frozenset({Anchor.CHIN, Anchor.CHEEK, Anchor.EAR})
HAND_EASE = 0.002  # metres between the floor and a hand that lies on it


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """A limb that may enter the body: its vertices, and those it may not enter."""

    own: Ints
    others: Ints


@lru_cache(maxsize=2)
def _hand(side: str) -> Limb:
    """Hand and the forearm's second half, against all but the arm itself."""
    body = template()
    arm = body.influence(
        "upperarm", "lowerarm", "wrist", "metacarpal", "finger", side=side
    )
    hand = body.influence("lowerarm02", "wrist", "metacarpal", "finger", side=side)
    return _limb(hand > 0.6, arm < 0.02)


@lru_cache(maxsize=2)
def _palm(side: str) -> Limb:
    """A hand without what can bend out of the way: thumb and fingers."""
    body = template()
    names = tuple(f"finger{k}-{n}" for k in range(1, 6) for n in (2, 3))
    hand = _hand(side)
    stiff = body.influence(*names, side=side)[hand.own] < 0.4
    return Limb(hand.own[stiff], hand.others)


@lru_cache(maxsize=2)
def _shin(side: str) -> Limb:
    """Lower leg and foot, against the other leg and the arms."""
    body = template()
    shin = body.influence("lowerleg", "foot", "toe", side=side) > 0.6
    other = body.influence("upperleg", "lowerleg", "foot", "toe", side=OTHER[side])
    return _limb(shin, other > 0.6)


@lru_cache(maxsize=2)
def _upper(side: str) -> Limb:
    """Upper arm and elbow, against all but the arm itself."""
    body = template()
    arm = body.influence(
        "upperarm", "lowerarm", "wrist", "metacarpal", "finger", side=side
    )
    own = body.influence("upperarm", "lowerarm01", side=side)
    return _limb(own > 0.9, arm < 0.02)


@lru_cache(maxsize=1)
def _trunk() -> Mask:
    """The skin that an upper arm may press on."""
    bones = ("root", "pelvis", "spine", "clavicle", "shoulder", "breast")
    mask: Mask = template().influence(*bones) > 0.5
    return mask


def _limb(own: Mask, others: Mask) -> Limb:
    return Limb(np.flatnonzero(skin_mask() & own), np.flatnonzero(skin_mask() & others))


def _depths(points: Floats, outward: Floats, limb: Limb) -> tuple[Floats, Ints]:
    """How deep each vertex of a limb lies in what it may not enter, and where.

    The second is the nearest vertex of that. Depth in metres, positive inside;
    vertices far from any surface count as outside.
    """
    own, others = points[limb.own], points[limb.others]
    low, high = own.min(axis=0) - NEAR, own.max(axis=0) + NEAR
    about = np.flatnonzero(((others > low) & (others < high)).T.all(axis=0))
    if not len(about):
        return np.full(len(own), -1.0), np.full(len(own), limb.others[0])
    distance, nearest = cKDTree(others[about]).query(own, distance_upper_bound=NEAR)
    near = np.isfinite(distance)
    found = limb.others[about[np.where(near, nearest, 0)]]
    depth = -((own - points[found]) * outward[found]).sum(axis=1)
    depth[~near] = -1.0
    return depth, found


def around(side: str) -> Ints:
    """The skin that a hand may touch: all but its own arm's."""
    return _hand(side).others


def ways_out(points: Floats) -> Floats:
    """The way out of the skin at each vertex."""
    return normals(points, _skin_triangles())


@lru_cache(maxsize=1)
def _skin_triangles() -> Ints:
    return triangles_of(template().faces["body"])


def depths(points: Floats, side: str) -> tuple[Floats, Floats]:
    """How deep each vertex of a hand lies in the rest of the body, and the way out."""
    outward = ways_out(points)
    depth, found = _depths(points, outward, _hand(side))
    return depth, outward[found]


def deepest(points: Floats) -> float:
    """How deep any arm or lower leg is in another part, in metres.

    Upper arms may press on the trunk.
    """
    outward = ways_out(points)
    limbs = [make(side) for make in (_hand, _shin) for side in SIDES]
    found = [_depths(points, outward, limb)[0].max() for limb in limbs]
    for side in SIDES:
        depth, nearest = _depths(points, outward, _upper(side))
        found.append(depth[~_trunk()[nearest]].max(initial=0.0))
    return max(0.0, *map(float, found))


def hand_pushes(
    points: Floats, ease: Floats, closing: Collection[str] = ()
) -> dict[str, Floats]:
    """How far each hand must move so that it keeps off the body.

    `ease` says how many metres, at each vertex of the template. Fingers of hands
    that are `closing` may be in it: they will bend.
    """
    pushes: dict[str, Floats] = {}
    outward = ways_out(points)
    for side in SIDES:
        limb = (_palm if side in closing else _hand)(side)
        depth, found = _depths(points, outward, limb)
        deep = depth + ease[found]
        bad = deep > TOLERANCE
        if bad.any():
            way = (outward[found[bad]] * deep[bad, None]).sum(axis=0)
            length = np.linalg.norm(way)
            pushes[side] = way / max(float(length), 1e-9) * float(deep.max())
    return pushes


def floor_pushes(
    points: Floats, lying: Collection[str], propped: Collection[str]
) -> dict[str, Floats]:
    """How far each hand must rise out of the floor; those `lying` also sink to it.

    Hands of arms that are `propped` bring their elbows to the floor.
    """
    pushes: dict[str, Floats] = {}
    for side in SIDES:
        limb = (_palm if side in lying else _hand)(side).own
        bearing = _elbow(side) if side in propped else limb
        rise = HAND_EASE - float(points[bearing, 1].min())
        to_floor = side in lying or (side in propped and rise > -PROP)
        if rise > TOLERANCE or (to_floor and rise < -TOLERANCE):
            pushes[side] = np.array([0, rise, 0])
    return pushes


def props(on: Contact, arm: Arm) -> bool:
    """Whether an arm props the head of who lies, its elbow on the floor."""
    reach = arm.reach
    return on is Contact.LYING and reach is not None and reach.to in PROPPED


@lru_cache(maxsize=2)
def _elbow(side: str) -> Ints:
    near = template().influence("upperarm02", "lowerarm01", side=side) > 0.6
    return np.flatnonzero(skin_mask() & near)
