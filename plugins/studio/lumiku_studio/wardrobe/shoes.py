"""Shoes: an upper lofted over the resting foot, a sole under it, and what is on it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from lumiku_contracts.scene import Garment, GarmentKind
from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.shading.stage import Order, Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed, skin
from lumiku_studio.wardrobe.topline import Topline, topline
from lumiku_studio.wardrobe.upper import ROUND, SLICES, above, outline

OVER_FLOOR = 0.001  # metres
SOLE = 0.024  # metres between the foot's lowest point and the floor
ANKLE = 0.098  # where a shaft is narrowest, over the foot's lowest point
ANKLE_SKIN = ((0.045, 0.06, 0.07, 0.08, 0.10, 0.15), (0, 0.09, 0.21, 0.38, 0.60, 1.0))
"""Metres over the foot's lowest point, and the shin's share in moving skin there."""
COUNTER = 0.018  # metres from which a heel's rim goes with the skin higher up
INTO_UPPER, SUNKEN = (0.94, 0.82), 0.018
ARC = 28
RING = 24  # points of the body about an ankle that are enough to go around it
WELT = 0.004  # how far the sole stands out
LEATHER = np.array([0.045, 0.035, 0.030])


@dataclass(frozen=True, slots=True, eq=False)
class Last:
    """How one kind of shoe is made."""

    sole: Floats
    laces: bool = False
    strap: bool = False
    shaft: float = 0.0
    """Metres over the foot's lowest point."""
    socks: bool = True


FOOTWEAR: Mapping[GarmentKind, Last] = {
    GarmentKind.SHOES: Last(np.array([0.82, 0.82, 0.80]), laces=True),
    GarmentKind.LOAFERS: Last(LEATHER, strap=True, socks=False),
    GarmentKind.BOOTS: Last(LEATHER, laces=True, shaft=0.175),
}
SIDES = (("L", 1.0), ("R", -1.0))
ANKLE_TOP = 0.13  # metres over the floor above which no shoe but a boot reaches
EDGE = 0.86  # of a shoe's colour: what is padded is a little darker
RUBBER = np.array([0.82, 0.82, 0.80])


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Both shoes at rest: one mesh with weights and colours."""

    points: Floats
    triangles: Ints
    weights: Sparse
    colour: Floats


def toplines(rest: Rest, garment: Garment, skin: Floats) -> tuple[Topline, ...]:
    """Where shoes open about the ankles of a body's skin (n x 3); boots have shafts."""
    if FOOTWEAR[garment.kind].shaft:
        return ()
    lines = []
    for side, sign in SIDES:
        own = skin[(skin[:, 0] * sign > 0) & (skin[:, 1] < rest.floor + ANKLE_TOP)]
        lines.append(topline(own, above(rest, side, own), rest.floor, sign))
    return tuple(lines)


def pair(rest: Rest, garment: Garment, lines: tuple[Topline, ...]) -> Pair:
    """The shoes of a body, open along `lines`, if there are any."""
    colour = written(garment.colour)
    last = FOOTWEAR[garment.kind]
    meshes = [
        _shoe(rest, side, colour, last, lines[k] if lines else None)
        for k, (side, _) in enumerate(SIDES)
    ]
    offset = len(meshes[0][0])
    return Pair(
        points=np.concatenate([m[0] for m in meshes]),
        triangles=np.concatenate([meshes[0][1], meshes[1][1] + offset]),
        weights=sp.vstack([m[2] for m in meshes]).tocsr(),
        colour=np.concatenate([m[3] for m in meshes]),
    )


def worn(shoes: Pair, placed: Placed) -> Part:
    """The shoes on a posed body, their soles just over the floor, never in it."""
    points = skin(placed, shoes.points, shoes.weights)
    points[:, 1] = np.maximum(points[:, 1], OVER_FLOOR)
    return Part(
        points=points,
        triangles=shoes.triangles,
        colour=shoes.colour,
        stuff=Stuff.SHOE,
        segment=Segment.SHOES,
        order=Order.SHOE,
    )


