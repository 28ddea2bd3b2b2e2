"""How much room clothes take between the skin and a hand that is laid on them."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Garment
from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.skeleton.contact import EASE
from lumiku_studio.wardrobe.chart import arm_shares, chart
from lumiku_studio.wardrobe.cloth import Sewn
from lumiku_studio.wardrobe.settling import OFF
from lumiku_studio.wardrobe.skirt import FALLS
from lumiku_studio.wardrobe.under import WAIST

COVERED = 0.02  # metres from the skin within which cloth is what covers it
MOST = 0.026  # a hand presses what stands off farther
PRESSED = 0.002
SKIRT = 0.008  # metres that the folds of a skirt add


def room(rest: Rest, outfit: tuple[Garment, ...], sewn: Sequence[Sewn]) -> Floats:
    """Metres that hands keep from each vertex of the template."""
    out = np.full(len(rest.points), EASE)
    skin = surface("body", 0)
    points = skin.operator @ rest.points
    used = np.unique(skin.operator.indices)
    kept = out[used]
    for piece in sewn:
        low, high = piece.under.min(axis=0), piece.under.max(axis=0)
        within = (points > low - COVERED) & (points < high + COVERED)
        rows = np.flatnonzero(within.T.all(axis=0))
        tree = cKDTree(piece.under)
        distance, near = tree.query(points[rows], distance_upper_bound=COVERED)
        found = np.isfinite(distance)
        covered, near = rows[found], near[found]
        off = np.linalg.norm(piece.points[near] - piece.under[near], axis=1)
        kept[covered] = np.maximum(kept[covered], off - PRESSED)
    falling = [FALLS[garment.kind] for garment in outfit if garment.kind in FALLS]
    if falling:
        at = chart(rest, points, arm_shares(skin.operator))
    for fall in falling:
        under = (at.arm == 0) & (at.leg > WAIST) & (at.leg < fall.hem)
        kept = np.where(under, kept + OFF + SKIRT, kept)
    out[used] = np.minimum(kept, MOST)
    return out
