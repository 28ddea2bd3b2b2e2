"""Garments: cut at rest from the loose suit of the template, then moved and folded."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter

from lumiku_contracts.scene import Garment, GarmentKind
from lumiku_studio.arrays import Floats, Ints, Mask, Sparse
from lumiku_studio.body.mesh import (
    border_edges,
    clip,
    compact,
    neighbour_mean,
    normals,
    surface,
)
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.shading.stage import Part
from lumiku_studio.skeleton.rig import Placed, skin
from lumiku_studio.wardrobe.chart import Chart, arm_shares, chart
from lumiku_studio.wardrobe.cut import CUTS, Cut, kept

LEVELS = 2
LIP = 0.0035
HANG_BINS = (48, 96)
HANG_SLOPE = 0.16  # metres of radius that hanging cloth may lose per metre of fall
SOFTEN = 22  # rounds that let cloth bridge the crease of a lowered arm


@dataclass(frozen=True, slots=True, eq=False)
class Sewn:
    """A garment at rest, ready to be moved: vertices, weights and folds."""

    points: Floats
    weights: Sparse
    triangles: Ints
    mean: Sparse
    """Replaces vertices by their neighbours' mean."""
    area: Floats
    folds: Floats
    """Where folds rise (+) and sink (-), -1 to 1."""
    depth: float
    hem: Floats
    leg: Floats
    """The chart's `leg` of each vertex; infinite on sleeves."""
    arm: Floats
    colour: Floats
    cut: Cut
    kind: GarmentKind


def sew(rest: Rest, garment: Garment) -> Sewn:
    """Cut and shape a garment for a body."""
    cut = CUTS[garment.kind]
    suit = surface("tights", LEVELS)
    source = suit.operator @ rest.points
    at = chart(rest, source, arm_shares(suit.operator))
    mean = neighbour_mean(suit.triangles, len(source))
    shaped = _shaped(cut, at, source, suit.triangles, mean)
    field = kept(cut, at)
    triangles, operator = clip(suit.triangles, field)
    used, triangles = compact(triangles)
    operator = operator[used]
    points = operator @ shaped
    weights = (operator @ (suit.operator @ template().weights)).tocsr()
    return Sewn(
        points=points,
        weights=weights,
        triangles=triangles,
        mean=edge_keeping_mean(triangles, len(points)),
        area=vertex_area(points, triangles),
        folds=(operator @ fold_pattern(at))
        * np.clip((operator @ field) / 0.03, 0.25, 1),
        depth=cut.folds,
        hem=operator @ field,
        colour=np.tile(written(garment.colour), (len(points), 1)),
        leg=np.where(operator @ (at.limb == 1) > 0, np.inf, operator @ at.leg),
        arm=operator @ at.arm,
        cut=cut,
        kind=garment.kind,
    )


def _shaped(
    cut: Cut, at: Chart, source: Floats, triangles: Ints, mean: Sparse
) -> Floats:
    """The suit made as loose as the cut asks, never inside the body."""
    outward = normals(source, triangles)
    points = source.copy()
    for _ in range(cut.smooth):
        points = 0.5 * points + 0.5 * (mean @ points)
    sunk = np.minimum(((points - source) * outward).sum(axis=1), 0)
    points = points - sunk[:, None] * outward + outward * cut.off
    if cut.hang:
        points = points + at.out * (_hang(at, points) * cut.hang)[:, None]
    points = points + at.out * _tubes(cut, at, points)[:, None]
    for _ in range(6):
        points = 0.5 * points + 0.5 * (mean @ points)
    sunk = np.minimum(((points - source) * outward).sum(axis=1) - cut.off * 0.8, 0)
    out: Floats = points - sunk[:, None] * outward
    return out


