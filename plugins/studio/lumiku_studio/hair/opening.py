"""The opening of a hijab: one smooth closed curve on the skin round a face."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.hair.folds import Below, in_head
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.rig import Placed

AROUND = 160
"""Points of the curve; the first is at the left cheek, a quarter on the forehead."""
SHAPE = (-0.031, 0.0740, 0.0885)
"""Middle y over the eyes, half width, half height, in metres of a common head."""
JAW = 0.45  # how the edge runs forward along the jaw
EARS = 0.026  # how far before the head joint the opening ends
MIDDLE = (-0.031, 0.0)  # height over the eyes, ahead of the joint: whence it is seen
STEPS = np.radians(np.arange(24.0, 112.0, 1.5))
EVEN = 3.5
NEAR, FACING, APART = 5, 0.85, 0.09
"""Skin points for one on the curve; what is less than this share of the farthest is
within the mouth; metres for a radian."""


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The curve, seen from a point within the head."""

    middle: Floats
    turn: Floats
    reach: Floats
    """AROUND angles from straight ahead at which the cloth begins."""
    curve: Floats
    """AROUND x 3 on the skin."""
    ways: Floats
    """The directions in which the curve is seen."""

    def beyond(self, points: Floats) -> Floats:
        """About how many metres outside the curve each point is."""
        x, y, z = ((points - self.middle) @ self.turn).T
        around = np.arctan2(y, x) / (2 * np.pi) * AROUND
        begins = np.interp(around, np.arange(AROUND), self.reach, period=AROUND)
        out: Floats = (np.arctan2(np.hypot(x, y), z) - begins) * APART
        return out


def opening(below: Below, placed: Placed) -> Opening:
    """Where the cloth of a hijab begins on a posed head."""
    turn = placed.turn("head")
    rise, ahead = np.multiply(MIDDLE, below.scale)
    middle = placed.at("head") + turn @ [0, below.eye_height + rise, ahead]
    local = (below.points[below.head] - middle) @ turn
    far = np.linalg.norm(local, axis=1)
    tree = cKDTree(unit(local))
    around = np.arange(AROUND) / AROUND * 2 * np.pi

    def seen(angle: Floats, round_: Floats) -> tuple[Floats, Floats]:
        way = np.stack(
            [
                np.sin(angle) * np.cos(round_),
                np.sin(angle) * np.sin(round_),
                np.cos(angle),
            ],
            axis=-1,
        )
        apart, near = tree.query(way, k=NEAR)
        radius = far[near]
        share = (radius > FACING * radius.max(axis=-1, keepdims=True)) / (apart + 1e-3)
        return way, (radius * share).sum(axis=-1) / share.sum(axis=-1)

    way, radius = seen(*np.meshgrid(STEPS, around))
    skin = (way * radius[..., None]) @ turn.T + middle
    field = _outside(skin.reshape(-1, 3), placed, below).reshape(radius.shape)
    reach = gaussian_filter1d(_first(field > 0, field), EVEN, mode="wrap")
    way, radius = seen(reach, around)
    radius = gaussian_filter1d(radius, EVEN, mode="wrap")
    ways = way @ turn.T
    return Opening(middle, turn, reach, middle + ways * radius[:, None], ways)


def _first(out: Mask, field: Floats) -> Floats:
    """The angle at which each row of a field first gets positive."""
    k = np.where(out.any(axis=1), out.argmax(axis=1), len(STEPS) - 1).clip(1)
    rows = np.arange(len(field))
    low, high = field[rows, k - 1], field[rows, k]
    share = np.clip(low / np.minimum(low - high, -1e-9), 0, 1)
    found: Floats = STEPS[k - 1] + share * (STEPS[k] - STEPS[k - 1])
    return found


def _outside(points: Floats, placed: Placed, below: Below) -> Floats:
    x, y, z = in_head(points, placed, below).T
    middle, wide, high = SHAPE
    power = np.where(y < middle, 2.0, 2.4)
    round_ = np.abs(x / wide) ** power + np.abs((y - middle) / high) ** power
    out: Floats = np.maximum(
        (round_ - 1) * 0.035, EARS + JAW * np.clip(-y - 0.03, 0, 1) - z
    )
    return out
