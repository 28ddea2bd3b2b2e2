"""Cloth that a bent body has pressed into itself, made even again."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask, Sparse
from lumiku_studio.body.mesh import crossed, summed
from lumiku_studio.wardrobe.layering import evened

FLAT = 0.9  # length of a vertex's summed normals below which cloth is crumpled
IRONED, SPREAD, PRESSED = 2, 3, 8  # rounds that iron it out
ROUNDS, WIDE = 3, 12
"""Times that a folded trunk is spanned anew, and neighbours of a fold that give way."""
FOLDED = 0.15  # of `_crumpled`, from which cloth of the trunk is folded into itself


def _crumpled(points: Floats, triangles: Ints) -> Floats:
    """How far the triangles about each vertex face different ways, 0-1."""
    face = crossed(points, triangles)
    size = np.linalg.norm(face, axis=0)
    sums = summed(np.vstack([face, size]), triangles, len(points))
    flat = np.linalg.norm(sums[:3], axis=0) / np.maximum(sums[3], 1e-12)
    out: Floats = np.clip((FLAT - flat) / 0.2, 0, 1)
    return out


def ironed(points: Floats, triangles: Ints, mean: Sparse, where: Mask) -> Floats:
    """Without the spikes of cloth pressed into a fold; `mean` is of neighbours."""
    for _ in range(IRONED):
        crumpled = _crumpled(points, triangles) * where
        for _ in range(SPREAD):
            crumpled = np.maximum(crumpled, mean @ crumpled)
        for _ in range(PRESSED):
            points = points + crumpled[:, None] * (mean @ points - points)
    return points


def unfolded(points: Floats, triangles: Ints, mean: Sparse, where: Mask) -> Floats:
    """Cloth stretched straight over the deep folds of a bent trunk."""
    for _ in range(ROUNDS):
        share = (_crumpled(points, triangles) > FOLDED) * where * 1.0
        if not share.any():
            return points
        for _ in range(WIDE):
            share = np.maximum(share, np.minimum(mean @ share * 1.6, 0.97)) * where
        rows = np.flatnonzero(share > 0.05)
        points = points.copy()
        points[rows] = evened(mean, rows, share[rows, None])(points)
    return points
