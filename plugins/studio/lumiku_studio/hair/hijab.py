"""A hijab: cloth drawn over head, neck and chest, seen from a point within the neck.

What lies under it is star-shaped from there, so that the drape is one radius for each
direction: the body's own, its hollows bridged, with folds on top.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, grey_closing, grey_dilation

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import clip, compact, normals
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.cloth import with_lip

AROUND, RISE = 176, 132
LOWEST = -78.0
COARSE = (88, 60)
EYES_TO_CROWN = 0.118  # of the head whose opening the numbers below describe
OPENING = (0.0, -0.036, 0.071, 0.088)
"""Middle x, middle y over the eyes, half width, half height, in metres."""
CLOTH_OFF = 0.009
CHEST_OFF = 0.010  # more, over what is worn below
CAP_OFF = 0.0030
EDGE_OFF = 0.0045  # at the face, where the cloth lies close
HUG = 0.045
CAP_RIM = 0.02
JAW = 0.45  # how the cloth's edge runs forward along the jaw
EARS = 0.026  # how far before the head joint the opening ends
POLE = 7  # rows about the crown whose directions are one


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """What the cloth lies on: posed points of head, neck, shoulders and chest."""

    points: Floats
    eye_height: float
    """Over the head joint, at rest."""
    scale: float
    """The head's size against `EYES_TO_CROWN`."""


def drape(below: Below, placed: Placed, colour: Floats) -> list[Part]:
    """The scarf and the cap under it, on a posed head."""
    centre = (placed.at("neck03") + placed.at("head")) / 2
    frame = placed.turn("spine01")
    turn, rise = _directions()
    way = np.stack(
        [np.cos(rise) * np.sin(turn), np.sin(rise), np.cos(rise) * np.cos(turn)],
        axis=-1,
    )
    skin = _radii(below.points, centre, frame)
    filled = _bridged(skin)
    low = np.clip((-np.degrees(rise) - 15) / 20, 0, 1)
    points = centre + (way * filled[..., None]).reshape(-1, 3) @ frame.T
    free = np.clip(_opening(points, placed, below, 0.0) / HUG, 0, 1).reshape(skin.shape)
    free = free * free * (3 - 2 * free)
    close = gaussian_filter(grey_dilation(skin, size=(5, 7), mode="nearest"), 1.5)
    laid = close * (1 - free) + np.maximum(filled, close) * free
    points = centre + (way * laid[..., None]).reshape(-1, 3) @ frame.T
    thick = (CLOTH_OFF + CHEST_OFF * low + 0.010 * _bun(turn, rise)) * free
    outward = normals(points, _grid()).reshape(*skin.shape, 3)
    outward = unit(
        gaussian_filter(outward, (2, 3, 0), mode=("nearest", "wrap", "nearest"))
    )
    outward[:POLE] = frame[:, 1]
    outward = outward.reshape(-1, 3)
    points = points + outward * (thick + EDGE_OFF * (1 - free)).reshape(-1, 1)
    folds = _folds(points, placed, below, turn, rise)
    points = points + outward * (folds * free.ravel())[:, None]
    cap = centre + (way * (skin + CAP_OFF)[..., None]).reshape(-1, 3) @ frame.T
    return [
        _piece(
            points,
            _keep(points, placed, below, 0.0, _hem(points, placed)),
            colour,
            folds,
        ),
        _piece(
            cap,
            _keep(cap, placed, below, 0.007, _forehead(cap, placed, below)),
            colour * 0.62,
            None,
        ),
    ]


def _directions() -> tuple[Floats, Floats]:
    """Angle around (0 = front, towards the left) and above the level, RISE x AROUND."""
    turn = np.linspace(-np.pi, np.pi, AROUND, endpoint=False)
    rise = np.radians(np.linspace(90, LOWEST, RISE))
    out_turn, out_rise = np.meshgrid(turn, rise)
    return out_turn, out_rise


