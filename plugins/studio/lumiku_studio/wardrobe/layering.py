"""What is worn over something else lies over it, also on laps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints, Sparse
from lumiku_studio.skeleton.rig import Placed

LOWEST_FREE = -0.28  # chart `leg` from which the hem of a top gives way
LOWEST_OVER = -0.46  # from which a top that hangs gives way
TUCKED = -0.2  # of a hem that is over no lap
FADE = 0.08  # chart units over which it begins to
SHOWN = -0.19  # chart `leg` from which all of what is worn below is drawn on a lap
ROUNDS, LAID = 4, 2
STRETCH = 40.0  # how much more cloth keeps even than it keeps its place, in a round
OFF = 0.0045  # metres between a top and what is worn under it: more than a hem is thick
NEAR = 0.08
CROTCH = (0.035, 0.14, 0.16)
"""Metres off the middle, chart `leg`, and how far about it, where thighs part."""
KNEE, KNEADED = 0.13, 40
"""Chart units about a knee in which folded cloth is evened, and how many times."""
LEAST = 0.02  # of that, below which it is left
FOLDED, FOLD = -0.1, 0.5
"""Cosine between thigh and shin from which a knee counts as folded, and over which."""
BENT = 0.8  # cosine from the plumb line below which a thigh is bent


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """What cloth lies on: points with the way out of it at each."""

    points: Floats
    outward: Floats


def bent(placed: Placed) -> bool:
    """Whether a thigh is so far from plumb that the hem of a top lies on it."""
    for side in "LR":
        thigh = placed.at(f"lowerleg01.{side}") - placed.at(f"upperleg01.{side}")
        if -thigh[1] < BENT * float(np.linalg.norm(thigh)):
            return True
    return False


def laid(
    points: Floats, leg: Floats, mean: Sparse, below: Solids, *, on_lap: bool
) -> Floats:
    """A top whose hem is out of what is worn below, and spans the lap it lies on.

    `leg` is the chart's of each point, `mean` replaces points by their neighbours'.
    """
    tucked = float(leg[np.isfinite(leg)].max(initial=-np.inf)) < TUCKED
    low = LOWEST_FREE if on_lap and not tucked else LOWEST_OVER
    rows = np.flatnonzero((leg > low) & np.isfinite(leg))
    if not len(rows) or not len(below.points):
        return points
    out = points.copy()
    share = np.clip((leg[rows] - low) / FADE, 0, 1)[:, None]
    tree = cKDTree(below.points)
    if not on_lap or tucked:
        # Cloth that hangs gives way sideways: nothing is pushed down at the crotch.
        ways = below.outward if on_lap else below.outward * [1, 0, 1]
        level = Solids(below.points, ways)
        out[rows] = _out(out[rows], level, tree, share)
        return out
    even = evened(mean, rows, share)
    for _ in range(ROUNDS):
        out[rows] = even(out)
        for _ in range(LAID):
            out[rows] = _out(out[rows], below, tree, share)
    return out


def spanned(points: Floats, rest: Floats, leg: Floats, mean: Sparse) -> Floats:
    """Trousers of bent thighs whose crotch spans from thigh to thigh: no lump."""
    near = np.clip(1.5 - np.abs(rest[:, 0]) / CROTCH[0], 0, 1)
    share = near * np.clip((CROTCH[2] - np.abs(leg - CROTCH[1])) / FADE, 0, 1)
    rows = np.flatnonzero(share)
    out, even = points.copy(), evened(mean, rows, share[rows, None])
    for _ in range(ROUNDS):
        out[rows] = even(out)
    return out


def evened(mean: Sparse, rows: Ints, share: Floats) -> Callable[[Floats], Floats]:
    """What puts some rows of points where a skin stretched to the others is."""
    count = mean.shape[0]
    pull = sp.diags(STRETCH * share[:, 0])
    own = mean[rows]
    inside = own[:, rows]
    rest = own.copy()
    others = np.ones(count)
    others[rows] = 0
    rest = (pull @ rest @ sp.diags(others)).tocsr()
    system = sp.identity(len(rows)) + pull @ (sp.identity(len(rows)) - inside)
    solve = splu(system.tocsc()).solve

    def even(points: Floats) -> Floats:
        out: Floats = solve(points[rows] + rest @ points)
        return out

    return even


def _out(points: Floats, below: Solids, tree: cKDTree, share: Floats) -> Floats:
    near = tree.query(points)[1]
    away, facing = points - below.points[near], below.outward[near]
    lack = np.clip(OFF - (away * facing).sum(axis=1), 0, NEAR)
    lack[np.linalg.norm(away, axis=1) > NEAR] = 0
    out: Floats = points + share * facing * lack[:, None]
    return out


def rounded(
    points: Floats, rest: Floats, leg: Floats, mean: Sparse, placed: Placed
) -> Floats:
    """Trousers whose folded knees are round: cloth bent double stands out at both."""
    folded = [_folded(placed, side) for side in "LR"]
    share = np.where(rest[:, 0] > 0, *folded) * np.exp(-(((leg - 1) / KNEE) ** 2))
    rows = np.flatnonzero(share > LEAST)
    own, weight, out = mean[rows], share[rows, None], points.copy()
    for _ in range(KNEADED if len(rows) else 0):
        out[rows] += weight * (own @ out - out[rows])
    return out


def _folded(placed: Placed, side: str) -> float:
    """How much of a knee's fold is beyond a seat's right angle, 0-1."""
    hip, knee, ankle = (
        placed.at(f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot")
    )
    thigh, shin = knee - hip, ankle - knee
    cosine = thigh @ shin / (np.linalg.norm(thigh) * np.linalg.norm(shin))
    return float(np.clip((FOLDED - cosine) / FOLD, 0, 1))
