"""Cloth stretched over what is seen from one point: a radius for each direction."""

import numpy as np
from scipy.ndimage import gaussian_filter, grey_closing, grey_dilation

from lumiku_studio.arrays import Floats, Ints

AROUND, RISE = 192, 168
LOWEST = -83.0
DENSER = 1.7  # how much closer rows lie towards the chest
COARSE = (96, 150)
ROUNDS = 22  # in which the cloth is stretched


def directions() -> tuple[Floats, Floats]:
    """Angle around (0 = front, towards the left) and above the level, RISE x AROUND."""
    turn = np.linspace(-np.pi, np.pi, AROUND, endpoint=False)
    down = 1 - (1 - np.linspace(0, 1, RISE)) ** DENSER
    out_turn, out_rise = np.meshgrid(turn, np.radians(90 - (90 - LOWEST) * down))
    return out_turn, out_rise


def radii(points: Floats, centre: Floats, frame: Floats) -> Floats:
    """The farthest point in each direction, on the fine grid."""
    local = (points - centre) @ frame
    radius = np.linalg.norm(local, axis=1)
    turn = np.arctan2(local[:, 0], local[:, 2])
    rise = np.degrees(np.arcsin(np.clip(local[:, 1] / np.maximum(radius, 1e-9), -1, 1)))
    inside = rise > LOWEST
    column = ((turn + np.pi) / (2 * np.pi) * COARSE[0]).astype(int) % COARSE[0]
    row = ((90 - rise) / (90 - LOWEST) * (COARSE[1] - 1)).round().astype(int)
    grid = np.zeros((COARSE[1], COARSE[0]))
    np.maximum.at(grid, (row[inside], column[inside]), radius[inside])
    for _ in range(16):
        grown = grey_dilation(grid, size=(3, 3), mode="wrap")
        grown[0], grown[-1] = grid[0], grid[-1]
        grid = np.where(grid == 0, grown, grid)
    # Near the pole all columns are one direction.
    grid[:4] = grid[:6].max()
    rise = np.degrees(directions()[1][:, 0])
    rows = (90 - rise) / (90 - LOWEST) * (COARSE[1] - 1)
    columns = (np.arange(AROUND) / AROUND * COARSE[0] - 0.5) % COARSE[0]
    low, left = np.minimum(rows.astype(int), COARSE[1] - 2), columns.astype(int)
    fy, fx = (rows - low)[:, None], (columns - left)[None]
    right = (left + 1) % COARSE[0]
    upper = grid[low][:, left] * (1 - fx) + grid[low][:, right] * fx
    lower = grid[low + 1][:, left] * (1 - fx) + grid[low + 1][:, right] * fx
    out = upper * (1 - fy) + lower * fy
    smooth: Floats = gaussian_filter(out, (1.6, 2.4), mode=("nearest", "wrap"))
    return smooth


def taut(skin: Floats) -> Floats:
    """A skin stretched over the radii: flat where it spans, never below them.

    A plane's inverse radius is what smoothing leaves alone.
    """
    wide = np.concatenate([skin, skin, skin], axis=1)
    closed = grey_closing(wide, size=(71, 31), mode="nearest")[:, AROUND : 2 * AROUND]
    least = 1 / skin
    flat = 1 / closed
    for _ in range(ROUNDS):
        flat = gaussian_filter(flat, (2.5, 2.5), mode=("nearest", "wrap"))
        flat = np.minimum(flat, least)
    out: Floats = gaussian_filter(1 / flat, (2.0, 3.0), mode=("nearest", "wrap"))
    return np.maximum(out, skin)


def grid() -> Ints:
    """The triangles between all directions."""
    first = (np.arange(RISE - 1)[:, None] * AROUND + np.arange(AROUND)).ravel()
    beside = (
        np.arange(RISE - 1)[:, None] * AROUND + (np.arange(AROUND) + 1) % AROUND
    ).ravel()
    below, diagonal = first + AROUND, beside + AROUND
    return np.concatenate(
        [np.stack([first, below, diagonal], 1), np.stack([first, diagonal, beside], 1)]
    )
