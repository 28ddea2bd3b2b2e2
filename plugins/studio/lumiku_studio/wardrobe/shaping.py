"""How loose a garment is: off the body, hanging, wide as a tube, narrow at cuffs."""

import numpy as np
from scipy.ndimage import gaussian_filter

from lumiku_studio.arrays import Floats
from lumiku_studio.wardrobe import suit
from lumiku_studio.wardrobe.chart import Chart
from lumiku_studio.wardrobe.cut import Cut

HANG_BINS = (48, 96)
HANG_SLOPE = 0.16  # metres of radius that hanging cloth may lose per metre of fall
DRAWN = 0.5  # chart `arm` over which a long sleeve is drawn in to the wrist


def shaped(cut: Cut, loose: suit.Suit) -> Floats:
    """The suit made as loose as the cut asks, never inside the body."""
    source, outward, at, mean = loose.points, loose.outward, loose.at, suit.mean()
    points = loose.smooth(cut.smooth)
    sunk = np.minimum(((points - source) * outward).sum(axis=1), 0)
    drawn = _drawn_in(cut, at)
    off = cut.off + ((cut.wrist or cut.off) - cut.off) * drawn
    points = points - sunk[:, None] * outward + outward * off[:, None]
    if cut.hang:
        points = points + at.out * (_hang(at, points) * cut.hang)[:, None]
    points = points + at.out * (_tubes(cut, at, points) * (1 - drawn))[:, None]
    for _ in range(6):
        points = 0.5 * points + 0.5 * (mean @ points)
    sunk = np.minimum(((points - source) * outward).sum(axis=1) - off * 0.8, 0)
    out: Floats = points - sunk[:, None] * outward
    return out


def _drawn_in(cut: Cut, at: Chart) -> Floats:
    """How far sleeves are drawn in to the wrist, 0-1."""
    if cut.wrist is None or cut.sleeve is None:
        return np.zeros(len(at.arm))
    along = np.clip((at.arm - cut.sleeve) / DRAWN + 1, 0, 1) * (at.limb == 1)
    out: Floats = along * along * (3 - 2 * along)
    return out


def _hang(at: Chart, points: Floats) -> Floats:
    """How far trunk cloth stands off where it falls from what juts out above it."""
    trunk = (at.limb == 0) & (at.leg < 0.4)
    radius = ((points - at.axis) * at.out).sum(axis=1)
    height = points[:, 1]
    low, high = height[trunk].min(), height[trunk].max()
    rows = np.clip(
        ((high - height) / (high - low) * (HANG_BINS[0] - 1)), 0, HANG_BINS[0] - 1
    )
    columns = (at.turn / (2 * np.pi) % 1) * HANG_BINS[1]
    r, c = rows.round().astype(int), columns.round().astype(int) % HANG_BINS[1]
    grid = np.zeros(HANG_BINS)
    np.maximum.at(grid, (r[trunk], c[trunk]), radius[trunk])
    for _ in range(3):
        beside = np.maximum(np.roll(grid, 1, axis=1), np.roll(grid, -1, axis=1))
        grid = np.where(grid == 0, beside, grid)
    step = HANG_SLOPE * (high - low) / HANG_BINS[0]
    start = int(HANG_BINS[0] * 0.30)
    for row in range(start, HANG_BINS[0]):
        grid[row] = np.maximum(grid[row], grid[row - 1] - step)
    grid = gaussian_filter(grid, (1.0, 2.0), mode=("nearest", "wrap"))
    fade = np.clip((rows - start) / 4, 0, 1) * trunk
    out: Floats = np.maximum(grid[r, c] - radius, 0) * fade
    return out


def _tubes(cut: Cut, at: Chart, points: Floats) -> Floats:
    """How far trouser legs and sleeves must move out to be as wide as they are cut."""
    out = np.zeros(len(points))
    radius = ((points - at.axis) * at.out).sum(axis=1)
    if cut.tube is not None:
        least = np.interp(at.leg, [0.25, 0.6, 1, 2], [0, 0.070, *cut.tube])
        out = np.where(at.limb == 2, np.maximum(least - radius, 0), out)
    if cut.sleeve is not None and cut.cuff:
        wide = 0.052 if cut.sleeve > 1 else cut.cuff
        least = np.interp(
            at.arm, [0.2, 0.6, max(cut.sleeve, 0.61)], [0.0, wide, cut.cuff]
        )
        out = np.where(at.limb == 1, np.maximum(least - radius, 0), out)
    return out
