"""A ponytail: a round bundle of locks about one line, that narrows to its tips."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from lumiku_contracts.scene import HairStyle
from lumiku_studio.arrays import Floats
from lumiku_studio.hair.gathered import way_to
from lumiku_studio.hair.growth import clear, march
from lumiku_studio.hair.scalp import Ground
from lumiku_studio.hair.styles import TAIL
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.rig import Placed

STRANDS, LENGTH = 2800, 0.27
LIFT = 0.35  # how much it rises where it is tied
WIDE = 0.027  # metres from its middle where it is widest
SWELLS = ((0.0, 0.3, 0.65, 1.0), (0.42, 0.9, 1.0, 0.6))
"""Width of a tail, by the share of its length."""
NARROWS = ((0.0, 0.45, 1.0), (1.0, 1.0, 0.16))
"""Width of each of its locks in that of the tail."""
LOCKS, APART, THICK = 11, 0.62, 0.48
GOLDEN = 2.39996  # radians from one lock to the next: they fill the bundle evenly
TWIST = 1.1  # radians that the bundle is wound
SHORTEST, UNEVEN = 0.80, 0.14  # shares of its length: of locks, and within a lock
EVEN = 1.3  # steps over which bumps of the line are smoothed
WAVE = 0.08  # of its width that each lock swings


def tail(tie: Floats, placed: Placed, ground: Ground, every: int) -> Floats:
    """A ponytail's strands, one of so many, fallen in the pose."""
    turn, head = placed.turn("head"), placed.at("head")
    rng = np.random.default_rng(8)
    start = (tie @ turn.T + head)[None]
    way = unit(way_to(HairStyle.PONYTAIL) @ turn.T + turn[:, 1] * LIFT)[None]
    lead, length = -turn[None, :, 2], np.array([LENGTH])
    line = march(start, way, length, TAIL, lead, ground, rng, None)[0]
    line = gaussian_filter1d(line, EVEN, axis=0, mode="nearest")
    strands = _bundle(line, turn[:, 0], STRANDS // every, rng)
    return clear(strands, ground, float(head[1]))


def _bundle(line: Floats, side: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Strands about a line (k x 3); `side` is across it where it begins."""
    first, second = _across(line, side)
    share = np.linspace(0, 1, TAIL.points)
    lock = rng.integers(LOCKS, size=count)
    ends = rng.uniform(SHORTEST, 1, LOCKS)[lock] - rng.uniform(0, UNEVEN, count)
    middle, phase = np.arange(LOCKS), rng.uniform(0, 2 * np.pi, LOCKS)
    out_of = np.sqrt((middle + 0.5) / LOCKS)[lock, None] * APART
    turned = (middle * GOLDEN)[lock, None] + TWIST * share
    swing = WAVE * np.sin(phase[lock, None] + 2 * np.pi * share)
    own = np.sqrt(rng.random(count))[:, None] * THICK * np.interp(share, *NARROWS)
    about = rng.uniform(0, 2 * np.pi, (count, 1))
    wide = WIDE * np.interp(share, *SWELLS)
    across = wide * (out_of * np.cos(turned) + own * np.cos(about) + swing)
    along = wide * (out_of * np.sin(turned) + own * np.sin(about))
    at = share * ends[:, None] * (len(line) - 1)
    strands: Floats = (
        _between(line, at)
        + _between(first, at) * across[..., None]
        + _between(second, at) * along[..., None]
    )
    return strands


def _across(line: Floats, side: Floats) -> tuple[Floats, Floats]:
    """Two ways across each point of a line, carried along it without twist."""
    along = unit(np.gradient(line, axis=0))
    carried = side
    first = []
    for way in along:
        carried = unit(carried - (carried @ way) * way)
        first.append(carried)
    return np.stack(first), np.cross(along, np.stack(first))


def _between(rows: Floats, at: Floats) -> Floats:
    """Rows (k x 3) read at fractions of rows (n x m)."""
    known = np.arange(len(rows))
    return np.stack([np.interp(at, known, rows[:, k]) for k in range(3)], axis=-1)
