"""What is sewn on: collars and lapels along an edge, and buttons.

A leaf follows a part of a garment's open edge and lies back over the cloth.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from lumiku_contracts.scene import GarmentKind
from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.body.mesh import border_edges, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Order, Part
from lumiku_studio.skeleton.rig import Placed, skin
from lumiku_studio.wardrobe.cloth import Sewn, with_lip
from lumiku_studio.wardrobe.cut import INNER, TUCKED
from lumiku_studio.wardrobe.hitched import HITCHED
from lumiku_studio.wardrobe.layering import bent
from lumiku_studio.wardrobe.under import WAIST
from lumiku_studio.wardrobe.weave import corners, woven

ALONG, ROWS = 96, 8  # points of a leaf: along its edge, and across it
THICK = 0.009  # metres of a leaf's edge: it ends in the cloth that it lies on
TURNED = 0.006  # metres that a leaf lies over the cloth
OVERLAP = 0.0025  # metres that a lapel reaches beyond the uneven edge it is sewn to
MIRRORED = np.array([-1.0, 1.0, 1.0])
EASE = 0.010  # metres between a neck and the upper edge of a collar
EVEN = 3.0  # how far along its edge a leaf is evened out, in steps of ALONG
LEAVES = {
    GarmentKind.SHIRT: (
        # Around the neck: stand, and width of the leaf, by the share of its length.
        (0.0, 0.05, 0.16, 0.5, 0.84, 0.95, 1.0),
        (0.016, 0.020, 0.024, 0.028, 0.024, 0.020, 0.016),
        (0.054, 0.047, 0.036, 0.034, 0.036, 0.047, 0.054),
    ),
    GarmentKind.BLAZER: (
        (0.0, 0.25, 0.355, 0.375, 0.44, 0.5, 0.56, 0.625, 0.645, 0.75, 1.0),
        (0.0, 0.0, 0.004, 0.010, 0.026, 0.03, 0.026, 0.010, 0.004, 0.0, 0.0),
        (0.004, 0.052, 0.078, 0.044, 0.046, 0.046, 0.046, 0.044, 0.078, 0.052, 0.004),
    ),
}
BUTTONS = {
    GarmentKind.SHIRT: (0.47, 0.39, 0.31, 0.23, 0.15, 0.07, -0.01),
}
BUTTON, SIDES = 0.0052, 12
BELOW = 0.03  # chart units that cloth goes on below a button
PEARL = np.array([0.72, 0.70, 0.66])


@dataclass(frozen=True, slots=True, eq=False)
class Trim:
    """Meshes sewn on a garment, at rest."""

    points: Floats
    triangles: Ints
    weights: Sparse
    uv: Floats
    colour: Floats
    leg: Floats
    """The chart's `leg` of each point."""


def trims(rest: Rest, sewn: Sewn) -> tuple[Trim, ...]:
    """All that belongs on a garment, by its kind."""
    out = []
    if sewn.kind in LEAVES and sewn.cut is not INNER:
        out.append(_leaf(rest, sewn))
    if sewn.kind in BUTTONS:
        out.append(_buttons(sewn, BUTTONS[sewn.kind]))
    return tuple(out)


def about_the_neck(trim: Trim, sewn: Sewn) -> bool:
    """Whether it is a collar that a hijab covers whole, and would be lifted by."""
    return bool(len(trim.uv)) and not sewn.cut.open


def folded(points: Floats) -> Floats:
    """Of a collar's points those of its upper edge and of the leaf that lies back."""
    return points[2 * ALONG : ROWS * ALONG]


def worn(trim: Trim, sewn: Sewn, placed: Placed) -> Part:
    """A trim on a posed body."""
    over = Order(sewn.cut.order + 1)
    points = skin(placed, trim.points, trim.weights)
    triangles = trim.triangles
    if bent(placed):
        triangles = triangles[(trim.leg[triangles] < HITCHED).all(axis=1)]
    if not len(trim.uv):
        return Part(
            points, triangles, trim.colour, sewn.cut.stuff, sewn.cut.segment,
            order=over,
        )  # fmt: skip
    outward = normals(points, triangles)
    count = len(triangles)
    points, triangles, rim = with_lip(points, outward, triangles, THICK)
    free = (triangles >= ALONG).all(axis=1)  # where it is sewn on, it has no edge
    triangles = triangles[free | (np.arange(len(triangles)) < count)]
    return Part(
        points,
        triangles,
        trim.colour,
        sewn.cut.stuff,
        sewn.cut.segment,
        normals=np.concatenate([outward, outward[rim]]),
        uv=trim.uv,
        print=sewn.print,
        order=over,
    )


