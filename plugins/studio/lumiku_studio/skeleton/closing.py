"""Fingers that bend until they touch: each closes on what lies before it."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.skeleton.arms import Draft
from lumiku_studio.skeleton.contact import around, ways_out
from lumiku_studio.skeleton.footing import skin_mask
from lumiku_studio.skeleton.hands import LAID, Curl, Fingers
from lumiku_studio.skeleton.rig import skin, skin_body

Height = Callable[[Floats], Floats]
"""How far points are over what a hand touches, in metres; infinite where far off."""

FINGERS = range(1, 6)
BENT: Curl = (26, 24, 14)
"""Degrees at a finger's joints for each unit that it closes."""
STRETCHED: Curl = (26, 6, 4)
"""Likewise for each unit that it opens: only the knuckle goes beyond straight."""
SINKS = 40.0  # degrees that a thumb sinks beside the palm for each unit
STEPS = np.linspace(-0.9, 1.8, 13)
AT_EASE = (0.2, 0.35, 0.45, 0.55, 0.65)
"""How far fingers close that meet nothing."""
APART = 0.45  # units that a finger may close farther than its neighbour
TOUCH = 0.0005  # metres
NEAR = 0.06  # metres beyond which there is nothing to close on


def close(draft: Draft, side: str, ease: Floats) -> None:
    """Lay the fingers of a hand on the body about it, beyond what clothes take."""
    points = skin_body(draft.placed())
    others = around(side)
    away, tree = ways_out(points), cKDTree(points[others])

    def height(own: Floats) -> Floats:
        distance, near = tree.query(own, distance_upper_bound=NEAR)
        found = others[np.where(np.isfinite(distance), near, 0)]
        over = ((own - points[found]) * away[found]).sum(axis=1) - ease[found]
        return np.where(np.isfinite(distance), over, np.inf)

    close_on(draft, side, LAID, height)


def close_on(draft: Draft, side: str, shape: Fingers, height: Height) -> None:
    """Bend each finger from `shape` until its lowest point is at height zero.

    A finger that meets nothing bends as one at ease does.
    """
    found = np.array(AT_EASE)
    open_ = np.ones(5, bool)
    before = np.full(5, np.inf)
    for last, unit_ in zip((None, *STEPS), STEPS, strict=False):
        draft.shapes[side] = bent(shape, np.full(5, unit_))
        draft.lead(side)
        over = _heights(draft, side, height)
        touching = open_ & (over < TOUCH)
        for finger in np.flatnonzero(touching):
            found[finger] = unit_
            if last is not None and np.isfinite(before[finger]):
                share = before[finger] / max(before[finger] - over[finger], 1e-6)
                found[finger] = last + share * (unit_ - last)
        open_ &= ~touching
        before = over
        if not open_.any():
            break
    for a, b in ((2, 1), (3, 2), (4, 3), (3, 4), (2, 3), (1, 2)):
        found[a] = min(found[a], found[b] + APART)
    draft.shapes[side] = bent(shape, found)
    draft.lead(side)


def bent(shape: Fingers, units: Floats) -> Fingers:
    """A hand's shape with each finger closed by so many units."""

    def curl(number: int) -> Curl:
        units_ = float(units[number - 1])
        step = np.array(BENT if units_ > 0 else STRETCHED) * units_
        a, b, c = (float(angle) for angle in np.array(shape.of(number)) + step)
        return a, b, c

    lifted = shape.lifted - SINKS * float(units[0])
    return Fingers(
        shape.thumb, curl(2), curl(3), curl(4), curl(5), shape.spread, lifted
    )


def _heights(draft: Draft, side: str, height: Height) -> Floats:
    rows, bounds = _finger_rows(side)
    placed = draft.placed()
    moved = skin(placed, draft.rest.points[rows], template().weights[rows])
    return np.minimum.reduceat(height(moved), bounds)


@lru_cache(maxsize=2)
def _finger_rows(side: str) -> tuple[Ints, Ints]:
    """The skin of each finger, thumb first, and where each one begins."""
    body = template()
    parts = [
        np.flatnonzero(
            skin_mask()
            & (body.influence(f"finger{k}-2", f"finger{k}-3", side=side) > 0.6)
        )
        for k in FINGERS
    ]
    bounds = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return np.concatenate(parts), bounds
