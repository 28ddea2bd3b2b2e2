"""What a skirt is worn over, and how its waist is drawn in to that."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import normals
from lumiku_studio.rotation import unit

WAIST = -0.42
"""Chart `leg` at which skirts begin."""
DRAWN = 0.24  # chart units below the waist over which a skirt leaves its top
SUNK, BAND = -0.003, 0.0022
"""Metres over a top that a skirt begins: of one piece with it, or with a band."""
EVEN = 2.5  # points of a ring over which its way to the top is evened


@dataclass(frozen=True, slots=True, eq=False)
class Under:
    """A garment under a skirt, posed."""

    points: Floats
    leg: Floats
    """The chart's `leg` of each point."""
    left: Floats
    """Which points are of the left leg."""
    triangles: Ints


def drawn_in(shape: Floats, at: Floats, tops: Sequence[Under], *, sunk: bool) -> Floats:
    """Rings of a skirt (k x n x 3) at chart `at`, those at the waist close to its top.

    One that is `sunk` begins under the top, so that no edge of it is seen.
    """
    share = np.clip((WAIST + DRAWN - at) / DRAWN, 0, 1)
    share = (share * share * (3 - 2 * share))[:, None]
    rows = np.flatnonzero(share[:, 0] > 0)
    clouds, ways = [], []
    for top in tops:
        near = (top.leg > WAIST - DRAWN) & (top.leg < WAIST + 2 * DRAWN)
        clouds.append(top.points[near])
        ways.append(normals(top.points, top.triangles)[near])
    if not sum(map(len, clouds)):
        return shape
    points, outward = np.concatenate(clouds), np.concatenate(ways)
    found = cKDTree(points).query(shape[rows])[1]
    over = ((shape[rows] - points[found]) * outward[found]).sum(axis=2)
    over = gaussian_filter1d(over, EVEN, axis=1, mode="wrap")
    way = unit(gaussian_filter1d(outward[found], EVEN, axis=1, mode="wrap"))
    out = shape.copy()
    out[rows] -= way * ((over - (SUNK if sunk else BAND)) * share[rows])[..., None]
    return out
