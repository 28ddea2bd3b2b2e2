"""The upper of a shoe at rest: how wide and tall it is along the foot."""

import numpy as np

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template

COLLAR = 0.086
SLICES = 40
ROUND = (0.62, 0.72)  # powers that make an upper's section rounder than an ellipse
SIDE_ROOM, TOP_ROOM, END_ROOM = 0.006, 0.007, 0.010


def _foot(side: str) -> Mask:
    body = template()
    mask: Mask = body.influence("foot", "toe", side=side) > 0.5
    mask[body.faces["body"].max() + 1 :] = False
    return mask


def outline(rest: Rest, side: str) -> tuple[Floats, ...]:
    """Along the foot from heel to toe: place, middle, half width, height; two ways."""
    foot = rest.points[_foot(side)]
    heel, toe = rest.head(f"foot.{side}"), rest.head(f"toe2-1.{side}")
    way = (toe - heel) * [1, 0, 1]
    way /= np.linalg.norm(way)
    across = np.array([way[2], 0, -way[0]])
    low = foot[foot[:, 1] < rest.floor + 0.06]
    along, aside = low @ way, low @ across
    start, end = along.min() - END_ROOM, along.max() + END_ROOM
    place = np.linspace(0, 1, SLICES)
    at = start + place * (end - start)
    middle, half, height = np.empty(SLICES), np.empty(SLICES), np.empty(SLICES)
    for k, centre in enumerate(np.clip(at, along.min() + 0.012, along.max() - 0.012)):
        near = np.abs(along - centre) < 0.011
        left, right = aside[near].min(), aside[near].max()
        middle[k], half[k] = (left + right) / 2, (right - left) / 2 + SIDE_ROOM
        tall = np.abs(foot @ way - centre) < 0.011
        height[k] = foot[tall][:, 1].max() - rest.floor + TOP_ROOM
    for values in (middle, half, height):
        values[:] = np.convolve(np.pad(values, 3, mode="edge"), np.ones(7) / 7, "valid")
    height = np.minimum(height, COLLAR)
    height = np.maximum(
        height, np.interp(place, [0, 0.2, 0.8, 1], [0.075, 0.07, 0.045, 0.04])
    )
    round_heel = np.sqrt(np.clip(1 - (1 - np.clip(place / 0.13, 0, 1)) ** 2.4, 0, 1))
    round_toe = np.sqrt(np.clip(1 - np.clip((place - 0.74) / 0.26, 0, 1) ** 2.6, 0, 1))
    half = half * np.minimum(round_heel, round_toe)
    return at, middle, half, height * _roof(place), way, across


def _roof(place: Floats) -> Floats:
    """The upper's height closes quickly at heel and toe."""
    toe = np.clip((place - 0.80) / 0.20, 0, 1)
    out: Floats = np.sqrt(np.clip(1 - toe**3.0, 0, 1)) * np.clip(
        0.55 + place / 0.05, 0, 1
    )
    return out


def above(rest: Rest, side: str, points: Floats) -> Floats:
    """How many metres points (n x 3) are above the upper; beside it, over the floor."""
    at, middle, half, height, way, across = outline(rest, side)
    along, aside = points @ way, points @ across
    wide = np.maximum(np.interp(along, at, half), 1e-6)
    share = np.abs(aside - np.interp(along, at, middle)) / wide
    share[(along < at[0]) | (along > at[-1])] = 1
    sine = np.sqrt(1 - np.minimum(share, 1) ** (2 / ROUND[0]))
    roof = np.interp(along, at, height) * sine ** ROUND[1]
    out: Floats = points[:, 1] - rest.floor - roof
    return out
