"""Where a shoe opens: the line about the ankle where the skin leaves the upper."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints, Mask

AROUND, ABOUT = 56, 9
NEAR = np.radians(12)
WIDE = 0.05  # metres that one radian is worth where the nearest skin is looked for
ANKLE = (
    0.085,
    0.115,
)  # metres over the foot's lowest point that say where its middle is
LOW, HIGH = 0.05, 0.094
SMOOTH = 2.0  # steps
PAD, TALL = 0.0046, 0.0085  # half the thickness and height of the padded edge, metres
LOWER = 0.003  # metres that its middle is under the line: skin is cut no finer
SUNK = 0.002  # metres under the line from which skin is not drawn
INSIDE = 0.007  # metres within the line from which there is no upper


@dataclass(frozen=True, slots=True, eq=False)
class Topline:
    """Places of the line around the ankle's middle, at even angles."""

    middle: Floats
    """x and z; heights are over `floor`, metres."""
    floor: float
    away: Floats
    high: Floats
    side: float
    """1 at the left foot, -1 at the right."""

    @property
    def turns(self) -> Floats:
        """The angle of each place, from ahead to the left, radians."""
        return np.linspace(0, 2 * np.pi, AROUND, endpoint=False)

    def polar(self, points: Floats) -> tuple[Floats, Floats]:
        """Angle and distance of points about the ankle's middle."""
        x, z = (points[:, [0, 2]] - self.middle).T
        return np.arctan2(x, z) % (2 * np.pi), np.hypot(x, z)

    def _at(self, values: Floats, turn: Floats) -> Floats:
        out: Floats = np.interp(turn, self.turns, values, period=2 * np.pi)
        return out

    def over(self, points: Floats) -> Mask:
        """Whether points of this side's skin are below the line, inside the shoe."""
        turn, _ = self.polar(points)
        low = points[:, 1] - self.floor < self._at(self.high, turn) - SUNK
        out: Mask = low & (points[:, 0] * self.side > 0)
        return out

    def within(self, points: Floats) -> Mask:
        """Whether points of the upper are where the ankle is."""
        turn, away = self.polar(points)
        tall = points[:, 1] > self.floor + LOW
        out: Mask = tall & (away < self._at(self.away, turn) - INSIDE)
        return out

    def edge(self) -> tuple[Floats, Ints]:
        """A padded edge along the line: points and triangles."""
        way = np.stack([np.sin(self.turns), 0 * self.turns, np.cos(self.turns)], 1)
        line = way * self.away[:, None]
        line += [self.middle[0], self.floor, self.middle[1]]
        line[:, 1] += self.high - LOWER
        around = np.linspace(0, 2 * np.pi, ABOUT, endpoint=False)
        out = way[:, None] * np.cos(around)[:, None] * PAD
        rise = np.sin(around)[:, None] * [0, TALL, 0]
        points = (line[:, None] + out + rise).reshape(-1, 3)
        row, place = np.divmod(np.arange(AROUND * ABOUT), ABOUT)
        on, beside = (row + 1) % AROUND * ABOUT, (place + 1) % ABOUT
        a, b, c, d = row * ABOUT + place, on + place, on + beside, row * ABOUT + beside
        return points, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def topline(skin: Floats, above: Floats, floor: float, side: float) -> Topline:
    """The line along which one side's skin (n x 3) leaves an upper.

    `above` says how far each point is above the upper, metres.
    """
    tall = skin[:, 1] - floor
    ankle = skin[(tall > ANKLE[0]) & (tall < ANKLE[1])][:, [0, 2]]
    middle = (ankle.max(axis=0) + ankle.min(axis=0)) / 2
    line = Topline(middle, floor, np.zeros(AROUND), np.zeros(AROUND), side)
    turn, away = line.polar(skin)
    high = np.full(AROUND, LOW)
    for k, at in enumerate(line.turns):
        apart = np.abs((turn - at + np.pi) % (2 * np.pi) - np.pi)
        covered = tall[(apart < NEAR) & (above < 0)]
        high[k] = np.clip(covered.max(initial=LOW), LOW, HIGH)
    high = gaussian_filter1d(high, SMOOTH, mode="wrap")
    tree = cKDTree(np.stack([turn * WIDE, tall], axis=1))
    rows = tree.query(np.stack([line.turns * WIDE, high], axis=1), k=3)[1]
    reach = gaussian_filter1d(away[rows].mean(axis=1), SMOOTH, mode="wrap")
    return Topline(middle, floor, reach, high, side)
