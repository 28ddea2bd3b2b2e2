"""Rows of a cloth from the opening round a face to its lower edge, both rolled in."""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, map_coordinates

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import normals
from lumiku_studio.hair.opening import AROUND, Opening
from lumiku_studio.hair.stretch import AROUND as COLUMNS
from lumiku_studio.hair.stretch import directions
from lumiku_studio.rotation import unit

ROWS = 84
FINE = 72  # places of a row's way that are measured
CLEAR = 1.30  # how much farther from the crown the lower edge is than the opening
BESIDE = np.cos(np.radians(35))
ROLL = np.radians([180, 135, 90, 45])
FACE_ROLL, HEM_ROLL = 0.0022, 0.0016
"""Half a rolled edge's thickness, in metres."""
SUNK, CLOSED = 0.004, 0.011
"""Metres into the skin that the edge at the face ends, and that the hem turns in."""
PAD = 4
HEM_EVEN = 5.0


def seen(points: Floats, centre: Floats, frame: Floats) -> tuple[Floats, Floats]:
    """Angle around and above the level in which points are seen."""
    local = (points - centre) @ frame
    flat = np.hypot(local[..., 0], local[..., 2])
    return np.arctan2(local[..., 0], local[..., 2]), np.arctan2(local[..., 1], flat)


def looked_up(field: Floats, turn: Floats, rise: Floats) -> Floats:
    """A field over `directions` at any of them."""
    rises = directions()[1][:, 0]
    row = np.interp(-rise, -rises, np.arange(len(rises)))
    column = (turn + np.pi) / (2 * np.pi) * COLUMNS
    wide = np.concatenate([field, field[:, :1]], axis=1)
    out: Floats = map_coordinates(wide, [row, column % COLUMNS], order=1)
    return out


def rows(
    face: Opening,
    hem: Floats,
    centre: Floats,
    frame: Floats,
    at: Callable[[Floats, Floats], Floats],
) -> Floats:
    """ROWS x AROUND points at even steps from the opening to the lower edge.

    `hem` is the rise of the lower edge for each column of directions; `at` says
    where the cloth is in given directions.
    """
    turn, rise = seen(face.curve, centre, frame)
    far = np.tan((np.pi / 2 - rise) / 2)
    start = far[:, None] * np.stack([np.sin(turn), np.cos(turn)], axis=1)
    nose = frame.T @ face.turn[:, 2]
    twist = np.arctan2(nose[0], nose[2]) * 0.6
    angle = np.arange(AROUND) / AROUND * 2 * np.pi + np.pi / 2 + twist
    ends = np.linspace(-np.pi, np.pi, COLUMNS, endpoint=False)
    edge = np.interp(angle, ends, hem, period=2 * np.pi)
    reach = np.tan((np.pi / 2 - edge) / 2)
    way = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    least = np.where(unit(start) @ way.T > BESIDE, (start @ way.T), 0).max(axis=0)
    reach = np.maximum(reach, CLEAR * least)
    turned, level = np.arctan2(way[:, 0], way[:, 1]), np.pi / 2 - 2 * np.arctan(reach)
    laid = gaussian_filter1d(at(turned, level), HEM_EVEN, axis=0, mode="wrap")
    turned, level = seen(laid, centre, frame)
    end = np.tan((np.pi / 2 - level) / 2)[:, None] * np.stack(
        [np.sin(turned), np.cos(turned)], axis=1
    )

    def on_the_way(share: Floats) -> Floats:
        flat = start + (end - start) * share[..., None]
        return at(
            np.arctan2(flat[..., 0], flat[..., 1]),
            np.pi / 2 - 2 * np.arctan(np.hypot(flat[..., 0], flat[..., 1])),
        )

    share = np.linspace(0, 1, FINE)[:, None] * np.ones(AROUND)
    along = run(on_the_way(share))
    even = np.linspace(0, 1, ROWS)
    steps = [
        np.interp(even * length[-1], length, way)
        for length, way in zip(along.T, share.T, strict=True)
    ]
    return on_the_way(np.stack(steps, axis=1))


def run(points: Floats) -> Floats:
    """Metres from the first row along each line of a grid."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=2)
    return np.concatenate([np.zeros((1, points.shape[1])), np.cumsum(steps, axis=0)])


def evened(points: Floats, wide: float) -> Floats:
    """A grid without unrest; its first and last row keep their place."""
    first, last = points[:1], points[-1:]
    padded = np.concatenate(
        [2 * first - points[PAD:0:-1], points, 2 * last - points[-2 : -PAD - 2 : -1]]
    )
    smooth = gaussian_filter(padded, (wide, wide, 0), mode=("nearest", "wrap", "wrap"))
    out: Floats = smooth[PAD:-PAD]
    out[0], out[-1] = first[0], last[0]
    return out


def outward(points: Floats) -> Floats:
    """Which way a grid's points face."""
    out: Floats = normals(points.reshape(-1, 3), net(len(points))).reshape(points.shape)
    return out


def net(count: int) -> Ints:
    """The triangles of so many rows."""
    row, column = np.meshgrid(np.arange(count - 1), np.arange(AROUND), indexing="ij")
    first = (row * AROUND + column).ravel()
    beside = (row * AROUND + (column + 1) % AROUND).ravel()
    below, diagonal = first + AROUND, beside + AROUND
    return np.concatenate(
        [np.stack([first, below, diagonal], 1), np.stack([first, diagonal, beside], 1)]
    )


def rolled(points: Floats, face: Opening) -> tuple[Floats, int, int]:
    """The rows with their edges rolled in; how many were put before and after."""
    facing = unit(
        gaussian_filter(outward(points), (1.5, 3, 0), mode=("nearest", "wrap", "wrap"))
    )
    front = _roll(points[0], points[0] - points[2], facing[0], FACE_ROLL)
    hem = _roll(points[-1], points[-1] - points[-3], facing[-1], HEM_ROLL)
    sunk = face.curve - face.ways * SUNK
    back = unit(points[-3] - points[-1])
    closed = points[-1] + back * 0.006 - facing[-1] * CLOSED
    out = np.concatenate([sunk[None], front, points, hem[::-1], closed[None]])
    return out, len(front) + 1, len(hem) + 1


def _roll(edge: Floats, ahead: Floats, facing: Floats, thick: float) -> Floats:
    ahead = unit(ahead - (ahead * facing).sum(axis=1, keepdims=True) * facing)
    angle = ROLL[:, None, None]
    out: Floats = edge + thick * (ahead * np.sin(angle) - facing * (1 - np.cos(angle)))
    return out
