"""Upper lashes: hairs along the edge of the lid, wherever the lid is."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter1d

from lumiku_contracts.scene import Appearance
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.bare import skin_of
from lumiku_studio.body.likeness import UNITS
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit

HAIRS, POINTS = 64, 5
LID = 0.10  # share of a lid's farthest way from which skin belongs to the lid
COLUMN = 0.0016  # metres of the eye's width for each point of the edge
FORWARD = 0.6  # how far ahead, against how low, the edge lies on its lid
LENGTHS = (0.0048, 0.0020, 0.0018)
"""Metres: of anybody, more of a woman, more with all makeup."""
LINE = (0.00030, 0.00012, 0.00030)
"""Radius of the dark line at their roots, likewise."""
TAPER = ((0.0, 0.3, 0.75, 1.0), (0.5, 0.85, 1.0, 0.7))
"""Their length by place, from the nose outwards."""
CURL = 0.42
FAN = 0.7
DROOP, SHORTER = 1.3, 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Lids:
    """Which rows of the skin's surface are the edges of the upper lids."""

    left: Ints
    right: Ints
    length: float
    line: float


def lids(rest: Rest, look: Appearance) -> Lids:
    """The edges of the upper lids, from the nose outwards."""
    points, found = skin_of(rest).still, []
    for side, name in (("L", "left"), ("R", "right")):
        rows = _lid(name)
        away = points[rows] - rest.head(f"eye.{side}")
        column = np.round(np.abs(points[rows][:, 0]) / COLUMN).astype(int)
        low = away[:, 1] - FORWARD * away[:, 2]
        found.append(
            np.array(
                [
                    rows[column == c][low[column == c].argmin()]
                    for c in np.unique(column)
                ]
            )
        )
    feminine, makeup = look.physique.femininity, look.makeup
    length, line = (a + b * feminine + c * makeup for a, b, c in (LENGTHS, LINE))
    return Lids(found[0], found[1], length, line)


@lru_cache(maxsize=2)
def _lid(name: str) -> Ints:
    """The skin of an upper lid: what moves where an eye is closed."""
    body, skin = template(), surface("body", 1)
    moved = np.zeros_like(body.base)
    body.add_target(f"{UNITS}eye-{name}-closure", 1.0, moved)
    way = -(skin.operator @ moved[: body.count, 1])
    return np.flatnonzero(way > way.max() * LID)


def edge(rows: Ints, skin: Floats) -> Floats:
    """The curve of a lid's edge over the skin as it is now, `HAIRS` points."""
    curve = gaussian_filter1d(skin[rows], 1.0, axis=0, mode="nearest")
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    along = np.r_[0, np.cumsum(steps)] / steps.sum()
    at = np.linspace(0.02, 0.98, HAIRS)
    return np.stack([np.interp(at, along, curve[:, k]) for k in range(3)], axis=1)


def grown(
    curve: Floats, middle: Floats, up: Floats, length: float, closed: float = 0.0
) -> Floats:
    """Hairs (n x k x 3) on a lid's edge, about the eye's `middle`.

    Of a `closed` (0-1) lid they hang, shorter for being seen from above.
    """
    rng = np.random.default_rng(11)
    out = unit(curve - middle)
    rise = unit(up - (out @ up)[:, None] * out)
    place = np.linspace(0, 1, HAIRS)
    aside = unit(np.gradient(curve, axis=0)) * ((place - 0.42) * FAN)[:, None]
    way = unit(out + aside + rng.normal(0, 0.06, out.shape))
    way = unit(way - rise * (DROOP * closed))
    reach = (
        (1 - closed * SHORTER)
        * length
        * np.interp(place, *TAPER)
        * rng.uniform(0.8, 1.1, HAIRS)
    )
    t = np.linspace(0, 1, POINTS)[None, :, None]
    bent = way[:, None] * t + rise[:, None] * (CURL * (1 - closed) * t * t)
    hairs: Floats = curve[:, None] + bent * reach[:, None, None]
    return hairs
