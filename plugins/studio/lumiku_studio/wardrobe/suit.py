"""The template's loose suit on one body: what all of its garments are cut from."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.body.mesh import neighbour_mean, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.wardrobe.chart import Chart, arm_shares, armholes, chart
from lumiku_studio.wardrobe.cut import CUTS, INNER, SLIP

LEVELS = 2
ROUNDED = 16  # rounds of smoothing that take the corners out of armholes
FLARE = ((1.3, 1.6, 1.9), (0.0, 0.04, 0.13))
STOPS = sorted({cut.smooth for cut in (*CUTS.values(), INNER, SLIP)})
"""The rounds of smoothing that any garment asks for."""


@dataclass(frozen=True, slots=True, eq=False)
class Suit:
    """The suit of a body at rest."""

    points: Floats
    outward: Floats
    triangles: Ints
    at: Chart
    sleeved: Floats
    """Positive on sleeves, zero where they are set in."""

    def smooth(self, rounds: int) -> Floats:
        """Its points, each half-way to its neighbours' mean so many times."""
        return _smoothed(self, rounds)


@lru_cache(maxsize=2)
def suit(rest: Rest) -> Suit:
    """The suit of a body, made once for all garments of an outfit."""
    loose = surface("tights", LEVELS)
    points = loose.operator @ rest.points
    at = chart(rest, points, shares())
    points = points + (at.axis - points) * _flared(at)[:, None]
    at = replace(at, points=points)
    outward = normals(points, loose.triangles)
    sleeved = armholes(rest, points, shares())
    for _ in range(ROUNDED):
        sleeved = 0.5 * sleeved + 0.5 * (mean() @ sleeved)
    return Suit(points, outward, loose.triangles, at, sleeved)


def _flared(at: Chart) -> Floats:
    """The share of its radius by which the template's suit stands off the wrists."""
    along = np.interp(at.arm, FLARE[0], FLARE[1])
    out: Floats = along * (at.limb == 1)
    return out


@lru_cache(maxsize=8)
def _smoothed(of: Suit, rounds: int) -> Floats:
    # What one garment has smoothed, another goes on with.
    done = max((stop for stop in STOPS if stop < rounds), default=0)
    points = of.smooth(done) if done else of.points
    for _ in range(rounds - done):
        points = 0.5 * points + 0.5 * (mean() @ points)
    return points


@lru_cache(maxsize=1)
def mean() -> Sparse:
    """Replaces points of the suit by their neighbours' mean."""
    loose = surface("tights", LEVELS)
    return neighbour_mean(loose.triangles, loose.operator.shape[0])


@lru_cache(maxsize=1)
def weights() -> Sparse:
    """How much each bone moves each point of the suit."""
    return (surface("tights", LEVELS).operator @ template().weights).tocsr()


@lru_cache(maxsize=1)
def shares() -> dict[str, Floats]:
    """How much each side's arm moves the points of the suit."""
    return arm_shares(surface("tights", LEVELS).operator)
