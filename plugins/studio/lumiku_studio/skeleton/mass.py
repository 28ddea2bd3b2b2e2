"""Where the weight of a posed body is.

Shares of the segments after Winter, Biomechanics and Motor Control of Human Movement
(2009), table 4.1.
"""

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.skeleton.rig import Placed

TRUNK, HEAD = 0.497, 0.081
LIMBS = (
    ("upperarm01", "lowerarm01", 0.028, 0.436),
    ("lowerarm01", "wrist", 0.016, 0.430),
    ("wrist", "finger3-1", 0.006, 0.506),
    ("upperleg01", "lowerleg01", 0.100, 0.433),
    ("lowerleg01", "foot", 0.0465, 0.433),
    ("foot", "toe2-1", 0.0145, 0.500),
)
"""From and to which bone's head, share of the weight, and where on the way it is."""
DIRECTIONS = 8  # in half a turn
SKULL = np.array([0, 0.06, 0.02])


def centre(placed: Placed) -> Floats:
    """The centre of mass, in metres in the room."""
    hips = (placed.at("upperleg01.L") + placed.at("upperleg01.R")) / 2
    shoulders = (placed.at("upperarm01.L") + placed.at("upperarm01.R")) / 2
    skull = placed.at("head") + placed.turn("head") @ SKULL
    total = TRUNK * (hips + shoulders) / 2 + HEAD * skull
    for first, second, share, way in LIMBS:
        for side in "LR":
            start, end = placed.at(f"{first}.{side}"), placed.at(f"{second}.{side}")
            total = total + share * (start + (end - start) * way)
    out: Floats = total / (TRUNK + HEAD + 2 * sum(limb[2] for limb in LIMBS))
    return out


def hull(points: Floats) -> Floats:
    """The convex outline of points in the plane (n x 2), anticlockwise."""
    points = _outermost(points)
    order = points[np.lexsort((points[:, 1], points[:, 0]))]
    chains = []
    for run in (order, order[::-1]):
        chain: list[Floats] = []
        for point in run:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains += chain[:-1]
    return np.array(chains)


def _outermost(points: Floats) -> Floats:
    """Without those inside the polygon of the farthest in some directions."""
    angle = np.arange(0, 2 * np.pi, np.pi / DIRECTIONS)
    far = points[(points @ np.stack([np.cos(angle), np.sin(angle)])).argmax(axis=0)]
    side = np.roll(far, -1, axis=0) - far
    x, y = (points[:, None] - far).transpose(2, 0, 1)
    within = side[:, 0] * y - side[:, 1] * x > 0
    # No turn about a point at which the polygon stays.
    within |= (side == 0).all(axis=1)
    kept = points[~within.all(axis=1)]
    return kept if len(kept) else points


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def outside(point: Floats, outline: Floats) -> tuple[float, Floats]:
    """How far a point is out of a convex outline, negative inside, and the way back.

    The way is a unit vector towards the inside.
    """
    ends = np.roll(outline, -1, axis=0)
    edge = ends - outline
    length = np.linalg.norm(edge, axis=1)
    inward = (
        np.stack([-edge[:, 1], edge[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    )
    within = ((point - outline) * inward).sum(axis=1)
    if within.min() >= 0:
        nearest = int(within.argmin())
        return -float(within[nearest]), inward[nearest]
    along = ((point - outline) * edge).sum(axis=1) / np.maximum(length**2, 1e-12)
    closest = outline + np.clip(along, 0, 1)[:, None] * edge
    away = closest - point
    distance = np.linalg.norm(away, axis=1)
    best = int(distance.argmin())
    return float(distance[best]), away[best] / max(float(distance[best]), 1e-9)