def _shoe(
    rest: Rest, side: str, colour: Floats, last: Last, line: Topline | None
) -> tuple[Floats, Ints, Sparse, Floats]:
    at, middle, half, height, way, across = outline(rest, side)
    floor = rest.floor
    up = np.array([0, 1.0, 0])
    theta = np.linspace(0, np.pi, ARC)
    x = np.sign(np.cos(theta)) * np.abs(np.cos(theta)) ** ROUND[0]
    y = np.sin(theta) ** ROUND[1]
    upper = (
        at[:, None, None] * way
        + (middle[:, None] + half[:, None] * x)[..., None] * across
        + (floor - 0.002 + height[:, None] * y)[..., None] * up
    )
    wide = half + WELT * np.minimum(half / 0.02, 1)
    rise = np.array([-SOLE, -SOLE, -SOLE + 0.004, 0.002, 0.006, 0.006])
    inset = np.array([0.9, 0.985, 1.0, 1.0, 0.99, 0.80])
    toe_spring = 0.007 * np.clip((np.linspace(0, 1, SLICES) - 0.75) / 0.25, 0, 1) ** 2
    rings = []
    for lift, share in zip(rise, inset, strict=True):
        base = at[:, None] * way + middle[:, None] * across
        base = base + (floor + lift + toe_spring[:, None] * (lift < 0)) * up
        rings.append(
            np.concatenate(
                [
                    base + (wide * share)[:, None] * across,
                    (base - (wide * share)[:, None] * across)[::-1],
                ]
            )
        )
    sole = np.stack(rings, axis=1)
    vamp = _grid(SLICES, ARC, wrap=False)
    if line is not None:
        vamp = vamp[~line.within(upper.reshape(-1, 3))[vamp].all(axis=1)]
    meshes = [
        (upper.reshape(-1, 3), vamp, colour),
        (sole.reshape(-1, 3), _grid(2 * SLICES, len(rise), wrap=True), last.sole),
        _bottom(sole[:, 0], last.sole),
    ]
    if line is not None:
        meshes.append((*line.edge(), colour * EDGE))
    if last.laces:
        first = 0.60 if last.shaft else 0.50
        meshes += _bands(upper, [first + 0.052 * k for k in range(5)], RUBBER, 0.16)
    if last.strap:
        meshes += _bands(upper, [0.56, 0.58], colour * 0.6, 0.5)
    if last.shaft:
        meshes.append(_shaft(rest, side, last.shaft, colour))
    points = np.concatenate([m[0] for m in meshes])
    triangles, offset = [], 0
    for mesh in meshes:
        triangles.append(mesh[1] + offset)
        offset += len(mesh[0])
    shades = np.concatenate([np.broadcast_to(m[2], m[0].shape) for m in meshes])
    return points, np.concatenate(triangles), _weights(rest, side, points), shades


def _bottom(ring: Floats, colour: Floats) -> tuple[Floats, Ints, Floats]:
    count = len(ring)
    left = np.arange(count // 2 - 1)
    right = count - 1 - left
    fill = np.concatenate(
        [
            np.stack([left, left + 1, right], 1),
            np.stack([left + 1, right - 1, right], 1),
        ]
    )
    return ring, fill, colour * 0.7


def _bands(
    upper: Floats, places: list[float], colour: Floats, reach: float
) -> list[tuple[Floats, Ints, Floats]]:
    """Flat bands across the instep, resting on the upper."""
    bands = []
    lift = np.array([0, 0.0022, 0])
    for place in places:
        row = int(SLICES * place)
        span = slice(int(ARC * (0.5 - reach)), int(ARC * (0.5 + reach)) + 1)
        line = upper[row, span] + lift
        step = (upper[row + 1, span] - upper[row, span]) * 0.75
        points = np.concatenate([line, line + step])
        bands.append((points, _grid(2, line.shape[0], wrap=False), colour))
    return bands


def _shaft(
    rest: Rest, side: str, top: float, colour: Floats
) -> tuple[Floats, Ints, Floats]:
    """A tube about the ankle, widening to a rim that is turned in."""
    body = template()
    shin = body.influence("foot", "lowerleg", side=side) > 0.5
    shin[body.faces["body"].max() + 1 :] = False
    points = rest.points[shin]
    turn = np.linspace(0, 2 * np.pi, ARC)
    way = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], axis=1)
    rings = []
    heights = np.r_[np.linspace(ANKLE, top, 7), top - 0.004]
    for k, height in enumerate(heights):
        away = np.abs(points[:, 1] - rest.floor - height)
        near = points[away < max(0.012, float(np.sort(away)[RING]))]
        middle = (near.max(axis=0) + near.min(axis=0)) / 2
        middle[1] = rest.floor + height
        back = near[near[:, 2] < middle[2] + 0.06]
        support = ((back - middle) @ way.T).max(axis=0)
        out = np.maximum(support, 0.03) + (0.008 if k < len(heights) - 1 else 0.003)
        rings.append(middle + way * out[:, None])
    # Its foot narrows and ends in the upper, beside which it would stand out.
    for share in INTO_UPPER:
        inner = rings[0] - [0, SUNKEN, 0]
        middle = inner.mean(axis=0)
        rings.insert(0, middle + (inner - middle) * share)
    return np.concatenate(rings), _grid(len(rings), ARC, wrap=False), colour


def _grid(rows: int, columns: int, *, wrap: bool) -> Ints:
    first = np.arange(rows if wrap else rows - 1)
    a = (first[:, None] * columns + np.arange(columns - 1)).ravel()
    b = (((first + 1) % rows)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.concatenate([np.stack([a, b + 1, b], 1), np.stack([a, a + 1, b + 1], 1)])


def _weights(rest: Rest, side: str, points: Floats) -> Sparse:
    """All on the foot, passing to the toes at the ball and to the shin at the ankle.

    There a shoe's rim goes as the skin does that it is about.
    """
    body = template()
    heel, ball = rest.head(f"foot.{side}"), rest.head(f"toe2-1.{side}")
    way = (ball - heel) * [1, 0, 1]
    share = (points - heel) @ way / (way @ way)
    toe = np.clip((share - 0.85) / 0.3, 0, 1)
    height = points[:, 1] - rest.floor + COUNTER * np.clip(1 - share / 0.3, 0, 1)
    leg = np.interp(height, *ANKLE_SKIN) * (1 - toe)
    rows = np.tile(np.arange(len(points)), 3)
    bones = ("foot", "toe2-1", "lowerleg02")
    columns = np.repeat([body.bone(f"{b}.{side}") for b in bones], len(points))
    values = np.concatenate([1 - toe - leg, toe, leg])
    return sp.csr_matrix(
        (values, (rows, columns)), shape=(len(points), len(body.bones))
    )
