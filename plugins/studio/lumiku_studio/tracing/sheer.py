"""Rays past what is too thin for its shadow to be seen: the wire of glasses.

Of few rays, a line of shadow as thin as a wire is left broken, as a crack in the skin.
"""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.tracing.rays import NOTHING, Met, Tracer

NEAR = 0.06  # metres about sheer things from which their shadow is crisp
PAST = np.float32(2e-5)  # metres beyond a wire's surface from which a ray goes on
THROUGH = 6  # surfaces that a ray may pass: two of each wire


class Sheer:
    """A tracer of triangles of which the `sheer` ones (a mask) block no ray nearby."""

    def __init__(
        self, rays: Tracer, points: Floats, triangles: Ints, sheer: Mask
    ) -> None:
        self.quick = rays.quick
        self._rays, self._sheer = rays, sheer
        own = points[triangles[sheer].ravel()]
        self._low = (own.min(axis=0) - NEAR).astype(np.float32)
        self._high = (own.max(axis=0) + NEAR).astype(np.float32)

    def nearest(self, origins: Floats, directions: Floats) -> Met:
        """What each ray meets first, sheer or not."""
        return self._rays.nearest(origins, directions)

    def blocked(self, origins: Floats, directions: Floats, distances: Floats) -> Mask:
        """Whether anything that is not sheer lies on each ray before its distance."""
        out = self._rays.blocked(origins, directions, distances)
        near = ((origins > self._low) & (origins < self._high)).T
        rows = np.flatnonzero(out & near[0] & near[1] & near[2])
        gone = np.zeros(len(rows), np.float32)
        for _ in range(THROUGH):
            ahead = directions[rows]
            start = origins[rows] + ahead * gone[:, None]
            met = self._rays.nearest(start, ahead)
            wire = self._sheer[met.triangle] & (met.triangle != NOTHING)
            rows, gone = rows[wire], gone[wire] + met.distance[wire] + PAST
            if not len(rows):
                break
            beyond = origins[rows] + directions[rows] * gone[:, None]
            out[rows] = self._rays.blocked(
                beyond, directions[rows], distances[rows] - gone
            )
            dark = out[rows]
            rows, gone = rows[dark], gone[dark]
        return out
