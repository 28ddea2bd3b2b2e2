"""Folds of a hijab: how far its cloth stands off where."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats
from lumiku_studio.hair.drapes import Drape
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.layering import Solids

SWEPT = 0.0022  # metres that folds drawn back over the head's sides stand off at most
HEM_OFF = 0.006  # metres over the tops on which the edge of a hijab lies
RISE = 0.6  # metres that it may stand off farther for each from its edge
ABOUT = 0.12  # metres from its edge within which it is laid down
BESIDE_NECK, ON_SHOULDERS = 0.085, 0.09
"""Metres aside of the neck's root from which it is, and over it up to which."""
HELD = 0.08  # metres beyond which nothing is drawn down
EYES_TO_CROWN = 0.118  # of the head whose opening the numbers below describe


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """What the cloth lies on: posed points of head, neck, shoulders and chest."""

    points: Floats
    arms: tuple[Floats, Floats]
    """Of the upper arms, left and right; cloth that reaches them lies on them."""
    hands: Floats
    """Of forearms and hands, which cloth never covers."""
    eye_height: float
    """Over the head joint, at rest."""
    scale: float
    """The head's size against `EYES_TO_CROWN`."""
    cloth: Solids
    """The tops alone."""


def bun(turn: Floats, rise: Floats) -> Floats:
    """Where gathered hair lifts the cloth: the back of the head."""
    back = np.clip(-np.cos(turn), 0, 1)
    out: Floats = back * np.exp(-(((np.degrees(rise) - 28) / 26) ** 2)) * 2.2 + 0.25
    return out


def cowl(how: Drape, turn: Floats, rise: Floats) -> Floats:
    """A loose loop about the neck, lower on one side."""
    middle = -38 + 7 * np.sin(turn + 0.6)
    loop = np.exp(-(((np.degrees(rise) - middle) / 11) ** 2))
    around = np.clip(np.cos(turn) + 0.75, 0, 1)
    out: Floats = how.cowl * loop * around
    return out


def folds(
    how: Drape,
    points: Floats,
    placed: Placed,
    below: Below,
    turn: Floats,
    rise: Floats,
) -> Floats:
    """Curves from ear to ear under the chin, falls from the head, one end laid over."""
    head = in_head(points, placed, below)
    chest = (points - placed.at("neck01")) @ placed.turn("spine01")
    around, down = turn.ravel(), -np.degrees(rise.ravel())
    low = np.clip((down - 4) / 18, 0, 1)
    front = np.clip(np.cos(around) * 1.4, 0, 1)
    from_chin = np.linalg.norm((head - [0.01, -0.10, 0.06]) * [0.62, 1, 0.8], axis=1)
    warp = np.sin(chest[:, 0] * 19 + 1.0) + 0.6 * np.sin(
        chest[:, 1] * 17 + chest[:, 0] * 13
    )
    curve = np.sin(from_chin * 2 * np.pi / 0.050 + 0.8 * warp)
    fading = np.clip(1.5 - from_chin / 0.10, 0, 1)
    fall = np.sin(around * 11 + 1.3 * np.sin(around * 3 + 0.5) + chest[:, 1] * 3)
    gather = np.clip((down - 25) / 40, 0, 1)
    sweep = np.sin((head[:, 1] * 0.9 - head[:, 2] * 0.5) * 2 * np.pi / 0.07 + warp)
    aside = np.clip(np.abs(np.sin(around)) - 0.25, 0, 1)
    line = chest[:, 0] * 0.80 + (chest[:, 1] + 0.02) * 0.62
    laid = how.laid / (1 + np.exp(-line / 0.0025)) * front * low
    out: Floats = (
        how.swags * curve * low * front * fading
        + how.pleats * fall * gather
        + min(how.pleats, SWEPT) * 0.8 * sweep * aside * (1 - low)
        + laid
    )
    return out


def in_head(points: Floats, placed: Placed, below: Below) -> Floats:
    """Coordinates of the head bone from the eyes, in the size of the opening."""
    local = (points - placed.at("head")) @ placed.turn("head")
    out: Floats = (local - [0, below.eye_height, 0]) / below.scale
    return out


def laid_down(
    points: Floats, hem: Floats, below: Below, placed: Placed, shape: tuple[int, ...]
) -> Floats:
    """The drape with its edge on the shoulders, where it would stand off like a board.

    `hem` is how far each point is inside the edge; `shape` is the grid's.
    """
    local = (points - placed.at("neck01")) @ placed.turn("spine01")
    aside = np.clip((np.hypot(local[:, 0], local[:, 2]) - BESIDE_NECK) / 0.03, 0, 1)
    share = aside * np.clip((ON_SHOULDERS - local[:, 1]) / 0.04, 0, 1)
    near = np.flatnonzero((np.abs(hem) < ABOUT) & (share > 0))
    cloth = below.cloth
    if not len(near) or not len(cloth.points):
        return points
    away, found = cKDTree(cloth.points).query(points[near], distance_upper_bound=HELD)
    near, found = near[away < HELD], found[away < HELD]
    outward = cloth.outward[found]
    over = ((points[near] - cloth.points[found]) * outward).sum(axis=1)
    most = HEM_OFF + RISE * np.maximum(hem[near], 0)
    shift = np.zeros_like(points)
    shift[near] = -outward * (share[near] * np.maximum(over - most, 0))[:, None]
    even = gaussian_filter(
        shift.reshape(*shape, 3), (1.0, 1.0, 0), mode=("nearest", "wrap", "nearest")
    )
    out: Floats = points + even.reshape(-1, 3)
    return out