def _radii(points: Floats, centre: Floats, frame: Floats) -> Floats:
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
    for _ in range(8):
        grown = grey_dilation(grid, size=(3, 3), mode="wrap")
        grown[0], grown[-1] = grid[0], grid[-1]
        grid = np.where(grid == 0, grown, grid)
    # Near the pole all columns are one direction.
    grid[:2] = grid[:3].max()
    rows = np.linspace(0, COARSE[1] - 1, RISE)
    columns = (np.arange(AROUND) / AROUND * COARSE[0] - 0.5) % COARSE[0]
    low, left = np.minimum(rows.astype(int), COARSE[1] - 2), columns.astype(int)
    fy, fx = (rows - low)[:, None], (columns - left)[None]
    right = (left + 1) % COARSE[0]
    upper = grid[low][:, left] * (1 - fx) + grid[low][:, right] * fx
    lower = grid[low + 1][:, left] * (1 - fx) + grid[low + 1][:, right] * fx
    out = upper * (1 - fy) + lower * fy
    smooth: Floats = gaussian_filter(out, (1.6, 2.4), mode=("nearest", "wrap"))
    return smooth


def _bridged(skin: Floats) -> Floats:
    """Hollows below the chin, at the nape and over the ears spanned by cloth."""
    wide = np.concatenate([skin, skin, skin], axis=1)
    closed = grey_closing(wide, size=(51, 17), mode="nearest")[:, AROUND : 2 * AROUND]
    rise = np.linspace(90, LOWEST, RISE)[:, None]
    share = np.interp(
        rise, [-60, -42, -30, -18, -5, 40], [0.1, 0.2, 0.6, 0.95, 0.5, 0.3]
    )
    behind = np.clip(0.3 - np.cos(_directions()[0]), 0, 1)
    share = (
        share + (np.interp(rise, [-48, -40, 5, 30], [0, 1, 1, 0.3]) - share) * behind
    )
    mixed = skin + (closed - skin) * share
    smooth = gaussian_filter(mixed, (3.5, 4.0), mode=("nearest", "wrap"))
    low = np.interp(rise, [-40, -15], [1.0, 0.0])
    widest = gaussian_filter(grey_dilation(skin, size=(3, 3), mode="nearest"), (2, 3))
    draped = np.maximum(smooth, skin + (widest - skin) * low)
    evened = gaussian_filter(draped, (3.0, 7.0), mode=("nearest", "wrap"))
    out: Floats = draped + (evened - draped) * np.interp(rise, [-55, -35], [0.9, 0.0])
    return out


def _bun(turn: Floats, rise: Floats) -> Floats:
    """Where gathered hair lifts the cloth: the back of the head."""
    back = np.clip(-np.cos(turn), 0, 1)
    out: Floats = back * np.exp(-(((np.degrees(rise) - 28) / 26) ** 2)) * 2.2 + 0.25
    return out


def _in_head(points: Floats, placed: Placed, below: Below) -> Floats:
    """Coordinates of the head bone from the eyes, in the size of the opening."""
    local = (points - placed.at("head")) @ placed.turn("head")
    out: Floats = (local - [0, below.eye_height, 0]) / below.scale
    return out


def _keep(
    points: Floats, placed: Placed, below: Below, closer: float, other: Floats
) -> Floats:
    """Positive outside the face's opening and inside `other`."""
    out: Floats = np.minimum(_opening(points, placed, below, closer), other)
    return out


def _opening(points: Floats, placed: Placed, below: Below, narrower: float) -> Floats:
    """Metres outside the face's opening, narrowed by some metres at the brow."""
    x, y, z = _in_head(points, placed, below).T
    mid_x, mid_y, half_x, half_y = OPENING
    closer = narrower * np.clip((y + 0.012) / 0.03, -0.4, 1)
    half_x, half_y = half_x - closer, half_y - closer
    lower = y < mid_y
    power = np.where(lower, 2.0, 2.4)
    round_ = (np.abs(x - mid_x) / half_x) ** power + (
        np.abs(y - mid_y) / half_y
    ) ** power
    out: Floats = np.maximum(
        (round_ - 1) * 0.035, EARS + JAW * np.clip(-y - 0.03, 0, 1) - z
    )
    return out


