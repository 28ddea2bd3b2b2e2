"""A hijab: cloth drawn over head, neck and chest, seen from a point within the neck.

What lies under it is star-shaped from there, so that the drape is one radius for each
direction: a skin stretched over the body, with folds on top.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter, grey_closing, grey_dilation

from lumiku_contracts.scene import Headwear
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import clip, compact, normals
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.cloth import with_lip

AROUND, RISE = 192, 168
LOWEST = -83.0
DENSER = 1.7  # how much closer rows lie towards the chest
COARSE = (96, 150)
EYES_TO_CROWN = 0.118  # of the head whose opening the numbers below describe
OPENING = (0.0, -0.031, 0.0735, 0.087)
"""Middle x, middle y over the eyes, half width, half height, in metres."""
CAP_OFF = 0.0030
EDGE_OFF = 0.0045  # at the face, where the cloth lies close
HUG = 0.045
CAP_RIM = 0.016
JAW = 0.45  # how the cloth's edge runs forward along the jaw
EARS = 0.026  # how far before the head joint the opening ends
POLE = 7  # rows about the crown whose directions are one
ROUNDS = 22  # in which the cloth is stretched
HANDS_OFF = 0.02
HIGHEST_CUT = -0.10  # metres over the neck's root up to which hands shorten the cloth
SHOULDER = 0.15  # metres from the neck to where a shoulder falls away
REACHED = 0.34  # metres from the spine within which hands lie on the trunk
COLUMNS = 48
COLLAR = (0.07, 0.012)
"""Metres over the neck's root above which all is covered: arm lifted, arm hanging."""
CAPPED = 0.20  # metres from the neck of what a lifted shoulder adds
LONG = 0.33  # metres in front from which hands shorten the cloth
LEAST_HANG = 0.5  # of an arm that the cloth lies on
FALLING = 0.07  # metres from the hem over which cloth comes down on the body
LIFTED = (0.35, 0.75)  # hang of an upper arm at which cloth has slid off, and none has


@dataclass(frozen=True, slots=True)
class Drape:
    """A way to wear it; lengths in metres, shares 0-1."""

    front: float
    """How far it reaches from the neck's root."""
    back: float
    side: float
    hold: float
    """How far it spans hollows: 0 as the skin, 1 taut."""
    cheeks: float = 0.55
    """The share of that beside the face."""
    off: float = 0.008
    on_chest: float = 0.010
    swags: float = 0.0065
    """Depth of the folds below the chin."""
    pleats: float = 0.002
    """Depth of the folds that fall from the head."""
    laid: float = 0.004
    """Thickness of an end laid over the chest."""
    cowl: float = 0.0
    """How far a loop stands off below the chin."""
    point: float = 1.5
    """How pointed the front is."""
    end: float = 0.0
    """How much farther one end hangs in front."""
    pin: bool = False


