"""The lower edge of a hijab: how far its cloth reaches down from the neck."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import (
    gaussian_filter,
    gaussian_filter1d,
    grey_dilation,
    minimum_filter1d,
)

from lumiku_contracts.scene import Headwear
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.hair.drapes import DRAPES, Drape
from lumiku_studio.hair.stretch import AROUND, directions
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.rig import Placed

HANDS_OFF = 0.02
HIGHEST_CUT = -0.10  # metres over the neck's root up to which hands shorten the cloth
SHOULDER = 0.15  # metres from the neck to where a shoulder falls away
BESIDE = ((0.0, 0.5, 1.0), (0.118, 0.16, 0.43))
"""Metres from the spine that it reaches, by how much cloth lies on the arm."""
ARMPIT, DRAWN_IN = (-0.05, 0.01), 0.04
"""Metres over the neck's root between which arms held forwards draw it in; how far."""
AHEAD = (0.2, 0.6)  # how far forwards an arm points that does not do so, and does
PIT, CHEST = 0.02, (0.06, 0.12)
"""Metres ahead of the spine of a shoulder, and from there to where it is not drawn."""
HEAD = 0.08  # metres over the neck's root from which cloth may lie farther aside
REACHED = 0.34  # metres from the spine within which hands lie on the trunk
COLUMNS, BROAD = 48, 21  # directions, and for how many of them a hand shortens
COLLAR = (0.040, 0.012)
"""Metres over the neck's root above which all is covered: arm lifted, arm hanging."""
LONG = 0.33  # metres in front from which hands shorten the cloth
LIFTED = (0.50, 0.85)  # hang of an upper arm at which cloth has slid off, and none has
FROM = -12.0  # degrees below the level under which the edge may lie
FLATTER = np.array([1.0, 0.94, 1.0])
LEAST = 9  # directions of which the edge takes the shortest
LONGER = 1.05  # than its edge will be, cloth is laid
EVEN = 5.0  # directions over which the edge is evened


def slid(how: Drape, hang: tuple[float, float]) -> Drape:
    """A long drape as lifted arms leave it: drawn up to what a short one covers."""
    share = float(np.interp(min(hang), LIFTED, (1, 0)))
    short = DRAPES[Headwear.HIJAB]
    if how.side <= short.side or share == 0:
        return how
    names = ("front", "back", "side", "hold", "point", "pleats")
    return replace(
        how,
        **{
            name: getattr(how, name) * (1 - share) + getattr(short, name) * share
            for name in names
        },
    )


def hanging(placed: Placed) -> tuple[float, float]:
    """How straight down each upper arm hangs: 1 down, 0 level or higher."""
    down = -placed.turn("spine01")[:, 1]
    left, right = (float(np.clip(arm @ down, 0, 1)) for arm in _arms(placed))
    return left, right


def _arms(placed: Placed) -> list[Floats]:
    """The ways of the left and the right upper arm."""
    return [
        unit(placed.at(f"lowerarm01.{side}") - placed.at(f"upperarm01.{side}"))
        for side in "LR"
    ]


def lowest(
    how: Drape,
    points: Floats,
    placed: Placed,
    hang: tuple[float, float],
    hands: Floats,
) -> tuple[Floats, Floats]:
    """Radians above the level of the edge in each direction around, and its reach.

    `points` are those of the cloth, in the rows and columns of `directions`; the reach
    is as `far` measures it.
    """
    within = _within(how, points.reshape(-1, 3), placed, hang, hands)
    rise = directions()[1][:, 0]
    begin = int((np.degrees(rise) > FROM).sum())
    field = within.reshape(len(rise), AROUND)[begin:]
    away = np.maximum.accumulate(far(points[begin:], placed)[1], axis=0)
    reach = minimum_filter1d(_where(field, away), LEAST, mode="wrap")
    reach = gaussian_filter1d(reach, EVEN, mode="wrap")
    level = np.broadcast_to(rise[begin:, None], away.shape)
    return _where(reach * LONGER - away, level), reach


def far(points: Floats, placed: Placed) -> tuple[Floats, Floats]:
    """The angle around the trunk, and how far from the neck's root."""
    local = (points - placed.at("neck01")) @ placed.turn("spine01")
    turn = np.arctan2(local[..., 0], local[..., 2])
    return turn, np.linalg.norm(local * FLATTER, axis=-1)


