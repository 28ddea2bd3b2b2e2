"""How cloth lies: maps of folds over trunk, arms and legs, drawn from shaped noise.

A map is indexed by the way around a limb and the way along it, in metres; it holds
heights and their slopes. Noise is smoothed along the way folds run there: down towards
a hem, around a bent joint, slanting where cloth is pulled.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter

from lumiku_studio.arrays import Floats

CELL = 0.003  # metres
APART = 10.0  # metres of `v` between the maps of trunk, arms and legs
RADII = (0.16, 0.05, 0.085)  # of trunk, arms and legs: metres of `u` per radian
LOWEST = (-0.55, -0.05, -1.0)
TALL = (1.35, 0.75, 1.15)


@dataclass(frozen=True, slots=True, eq=False)
class Lie:
    """Heights (rows along, columns around; metres) and slopes in both ways."""

    height: Floats
    slopes: Floats


@lru_cache(maxsize=1)
def lies() -> tuple[Lie, Lie, Lie]:
    """The maps of trunk, arms and legs."""
    return _lie(0), _lie(1), _lie(2)


def _lie(limb: int) -> Lie:
    rows = round(TALL[limb] / CELL)
    columns = round(2 * np.pi * RADII[limb] / CELL)
    rng = np.random.default_rng(40 + limb)
    v = LOWEST[limb] + np.arange(rows)[:, None] * CELL
    turn = (np.arange(columns)[None] / columns * 2 - 1) * np.pi

    def noise(along: float, around: float, slant: float = 0.0) -> Floats:
        """Ridges that run `along` and `around` for so many metres, leaning."""
        field = rng.standard_normal((rows, columns))
        size = (along / CELL, around / CELL)
        field = gaussian_filter(field, size, mode=("nearest", "wrap"))
        shift = np.round(slant * np.arange(rows)).astype(int)
        at = (np.arange(columns)[None] + shift[:, None]) % columns
        field = np.take_along_axis(field, at, axis=1)
        field = np.abs(field / field.std())
        out: Floats = gaussian_filter(field, 1.2, mode=("nearest", "wrap")) - 0.8
        return out

    def near(at: float, width: float) -> Floats:
        out: Floats = np.exp(-(((v - at) / width) ** 2))
        return out

    left = np.clip(np.sin(turn) * 1.5 + 0.5, 0, 1)
    if limb == 0:
        fall = noise(0.11, 0.016) * np.interp(v, [-0.2, 0.05, 0.34], [1.0, 0.75, 0.1])
        lean = noise(0.06, 0.012, 0.75) * left + noise(0.06, 0.012, -0.75) * (1 - left)
        pull = lean * (0.30 * near(0.34, 0.12) + 0.5 * near(0.16, 0.09))
        waist = noise(0.010, 0.06) * near(0.12, 0.06) * 0.45
        height = 0.0060 * fall + 0.0060 * (pull + waist)
    elif limb == 1:
        bend = noise(0.010, 0.030, 0.5) * (near(0.27, 0.07) + 0.8 * near(0.5, 0.07))
        loose = noise(0.035, 0.012, 0.6) * (0.25 + near(0.12, 0.1) * 0.5)
        height = 0.0052 * bend + 0.0045 * loose
    else:
        knee = noise(0.012, 0.045, 0.5) * near(-0.42, 0.08)
        stack = noise(0.011, 0.05, -0.3) * near(-0.78, 0.07)
        crotch = noise(0.03, 0.014, 1.0) * near(-0.04, 0.10)
        loose = noise(0.12, 0.012) * 0.35
        height = 0.0050 * (knee + stack + crotch + loose)
    smooth = gaussian_filter(height, 1.0, mode=("nearest", "wrap"))
    along = np.gradient(smooth, CELL, axis=0)
    padded = np.pad(smooth, ((0, 0), (1, 1)), mode="wrap")
    around = (padded[:, 2:] - padded[:, :-2]) / (2 * CELL)
    slopes = np.stack([around, along], axis=-1).astype(np.float32)
    return Lie(smooth.astype(np.float32), slopes)


def _cells(uv: Floats) -> list[tuple[int, Floats, Floats, Floats]]:
    """Per map: its number, the rows of `uv` on it, and the cells they meet."""
    limb = np.clip(np.round(uv[:, 1] / APART), 0, 2).astype(int)
    out = []
    for number, lie in enumerate(lies()):
        mine = np.flatnonzero(limb == number)
        rows, columns = lie.height.shape
        y = (uv[mine, 1] - APART * number - LOWEST[number]) / CELL
        x = (uv[mine, 0] / RADII[number] + np.pi) / (2 * np.pi) * columns
        r = np.clip(y.astype(int), 0, rows - 1)
        out.append((number, mine, r, x.astype(int) % columns))
    return out


def heights(uv: Floats) -> Floats:
    """Metres that folds rise at places of cloth (n x 2)."""
    out = np.zeros(len(uv))
    for number, mine, row, column in _cells(uv):
        out[mine] = lies()[number].height[row, column]
    return out


def slopes(uv: Floats) -> Floats:
    """How steep folds are at places of cloth (n x 2), around and along."""
    out = np.zeros((len(uv), 2), np.float32)
    for number, mine, row, column in _cells(uv):
        out[mine] = lies()[number].slopes[row, column]
    return out