def _hang(at: Chart, points: Floats) -> Floats:
    """How far trunk cloth stands off where it falls from what juts out above it."""
    trunk = (at.limb == 0) & (at.leg < 0.4)
    radius = ((points - at.axis) * at.out).sum(axis=1)
    height = points[:, 1]
    low, high = height[trunk].min(), height[trunk].max()
    rows = np.clip(
        ((high - height) / (high - low) * (HANG_BINS[0] - 1)), 0, HANG_BINS[0] - 1
    )
    columns = (at.turn / (2 * np.pi) % 1) * HANG_BINS[1]
    r, c = rows.round().astype(int), columns.round().astype(int) % HANG_BINS[1]
    grid = np.zeros(HANG_BINS)
    np.maximum.at(grid, (r[trunk], c[trunk]), radius[trunk])
    for _ in range(3):
        beside = np.maximum(np.roll(grid, 1, axis=1), np.roll(grid, -1, axis=1))
        grid = np.where(grid == 0, beside, grid)
    step = HANG_SLOPE * (high - low) / HANG_BINS[0]
    start = int(HANG_BINS[0] * 0.30)
    for row in range(start, HANG_BINS[0]):
        grid[row] = np.maximum(grid[row], grid[row - 1] - step)
    grid = gaussian_filter(grid, (1.0, 2.0), mode=("nearest", "wrap"))
    fade = np.clip((rows - start) / 4, 0, 1) * trunk
    out: Floats = np.maximum(grid[r, c] - radius, 0) * fade
    return out


def _tubes(cut: Cut, at: Chart, points: Floats) -> Floats:
    """How far trouser legs and sleeves must move out to be as wide as they are cut."""
    out = np.zeros(len(points))
    radius = ((points - at.axis) * at.out).sum(axis=1)
    if cut.tube is not None:
        least = np.interp(at.leg, [0.25, 0.6, 1, 2], [0, 0.070, *cut.tube])
        out = np.where(at.limb == 2, np.maximum(least - radius, 0), out)
    if cut.sleeve is not None and cut.cuff:
        wide = 0.052 if cut.sleeve > 1 else cut.cuff
        least = np.interp(
            at.arm, [0.2, 0.6, max(cut.sleeve, 0.61)], [0.0, wide, cut.cuff]
        )
        out = np.where(at.limb == 1, np.maximum(least - radius, 0), out)
    return out


def fold_pattern(at: Chart) -> Floats:
    """Soft ridges: rings around bent limbs, slanting falls on the trunk."""
    rng = np.random.default_rng(11)
    waves = rng.normal(size=(10, 3)) * [7, 9, 7]
    shift = rng.uniform(0, 2 * np.pi, 10)
    warp = np.sin(at.points @ waves.T + shift).sum(axis=1) / np.sqrt(10)
    sign = np.sign(at.points[:, 0])
    ring = np.where(at.limb == 1, at.arm * ARM_RINGS, at.leg * LEG_RINGS)
    ring = np.sin(ring + 1.6 * np.sin(at.turn + sign) + 2.4 * warp)
    height = at.points[:, 1]
    fall = np.sin(at.turn * 8.0 + height * 15.0 * sign + 2.6 * warp)
    pull = np.sin(height * 75 + np.abs(at.points[:, 0]) * 40 * sign + 3.0 * warp)
    trunk = 0.65 * fall + 0.35 * pull
    pattern = np.where(at.limb == 0, trunk, ring)
    ridged = np.sign(pattern) * np.abs(pattern) ** 1.3
    strength = _fold_strength(at)
    out: Floats = ridged * strength * (0.7 + 0.3 * np.sin(3.1 * warp))
    return out


ARM_RINGS, LEG_RINGS = 26.0, 21.0


def _fold_strength(at: Chart) -> Floats:
    """Folds gather at joints and hems and leave chest and shoulders smooth."""
    arm = 0.30 + 0.70 * np.exp(-(((at.arm - 1.0) / 0.22) ** 2)) + 0.5 * (at.arm > 1.6)
    leg = (
        0.16
        + 0.65 * np.exp(-(((at.leg - 1.0) / 0.13) ** 2))
        + 0.75 * np.exp(-(((at.leg - 1.85) / 0.12) ** 2))
        + 0.45 * np.exp(-(((at.leg - 0.2) / 0.12) ** 2))
    )
    leg = leg * 0.8
    trunk = np.interp(at.leg, [-1.4, -1.0, -0.6, 0.1], [0.10, 0.40, 1.0, 0.9])
    out: Floats = np.select([at.limb == 1, at.limb == 2], [arm, leg], trunk)
    return np.minimum(out, 1.0)