DRAPES: Mapping[Headwear, Drape] = {
    Headwear.HIJAB: Drape(0.27, 0.24, 0.185, 0.70, point=1.2, pin=True),
    Headwear.PASHMINA: Drape(
        0.20, 0.21, 0.175, 0.65, swags=0.0065, cowl=0.016, end=0.20, laid=0.006
    ),
    Headwear.KHIMAR: Drape(
        0.47, 0.45, 0.36, 0.97, cheeks=0.65, on_chest=0.014, swags=0.003,
        pleats=0.006, laid=0, point=0.6,
    ),
    Headwear.SPORT_HIJAB: Drape(
        0.190, 0.180, 0.165, 0.45, off=0.005, on_chest=0.004, swags=0.001,
        pleats=0.0005, laid=0,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Below:
    """What the cloth lies on: posed points of head, neck, shoulders and chest."""

    points: Floats
    arms: tuple[Floats, Floats]
    """Of the upper arms, left and right; cloth that reaches them lies on them."""
    hands: Floats
    """Of forearms and hands, which cloth never covers."""
    eye_height: float
    """Over the head joint, at rest."""
    scale: float
    """The head's size against `EYES_TO_CROWN`."""


def drape(below: Below, placed: Placed, kind: Headwear, colour: Floats) -> list[Part]:
    """The scarf and the cap under it, on a posed head."""
    hang = _hang(placed)
    how = _slid(DRAPES[kind], float(np.interp(min(hang), LIFTED, (1, 0))))
    centre = (placed.at("neck03") + placed.at("head")) / 2
    frame = placed.turn("spine01")
    turn, rise = _directions()
    way = np.stack(
        [np.cos(rise) * np.sin(turn), np.sin(rise), np.cos(rise) * np.cos(turn)],
        axis=-1,
    )
    root = placed.at("neck01")
    lain = [
        arm if h > LEAST_HANG else arm[np.linalg.norm(arm - root, axis=1) < CAPPED]
        for arm, h in zip(below.arms, hang, strict=True)
    ]
    head = _radii(below.points, centre, frame)
    skin = _radii(np.concatenate([below.points, *lain]), centre, frame)
    degrees = np.degrees(rise)
    low = np.clip((-degrees - 12) / 20, 0, 1)
    laid = skin + how.on_chest * low
    about = np.interp(degrees, (-30, -8), (how.hold, how.hold * how.cheeks))
    behind = np.clip(0.2 - np.cos(turn), 0, 1)
    hold = about + (how.hold - about) * behind
    filled = laid + (_taut(laid) - laid) * hold

    def at(radius: Floats) -> Floats:
        out: Floats = centre + (way * radius[..., None]).reshape(-1, 3) @ frame.T
        return out

    free = np.clip(_opening(at(filled), placed, below, 0.0) / HUG, 0, 1)
    hem = _hem(how, at(filled), placed, hang, below.hands).reshape(skin.shape)
    loose = gaussian_filter(np.clip(hem / FALLING, 0, 1), (2, 2))
    filled = laid + (filled - laid) * loose
    free = gaussian_filter(free.reshape(skin.shape), (2.0, 2.5))
    free = free * free * (3 - 2 * free)
    close = gaussian_filter(grey_dilation(skin, size=(5, 7), mode="nearest"), 1.5)
    points = at(close * (1 - free) + np.maximum(filled, close) * free)
    thick = (how.off + 0.010 * _bun(turn, rise) + _cowl(how, turn, rise)) * free
    outward = normals(points, _grid()).reshape(*skin.shape, 3)
    outward = unit(
        gaussian_filter(outward, (2, 3, 0), mode=("nearest", "wrap", "nearest"))
    )
    outward[:POLE] = frame[:, 1]
    outward = outward.reshape(-1, 3)
    points = points + outward * (thick + EDGE_OFF * (1 - free)).reshape(-1, 1)
    folds = _folds(how, points, placed, below, turn, rise)
    points = points + outward * (folds * free.ravel())[:, None]
    cap = at(head + CAP_OFF)
    hem = _hem(how, points, placed, hang, below.hands)
    edge = _keep(points, placed, below, 0.0, hem)
    rim = _keep(cap, placed, below, 0.006, _forehead(cap, placed, below))
    parts = [_piece(points, edge, colour, folds), _piece(cap, rim, colour * 0.62, None)]
    if how.pin:
        parts.append(_pin(points[edge > 0], placed, below))
    return parts


def _slid(how: Drape, share: float) -> Drape:
    """A long drape as lifted arms leave it: drawn up to what a short one covers."""
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


def _directions() -> tuple[Floats, Floats]:
    """Angle around (0 = front, towards the left) and above the level, RISE x AROUND."""
    turn = np.linspace(-np.pi, np.pi, AROUND, endpoint=False)
    down = 1 - (1 - np.linspace(0, 1, RISE)) ** DENSER
    out_turn, out_rise = np.meshgrid(turn, np.radians(90 - (90 - LOWEST) * down))
    return out_turn, out_rise


def _hang(placed: Placed) -> tuple[float, float]:
    """How straight down each upper arm hangs: 1 down, 0 level or higher."""
    down = -placed.turn("spine01")[:, 1]
    arms = (
        unit(placed.at(f"lowerarm01.{side}") - placed.at(f"upperarm01.{side}")) @ down
        for side in "LR"
    )
    left, right = (float(np.clip(arm, 0, 1)) for arm in arms)
    return left, right


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
    for _ in range(16):
        grown = grey_dilation(grid, size=(3, 3), mode="wrap")
        grown[0], grown[-1] = grid[0], grid[-1]
        grid = np.where(grid == 0, grown, grid)
    # Near the pole all columns are one direction.
    grid[:4] = grid[:6].max()
    rise = np.degrees(_directions()[1][:, 0])
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


def _taut(skin: Floats) -> Floats:
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


def _bun(turn: Floats, rise: Floats) -> Floats:
    """Where gathered hair lifts the cloth: the back of the head."""
    back = np.clip(-np.cos(turn), 0, 1)
    out: Floats = back * np.exp(-(((np.degrees(rise) - 28) / 26) ** 2)) * 2.2 + 0.25
    return out


def _cowl(how: Drape, turn: Floats, rise: Floats) -> Floats:
    """A loose loop about the neck, lower on one side."""
    middle = -38 + 7 * np.sin(turn + 0.6)
    loop = np.exp(-(((np.degrees(rise) - middle) / 11) ** 2))
    around = np.clip(np.cos(turn) + 0.75, 0, 1)
    out: Floats = how.cowl * loop * around
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


def _hem(
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
    reach += how.end * np.exp(-(((turn - 0.42) / 0.27) ** 6))
    reach += 0.006 * np.sin(turn * 3 + 0.7)
    inside = reach - np.linalg.norm(local * [1, 0.94, 1], axis=1)
    collar = np.where(local[:, 0] > 0, *np.interp(share, (0, 1), COLLAR))
    within: Floats = np.maximum(inside, local[:, 1] - collar)
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
    top = np.minimum(grey_dilation(top, size=5, mode="wrap") + HANDS_OFF, HIGHEST_CUT)
    top = gaussian_filter(top, 1.2, mode="wrap")
    places = (np.arange(COLUMNS) + 0.5) / COLUMNS * 2 * np.pi - np.pi
    out: Floats = local[:, 1] - np.interp(turn, places, top, period=2 * np.pi)
    return out


def _forehead(points: Floats, placed: Placed, below: Below) -> Floats:
    """The cap shows as a rim at the forehead and temples only."""
    local = _in_head(points, placed, below)
    rim = CAP_RIM - _opening(points, placed, below, 0.0)
    out: Floats = np.minimum(local[:, 1] + 0.01, rim)
    return out


def _folds(
    how: Drape,
    points: Floats,
    placed: Placed,
    below: Below,
    turn: Floats,
    rise: Floats,
) -> Floats:
    """Curves from ear to ear under the chin, falls from the head, one end laid over."""
    head = _in_head(points, placed, below)
    chest = (points - placed.at("neck01")) @ placed.turn("spine01")
    around, down = turn.ravel(), -np.degrees(rise.ravel())
    low = np.clip((down - 4) / 18, 0, 1)
    front = np.clip(np.cos(around) * 1.4, 0, 1)
    from_chin = np.linalg.norm((head - [0.01, -0.10, 0.06]) * [0.62, 1, 0.8], axis=1)
    warp = np.sin(chest[:, 0] * 19 + 1.0) + 0.6 * np.sin(
        chest[:, 1] * 17 + chest[:, 0] * 13
    )
    curve = np.sin(from_chin * 2 * np.pi / 0.050 + 0.8 * warp)
    fading = np.clip(1.5 - from_chin / 0.10, 0, 1)
    fall = np.sin(around * 11 + 1.3 * np.sin(around * 3 + 0.5) + chest[:, 1] * 3)
    gather = np.clip((down - 25) / 40, 0, 1)
    sweep = np.sin((head[:, 1] * 0.9 - head[:, 2] * 0.5) * 2 * np.pi / 0.07 + warp)
    aside = np.clip(np.abs(np.sin(around)) - 0.25, 0, 1)
    line = chest[:, 0] * 0.80 + (chest[:, 1] + 0.02) * 0.62
    laid = how.laid / (1 + np.exp(-line / 0.0025)) * front * low
    out: Floats = (
        how.swags * curve * low * front * fading
        + how.pleats * (fall * gather + 0.8 * sweep * aside * (1 - low))
        + laid
    )
    return out


def _pin(points: Floats, placed: Placed, below: Below) -> Part:
    """A small round pin below the chin."""
    head, up = placed.at("head"), placed.turn("head")
    chin = head + up @ np.array([0.012, below.eye_height - 0.148 * below.scale, 0.05])
    ahead = (points - chin) @ up
    near = points[np.linalg.norm(ahead[:, :2], axis=1) < 0.014]
    if not len(near):
        near = points
    centre = near[((near - chin) @ up[:, 2]).argmax()]
    angle = np.linspace(0, 2 * np.pi, 13)[:-1]
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(12)], axis=1) * 0.0048
    disc = np.concatenate([ring, ring * 0.6 + [0, 0, 0.0026], [[0, 0, 0.0032]]])
    k = np.arange(12)
    n = (k + 1) % 12
    triangles = np.concatenate(
        [
            np.stack([k, n, n + 12], axis=1),
            np.stack([k, n + 12, k + 12], axis=1),
            np.stack([k + 12, n + 12, np.full(12, 24)], axis=1),
        ]
    )
    gold = np.array([0.62, 0.44, 0.20])
    return Part(centre + disc @ up.T, triangles, gold, Stuff.SHOE, Segment.HEADWEAR)


def _piece(points: Floats, field: Floats, colour: Floats, folds: Floats | None) -> Part:
    triangles, operator = clip(_grid(), field)
    used, triangles = compact(triangles)
    points = (operator @ points)[used]
    outward = normals(points, triangles)
    hem = (operator @ field)[used]
    shade = np.zeros(len(points))
    if folds is not None:
        shade = np.clip(-(operator @ folds)[used] / 0.006, 0, 1) * 0.10
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
