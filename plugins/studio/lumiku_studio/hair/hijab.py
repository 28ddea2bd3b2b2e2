"""A hijab: cloth drawn over head, neck and chest, seen from a point within the neck.

What lies under it is star-shaped from there, so that the drape is one radius for each
direction: a skin stretched over the body, with folds on top.
"""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter, grey_dilation

from lumiku_contracts.scene import Headwear
from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.mesh import clip, compact, normals
from lumiku_studio.hair.drapes import DRAPES, Drape
from lumiku_studio.hair.folds import Below, bun, cowl, in_head, laid_down
from lumiku_studio.hair.folds import folds as folds_of
from lumiku_studio.hair.stretch import directions, grid, radii, taut
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.cloth import with_lip

OPENING = (0.0, -0.031, 0.0735, 0.087)
"""Middle x, middle y over the eyes, half width, half height, in metres."""
CAP_OFF = 0.0030
EDGE_OFF = 0.0045  # at the face, where the cloth lies close
HUG = 0.045
CAP_RIM = 0.016
JAW = 0.45  # how the cloth's edge runs forward along the jaw
EARS = 0.026  # how far before the head joint the opening ends
POLE = 7  # rows about the crown whose directions are one
HANDS_OFF = 0.02
HIGHEST_CUT = -0.10  # metres over the neck's root up to which hands shorten the cloth
SHOULDER = 0.15  # metres from the neck to where a shoulder falls away
BESIDE = (0.118, 0.43)  # metres from the spine that it reaches: arm lifted, hanging
BORNE = (0.115, 0.50)
"""Metres from the spine of what the cloth lies on: arm lifted, hanging."""
HEAD_RISE, HEAD_SIZE = 0.06, 0.15  # metres: a ball about the head, over its joint
HEAD = 0.08  # metres over the neck's root from which cloth may lie farther aside
REACHED = 0.34  # metres from the spine within which hands lie on the trunk
COLUMNS = 48
COLLAR = (0.040, 0.012)
"""Metres over the neck's root above which all is covered: arm lifted, arm hanging."""
LAIN = ((0.55, 0.85), (0.08, 0.40))
"""Metres from the neck within which cloth lies on an arm, by how much it hangs."""
LONG = 0.33  # metres in front from which hands shorten the cloth
NECK, NECK_AHEAD, ABOVE_NECK = 0.045, 0.025, 0.08
FALLING = 0.07  # metres from the hem over which cloth comes down on the body
LIFTED = (0.50, 0.85)  # hang of an upper arm at which cloth has slid off, and none has


def drape(below: Below, placed: Placed, kind: Headwear, colour: Floats) -> list[Part]:
    """The scarf and the cap under it, on a posed head."""
    hang = _hang(placed)
    how = _slid(DRAPES[kind], float(np.interp(min(hang), LIFTED, (1, 0))))
    centre = (placed.at("neck03") + placed.at("head")) / 2
    frame = placed.turn("spine01")
    turn, rise = directions()
    way = np.stack(
        [np.cos(rise) * np.sin(turn), np.sin(rise), np.cos(rise) * np.cos(turn)],
        axis=-1,
    )
    root = placed.at("neck01")
    lain = [
        arm[np.linalg.norm(arm - root, axis=1) < np.interp(h, *LAIN)]
        for arm, h in zip(below.arms, hang, strict=True)
    ]
    head = radii(below.points, centre, frame)
    borne = below.points[_bears(below.points, placed, hang)]
    skin = radii(np.concatenate([borne, *lain]), centre, frame)
    degrees = np.degrees(rise)
    low = np.clip((-degrees - 12) / 20, 0, 1)
    laid = skin + how.on_chest * low
    about = np.interp(degrees, (-30, -8), (how.hold, how.hold * how.cheeks))
    behind = np.clip(0.2 - np.cos(turn), 0, 1)
    hold = about + (how.hold - about) * behind
    filled = laid + (taut(laid) - laid) * hold

    def at(radius: Floats) -> Floats:
        out: Floats = centre + (way * radius[..., None]).reshape(-1, 3) @ frame.T
        return out

    free = np.clip(_opening(at(filled), placed, below, 0.0) / HUG, 0, 1)
    hem = _hem(how, at(filled), placed, hang, below.hands).reshape(skin.shape)
    loose = gaussian_filter(np.clip(hem / FALLING, 0, 1), (2, 2))
    filled = laid + (filled - laid) * loose
    free = gaussian_filter(free.reshape(skin.shape), (2.0, 2.5))
    free = free * free * (3 - 2 * free)
    wide, tight = (
        gaussian_filter(grey_dilation(skin, size=size, mode="nearest"), 1.5)
        for size in ((5, 7), (3, 3))
    )
    close = tight + (wide - tight) * loose
    points = at(close * (1 - free) + np.maximum(filled, close) * free)
    thick = (how.off + 0.010 * bun(turn, rise) + cowl(how, turn, rise)) * free
    outward = normals(points, grid()).reshape(*skin.shape, 3)
    outward = unit(
        gaussian_filter(outward, (2, 3, 0), mode=("nearest", "wrap", "nearest"))
    )
    outward[:POLE] = frame[:, 1]
    outward = outward.reshape(-1, 3)
    points = points + outward * (thick + EDGE_OFF * (1 - free)).reshape(-1, 1)
    folds = folds_of(how, points, placed, below, turn, rise)
    points = points + outward * (folds * free.ravel())[:, None]
    cap = at(head + CAP_OFF)
    hem = _hem(how, points, placed, hang, below.hands)
    points = laid_down(points, hem, below, placed, skin.shape)
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