def _edge(rest: Rest, sewn: Sewn) -> tuple[Floats, Floats, Floats]:
    """A garment's upper front edge from left below around the neck to right below.

    Points, the way into the cloth at each, and the way out of it.
    """
    edges = border_edges(sewn.triangles)
    rim = np.unique(edges)
    root = rest.head("neck01")
    at = sewn.points[rim]
    high = (sewn.arm[rim] < 0.3) & (at[:, 1] > root[1] - 0.55)
    if not sewn.cut.open:
        high &= at[:, 1] > root[1] - 0.16
    high &= at[:, 1] > rest.head("upperleg01.L")[1] + (0.13 if sewn.cut.open else 0)
    rim = rim[high]
    at = sewn.points[rim]
    around = np.arctan2(at[:, 0], at[:, 2] - root[2] + 0.02)
    neck = np.abs(around)
    fall = np.maximum(root[1] - 0.02 - at[:, 1], 0) * (at[:, 2] > root[2])
    order = np.argsort(np.sign(at[:, 0]) * (np.pi - np.minimum(neck, 3.1) + fall * 12))
    path = at[order][::-1]
    inner = _inward(sewn, rim)[order][::-1]
    out = normals(sewn.points, sewn.triangles)[rim][order][::-1]
    gap = 0.014 if not sewn.cut.open else 0.0
    wide = np.abs(path[:, 0]) >= gap
    wide |= path[:, 2] < root[2]
    path, inner, out = path[wide], inner[wide], out[wide]
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
    share = np.linspace(0, length[-1], ALONG)

    def even(values: Floats) -> Floats:
        resampled = np.stack([np.interp(share, length, c) for c in values.T], 1)
        smooth: Floats = gaussian_filter1d(resampled, EVEN, axis=0, mode="nearest")
        alike: Floats = (smooth + smooth[::-1] * MIRRORED) / 2
        return alike

    return even(path), unit(even(inner)), unit(even(out))


def _inward(sewn: Sewn, rim: Ints) -> Floats:
    """From each vertex of an edge to the middle of the triangles that it belongs to."""
    total = np.zeros_like(sewn.points)
    middle = sewn.points[sewn.triangles].mean(axis=1)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(
                sewn.triangles[:, k],
                middle[:, axis] - sewn.points[sewn.triangles[:, k], axis],
                minlength=len(total),
            )
    return unit(total[rim])


def _leaf(rest: Rest, sewn: Sewn) -> Trim:
    at, stands, widths = LEAVES[sewn.kind]
    base, inner, out = _edge(rest, sewn)
    share = np.linspace(0, 1, ALONG)
    stand = np.interp(share, at, stands)[:, None]
    width = np.interp(share, at, widths)[:, None]
    rise = unit(np.array([0, 1.0, 0.25]) - 0.6 * inner)
    flat = np.clip(1 - stand / 0.01, 0, 1)
    base = base - inner * (OVERLAP * flat)
    straight = base + rise * stand + out * 0.002
    top = straight if sewn.cut.open else _to_the_neck(rest, straight)
    rows = [base, (base + top) / 2 - out * 0.001 * (1 - flat), top]
    turn = top + inner * 0.004 + out * 0.004
    tree, outward = cKDTree(sewn.points), normals(sewn.points, sewn.triangles)
    for step in (0.0, 0.25, 0.5, 0.75, 1.0):
        row = turn + inner * (width * step) - rise * (stand * min(1.0, step * 1.6))
        for _ in range(2):
            _, near = tree.query(row)
            over = ((row - sewn.points[near]) * outward[near]).sum(axis=1)
            least = TURNED + 0.004 * (1 - step)
            row = row + outward[near] * np.maximum(least - over, 0)[:, None]
            drop = np.maximum(over - least - 0.004, 0)[:, None] * step * (stand < 1e-3)
            row = row - outward[near] * drop
        rows.append(_evened(row))
    points = np.concatenate(rows)
    first = (np.arange(len(rows) - 1)[:, None] * ALONG + np.arange(ALONG - 1)).ravel()
    quads = np.stack([first, first + 1, first + ALONG + 1, first + ALONG], 1)
    triangles = np.concatenate([quads[:, [2, 1, 0]], quads[:, [3, 2, 0]]])
    triangles = np.concatenate([triangles, _closed(len(rows))])
    _, near = tree.query(np.tile(base, (len(rows), 1)))
    _, own = tree.query(points)
    weights = 0.5 * (sewn.weights[near] + sewn.weights[own])
    uv = corners(woven(rest, points), np.zeros(len(points)), triangles)
    high = np.full(len(points), -1.0)
    return Trim(points, triangles, weights.tocsr(), uv, sewn.colour[0], high)


