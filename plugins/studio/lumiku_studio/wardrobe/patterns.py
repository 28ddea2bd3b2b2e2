"""Patterns that are printed on cloth: how much of the second colour is where.

Each is asked for places in metres (n x 2) and over how many metres it is mixed there.
"""

from collections.abc import Callable, Mapping

import numpy as np

from lumiku_contracts.scene import Pattern
from lumiku_studio.arrays import Floats
from lumiku_studio.shading.footprint import Footprint

EDGE = 0.0009  # metres over which one colour gives way to the other
GRAZING = 2.5  # times as long as wide, from which a pixel is asked in some places
TAPS = 4
COARSE = (0.006, 0.016)  # metres between which a figure gives way to its mean
Soft = Floats | float


def resolved(period: float, long: Floats | None) -> Floats | float:
    """How much of what recurs after `period` metres shows in pixels so `long`, 0-1."""
    if long is None:
        return 1.0
    out: Floats = np.clip(2 - long * (4 / period), 0, 1)
    return out


def mixed(
    pattern: Callable[[Floats, Soft], Floats], uv: Floats, seen: Footprint | None
) -> Floats:
    """How much of a pattern pixels show: its mean over each, 0-1."""
    if seen is None:
        return pattern(uv, EDGE)
    out = pattern(uv, np.maximum(seen.wide, EDGE))
    rows = np.flatnonzero(seen.long > GRAZING * seen.wide)
    if len(rows):
        far = seen.some(rows)
        soft = np.maximum(np.maximum(far.wide, far.long / TAPS), EDGE)
        steps = (np.arange(TAPS) + 0.5) / TAPS - 0.5
        tapped = [pattern(uv[rows] + far.along * step, soft) for step in steps]
        out[rows] = np.mean(tapped, axis=0)
    return out


def _band(place: Floats, period: float, share: float, soft: Soft) -> Floats:
    """The mean over `soft` of stripes that fill a share of each period."""

    def filled(to: Floats) -> Floats:
        turn = to / period + (share - 1) / 2
        out: Floats = (np.floor(turn) + np.minimum(turn % 1 / share, 1)) * share
        return out

    out: Floats = filled(place + soft / 2) - filled(place - soft / 2)
    return out * period / soft


def _stripes(uv: Floats, soft: Soft) -> Floats:
    return _band(uv[:, 1], 0.034, 0.45, soft)


def _pinstripes(uv: Floats, soft: Soft) -> Floats:
    return _band(uv[:, 0], 0.0225, 0.11, soft)


def _checks(uv: Floats, soft: Soft) -> Floats:
    across, along = _band(uv[:, 0], 0.05, 0.5, soft), _band(uv[:, 1], 0.05, 0.5, soft)
    thin = np.maximum(
        _band(uv[:, 0], 0.05, 0.04, soft), _band(uv[:, 1], 0.05, 0.04, soft)
    )
    out: Floats = np.clip(0.5 * across + 0.5 * along - 0.6 * thin, 0, 1)
    return out


def _dots(uv: Floats, soft: Soft) -> Floats:
    row = np.floor(uv[:, 1] / 0.03)
    x = (uv[:, 0] / 0.034 + 0.5 * (row % 2)) % 1 - 0.5
    y = (uv[:, 1] / 0.03) % 1 - 0.5
    away = np.hypot(x * 0.034, y * 0.03)
    out: Floats = np.clip((0.0062 - away) / soft + 0.5, 0, 1)
    return _faded(out, 0.12, soft)


def _batik(uv: Floats, soft: Soft) -> Floats:
    """Four petals about a cross of dots in every tile, and lines between the tiles."""
    tile = 0.066
    x, y = ((uv[:, k] / tile) % 1 - 0.5 for k in (0, 1))
    a, b = np.abs(x), np.abs(y)
    along, aside = (a + b) * 0.7071, np.abs(a - b) * 0.7071
    petal = 1 - ((along - 0.34) / 0.25) ** 2 - (aside / 0.125) ** 2
    vein = (np.abs(aside) < 0.018) & (np.abs(along - 0.34) < 0.16)
    seed = (np.hypot(along - 0.34, aside) < 0.07) & (aside > 0.03)
    heart = np.hypot(x, y) < 0.055
    rim = np.hypot(0.5 - a, 0.5 - b) < 0.06
    edge = np.hypot(0.5 - a, b) < 0.035
    edge |= np.hypot(a, 0.5 - b) < 0.035
    out = np.clip(petal * 6, 0, 1) * np.where(vein | seed, 0.25, 0.92)
    outline = np.clip(1 - np.abs(petal + 0.38) * 6, 0, 1) * 0.45
    most: Floats = np.maximum.reduce([out, outline, (heart | rim) * 0.95, edge * 0.7])
    return _faded(most, 0.42, soft)


def _faded(much: Floats, mean: float, soft: Soft) -> Floats:
    """A pattern that gives way to its mean where pixels are as large as its parts."""
    share = np.clip((soft - COARSE[0]) / (COARSE[1] - COARSE[0]), 0, 1)
    out: Floats = much + (mean - much) * share
    return out


PATTERNS: Mapping[Pattern, Callable[[Floats, Soft], Floats]] = {
    Pattern.STRIPES: _stripes,
    Pattern.PINSTRIPES: _pinstripes,
    Pattern.CHECKS: _checks,
    Pattern.DOTS: _dots,
    Pattern.BATIK: _batik,
}