def _hang(placed: Placed) -> tuple[float, float]:
    """How straight down each upper arm hangs: 1 down, 0 level or higher."""
    down = -placed.turn("spine01")[:, 1]
    arms = (
        unit(placed.at(f"lowerarm01.{side}") - placed.at(f"upperarm01.{side}")) @ down
        for side in "LR"
    )
    left, right = (float(np.clip(arm, 0, 1)) for arm in arms)
    return left, right


def _bears(points: Floats, placed: Placed, hang: tuple[float, float]) -> Mask:
    """What the cloth lies on: not a lifted arm's shoulder, which would raise it."""
    local = (points - placed.at("neck01")) @ placed.turn("spine01")
    most = np.where(local[:, 0] > 0, *(np.interp(h, LIFTED, BORNE) for h in hang))
    middle = placed.at("head") + placed.turn("head")[:, 1] * HEAD_RISE
    head = np.linalg.norm(points - middle, axis=1) < HEAD_SIZE
    out: Mask = head | (np.abs(local[:, 0]) < most)
    return out


def _keep(
    points: Floats, placed: Placed, below: Below, closer: float, other: Floats
) -> Floats:
    """Positive outside the face's opening and inside `other`."""
    out: Floats = np.minimum(_opening(points, placed, below, closer), other)
    return out


def _opening(points: Floats, placed: Placed, below: Below, narrower: float) -> Floats:
    """Metres outside the face's opening, narrowed by some metres at the brow."""
    x, y, z = in_head(points, placed, below).T
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
    # Nothing of it lies within the neck, or within a lifted shoulder.
    core = np.hypot(local[:, 0], local[:, 2] - NECK_AHEAD) - NECK
    within = np.where(local[:, 1] < ABOVE_NECK, np.minimum(within, core), within)
    beside = np.interp(lain, (0, 1), BESIDE) - np.abs(local[:, 0])
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
    top = np.minimum(grey_dilation(top, size=5, mode="wrap") + HANDS_OFF, HIGHEST_CUT)
    top = gaussian_filter(top, 1.2, mode="wrap")
    places = (np.arange(COLUMNS) + 0.5) / COLUMNS * 2 * np.pi - np.pi
    out: Floats = local[:, 1] - np.interp(turn, places, top, period=2 * np.pi)
    return out


def _forehead(points: Floats, placed: Placed, below: Below) -> Floats:
    """The cap shows as a rim at the forehead and temples only."""
    local = in_head(points, placed, below)
    rim = CAP_RIM - _opening(points, placed, below, 0.0)
    out: Floats = np.minimum(local[:, 1] + 0.01, rim)
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
    triangles, operator = clip(grid(), field)
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