def _to_the_neck(rest: Rest, edge: Floats) -> Floats:
    """A collar's upper edge no farther from the neck than a finger is thick."""
    skin = surface("body", 0).operator @ rest.points
    distance, near = cKDTree(skin).query(edge)
    step = unit(skin[near] - edge) * np.maximum(distance - EASE, 0)[:, None]
    return edge + _evened(step * [1, 0, 1])


def _closed(rows: int) -> Ints:
    """Triangles over both ends of a leaf, so that none is looked into."""
    column = np.arange(rows) * ALONG
    under, over = column[: rows // 2], column[::-1][: rows // 2]
    quads = np.stack([under[:-1], under[1:], over[1:], over[:-1]], 1)
    flat = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    out: Ints = np.concatenate([flat, flat[:, ::-1] + ALONG - 1])
    return out


def _evened(row: Floats) -> Floats:
    """Without the unrest of the cloth's vertices; its two ends keep their place."""
    smooth: Floats = gaussian_filter1d(row, EVEN, axis=0, mode="nearest")
    ends = np.minimum(np.arange(ALONG), np.arange(ALONG)[::-1])[:, None]
    out: Floats = row + (smooth - row) * np.clip(ends / (2 * EVEN), 0, 1)
    return out


def _buttons(sewn: Sewn, heights: tuple[float, ...]) -> Trim:
    """Small discs down the middle of the front."""
    trunk = sewn.places[:, 0]
    front = np.flatnonzero((np.abs(trunk[:, 0]) < 0.03) & (sewn.arm < 0.1))
    outward = normals(sewn.points, sewn.triangles)
    turn = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    lowest = WAIST if sewn.cut.bottom == TUCKED else np.inf
    points: list[Floats] = []
    triangles, rows, legs = [], [], []
    for height in heights:
        away = np.hypot(trunk[front, 0], trunk[front, 1] - height)
        near = front[np.argsort(away)[:6]]
        if away.min() > 0.02 or sewn.leg[near[0]] + BELOW > lowest:
            continue
        middle, up = sewn.points[near].mean(axis=0), unit(outward[near].mean(axis=0))
        middle[0] = 0.0
        across = unit(np.cross([0, 1.0, 0], up))
        along = np.cross(up, across)
        ring = np.cos(turn)[:, None] * across + np.sin(turn)[:, None] * along
        lift = middle + up * 0.0035
        disc = [lift + ring * BUTTON, lift + ring * BUTTON * 0.9 + up * 0.002]
        start = sum(map(len, points))
        points.append(np.concatenate([*disc, (lift + up * 0.0016)[None]]))
        k = np.arange(SIDES)
        n = (k + 1) % SIDES
        side = [
            np.stack([k, n, n + SIDES], 1),
            np.stack([k, n + SIDES, k + SIDES], 1),
            np.stack([k + SIDES, n + SIDES, np.full(SIDES, 2 * SIDES)], 1),
        ]
        triangles.append(np.concatenate(side) + start)
        rows.append(sp.vstack([sewn.weights[near[:1]]] * (2 * SIDES + 1)))
        legs.append(np.full(2 * SIDES + 1, sewn.leg[near[0]] + BELOW))
    return Trim(
        np.concatenate(points),
        np.concatenate(triangles),
        sp.vstack(rows).tocsr(),
        np.zeros((0, 3, 2)),
        PEARL,
        np.concatenate(legs),
    )