def _hem(points: Floats, placed: Placed) -> Floats:
    """How far inside the lower edge: long in front and behind, short over shoulders."""
    local = (points - placed.at("neck01")) @ placed.turn("spine01")
    turn = np.arctan2(local[:, 0], local[:, 2])
    front, back = np.clip(np.cos(turn), 0, 1), np.clip(-np.cos(turn), 0, 1)
    reach = 0.190 + 0.090 * front**1.5 + 0.06 * back + 0.008 * np.sin(turn * 3 + 0.7)
    within = reach - np.linalg.norm(local * [1, 0.92, 1], axis=1)
    out: Floats = np.maximum(within, local[:, 1] - 0.08)
    return out


def _forehead(points: Floats, placed: Placed, below: Below) -> Floats:
    """The cap shows as a rim at the forehead and temples only."""
    local = _in_head(points, placed, below)
    rim = CAP_RIM - _opening(points, placed, below, 0.0)
    out: Floats = np.minimum(local[:, 1] + 0.01, rim)
    return out


def _folds(
    points: Floats, placed: Placed, below: Below, turn: Floats, rise: Floats
) -> Floats:
    """Curves from ear to ear under the chin, sweeps over the head, and one laid end."""
    head = _in_head(points, placed, below)
    chest = (points - placed.at("neck01")) @ placed.turn("spine01")
    low = np.clip((-np.degrees(rise.ravel()) - 2) / 18, 0, 1)
    front = np.clip(np.cos(turn.ravel()) + 0.35, 0, 1)
    from_chin = np.linalg.norm((head - [0, -0.115, 0.06]) * [0.75, 1, 1], axis=1)
    warp = np.sin(head[:, 0] * 31 + 1.0) + 0.7 * np.sin(
        head[:, 1] * 23 + head[:, 0] * 17
    )
    curve = np.sin(from_chin * 2 * np.pi / 0.040 + 1.1 * warp)
    curve = np.sign(curve) * np.abs(curve) ** 0.8
    sweep = np.sin(
        (head[:, 1] * 0.9 - head[:, 2] * 0.55) * 2 * np.pi / 0.055 + 0.8 * warp
    )
    side = np.clip(np.abs(np.sin(turn.ravel())) - 0.25, 0, 1)
    line = chest[:, 0] * 0.86 + (chest[:, 1] + 0.01) * 0.55
    laid = 0.0045 / (1 + np.exp(-line / 0.0022)) * front * low
    out: Floats = (
        0.0042 * curve * low * front + 0.0022 * sweep * side * (1 - low) + laid
    )
    return out


def _piece(points: Floats, field: Floats, colour: Floats, folds: Floats | None) -> Part:
    triangles, operator = clip(_grid(), field)
    used, triangles = compact(triangles)
    points = (operator @ points)[used]
    outward = normals(points, triangles)
    hem = (operator @ field)[used]
    shade = np.zeros(len(points))
    if folds is not None:
        shade = np.clip(-(operator @ folds)[used] / 0.004, 0, 1) * 0.10
    points, triangles, rim = with_lip(points, outward, triangles)
    hem, shade = np.r_[hem, np.ones(len(rim))], np.r_[shade, np.full(len(rim), 0.25)]
    return Part(
        points=points,
        triangles=triangles,
        colour=colour,
        stuff=Stuff.CLOTH,
        segment=Segment.HEADWEAR,
        detail=np.stack([np.where(hem > 0.03, 1.0, hem + 0.012), shade], axis=1),
    )


def _grid() -> Ints:
    first = (np.arange(RISE - 1)[:, None] * AROUND + np.arange(AROUND)).ravel()
    beside = (
        np.arange(RISE - 1)[:, None] * AROUND + (np.arange(AROUND) + 1) % AROUND
    ).ravel()
    below, diagonal = first + AROUND, beside + AROUND
    return np.concatenate(
        [np.stack([first, below, diagonal], 1), np.stack([first, diagonal, beside], 1)]
    )