def cut(points: Floats, reach: Floats, placed: Placed) -> Floats:
    """Rows of a cloth that end in an even edge where `reach` says, or at row `ends`."""
    turn, away = far(points, placed)
    around = np.linspace(-np.pi, np.pi, len(reach), endpoint=False)
    most = np.interp(turn, around, reach, period=2 * np.pi)
    share = np.minimum(away[-1] / most[-1], 1)
    share = gaussian_filter1d(
        minimum_filter1d(share, LEAST, mode="wrap"), EVEN, mode="wrap"
    )
    over = away - most * share
    count = len(points)
    column = np.arange(points.shape[1])
    last = count - 1 - (over < 0)[::-1].argmax(axis=0)
    beyond = np.minimum(last + 1, count - 1)
    low, high = over[last, column], over[beyond, column]
    part = np.where(beyond > last, low / np.minimum(low - high, -1e-9), 0)
    end = minimum_filter1d(last + part, 5, mode="wrap")
    end = gaussian_filter1d(end, 2.5, mode="wrap")
    rows = np.linspace(0, 1, count)[:, None] * end
    first = np.minimum(rows.astype(int), count - 2)
    share = (rows - first)[..., None]
    out: Floats = (
        points[first, column] * (1 - share) + points[first + 1, column] * share
    )
    return out


def _where(field: Floats, values: Floats) -> Floats:
    """The values where each column of a field first gets negative."""
    out: Mask = field <= 0
    out[-1] = True
    k, column = out.argmax(axis=0), np.arange(field.shape[1])
    above = np.maximum(k - 1, 0)
    high, low = field[above, column], field[k, column]
    share = np.clip(high / np.maximum(high - low, 1e-9), 0, 1) * (k > 0)
    found = values[above, column]
    found = found + share * (values[k, column] - found)
    return np.asarray(found)


def _within(
    how: Drape,
    points: Floats,
    placed: Placed,
    hang: tuple[float, float],
    hands: Floats,
) -> Floats:
    """How far inside the lower edge; never over hands, off the arms that are lifted."""
    root, frame = placed.at("neck01"), placed.turn("spine01")
    local = (points - root) @ frame
    turn = np.arctan2(local[:, 0], local[:, 2])
    front, back = np.clip(np.cos(turn), 0, 1), np.clip(-np.cos(turn), 0, 1)
    share = [float(np.interp(h, LIFTED, (0, 1))) for h in hang]
    lain = np.where(local[:, 0] > 0, share[0], share[1])
    side = SHOULDER + max(how.side - SHOULDER, 0) * lain
    side = np.minimum(side, how.side)
    reach = side + (how.front - side) * front**how.point
    reach += (how.back - side) * back**2.5
    reach += how.end * np.exp(-(((turn - 0.42) / 0.55) ** 2))
    inside = reach - np.linalg.norm(local * FLATTER, axis=1)
    collar = np.where(local[:, 0] > 0, *np.interp(share, (0, 1), COLLAR))
    within: Floats = np.maximum(inside, local[:, 1] - collar)
    drawn = np.interp(local[:, 1], ARMPIT, (DRAWN_IN, 0.0)) * (1 - lain)
    drawn *= np.interp(np.abs(local[:, 2] - PIT), CHEST, (1.0, 0.0))
    ahead = (np.interp(arm @ frame[:, 2], AHEAD, (0, 1)) for arm in _arms(placed))
    drawn *= np.where(local[:, 0] > 0, *ahead)
    beside = np.interp(lain, *BESIDE) - drawn - np.abs(local[:, 0])
    beside += np.maximum(local[:, 1] - HEAD, 0)
    within = np.minimum(within, np.minimum(beside, how.side - np.abs(local[:, 0])))
    if how.front + how.end < LONG:
        return within
    out: Floats = np.minimum(within, _above_hands(local, turn, (hands - root) @ frame))
    return out


def _above_hands(local: Floats, turn: Floats, hands: Floats) -> Floats:
    """How far over the hands before or behind the trunk, in each direction."""
    around = np.arctan2(hands[:, 0], hands[:, 2])
    columns = ((around + np.pi) / (2 * np.pi) * COLUMNS).astype(int) % COLUMNS
    top = np.full(COLUMNS, -1.0)
    near = np.linalg.norm(hands[:, [0, 2]], axis=1) < REACHED
    np.maximum.at(top, columns[near], hands[near][:, 1])
    top = np.minimum(
        grey_dilation(top, size=BROAD, mode="wrap") + HANDS_OFF, HIGHEST_CUT
    )
    top = gaussian_filter(top, 2.5, mode="wrap")
    places = (np.arange(COLUMNS) + 0.5) / COLUMNS * 2 * np.pi - np.pi
    out: Floats = local[:, 1] - np.interp(turn, places, top, period=2 * np.pi)
    return out