def edge_keeping_mean(triangles: Ints, count: int) -> Sparse:
    """As `neighbour_mean`, but open edges are smoothed along themselves only."""
    inner = neighbour_mean(triangles, count)
    edges = border_edges(triangles)
    if not len(edges):
        return inner
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    links = sp.csr_matrix(
        (np.full(len(rows), 0.5), (rows, columns)), shape=(count, count)
    )
    rim = np.zeros(count, bool)
    rim[edges.ravel()] = True
    return (sp.diags((~rim).astype(float)) @ inner + links).tocsr()


def vertex_area(points: Floats, triangles: Ints) -> Floats:
    """The area around each vertex."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    total = np.zeros(len(points))
    for k in range(3):
        total += np.bincount(triangles[:, k], area, minlength=len(points))
    return np.maximum(total, 1e-10)


def worn(sewn: Sewn, placed: Placed, skirt_to: float = -1.0) -> Part:
    """The garment on a posed body: folds deepen where cloth is pressed together.

    Trousers are left out above `skirt_to` (chart `leg`), where a skirt hides them.
    """
    points = skin(placed, sewn.points, sewn.weights)
    pressed = 1 - vertex_area(points, sewn.triangles) / sewn.area
    pressed = np.clip(pressed, -0.5, 0.7)
    for _ in range(10):
        pressed = 0.4 * pressed + 0.6 * (sewn.mean @ pressed)
    shoulder = np.exp(-(((sewn.arm - 0.12) / 0.16) ** 2)) * (sewn.leg == np.inf)
    shoulder = np.maximum(shoulder, 0.12)[:, None] * 0.8
    for _ in range(SOFTEN):
        points = points + shoulder * (sewn.mean @ points - points)
    outward = normals(points, sewn.triangles)
    height = sewn.folds * sewn.depth * np.clip(1 + 3.0 * pressed, 0.35, 2.4)
    points = points + outward * height[:, None]
    shade = np.clip(-height / 0.004, 0, 1) * 0.14
    shown = sewn.triangles
    if sewn.cut.top is not None:
        shown = shown[(sewn.leg[shown] > skirt_to).all(axis=1)]
    points, triangles, extra = with_lip(points, outward, shown)
    return Part(
        points=points,
        triangles=triangles,
        colour=np.concatenate([sewn.colour, sewn.colour[extra] * 0.7]),
        stuff=sewn.cut.stuff,
        segment=sewn.cut.segment,
        detail=np.stack(
            [np.r_[sewn.hem, np.full(len(extra), 1.0)], np.r_[shade, shade[extra]]],
            axis=1,
        ),
    )


def with_lip(
    points: Floats, outward: Floats, triangles: Ints
) -> tuple[Floats, Ints, Ints]:
    """Turn open edges inwards, so that cloth shows a thickness."""
    edges = border_edges(triangles)
    if not len(edges):
        return points, triangles, np.zeros(0, int)
    rim, which = np.unique(edges, return_inverse=True)
    which = which.reshape(edges.shape) + len(points)
    inner = points[rim] - outward[rim] * LIP
    a, b, c, d = edges[:, 0], edges[:, 1], which[:, 1], which[:, 0]
    band = np.concatenate([np.stack([b, a, d], 1), np.stack([b, d, c], 1)])
    return np.concatenate([points, inner]), np.concatenate([triangles, band]), rim


def hidden(
    rest: Rest, outfit: tuple[Garment, ...], points: Floats, operator: Sparse
) -> Mask:
    """Which of the body's points lie well under the garments."""
    at = chart(rest, points, arm_shares(operator))
    under = np.zeros(len(points), bool)
    for garment in outfit:
        cut = CUTS.get(garment.kind)
        if cut is not None:
            under |= kept(cut, at) > (0.03 if cut.top is None else 0.02)
    head = operator @ template().influence("head", "neck02", "neck03", "eye")
    out: Mask = under & (head < 0.2)
    return out
