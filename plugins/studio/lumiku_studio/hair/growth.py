"""Hair that grows: guides fall and collide, and strands follow them."""

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import HairStyle
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.hair.aside import aside
from lumiku_studio.hair.fall import Fall, off_shoulders
from lumiku_studio.hair.locks import between
from lumiku_studio.hair.scalp import PART, Ground, Scalp
from lumiku_studio.hair.strays import in_company
from lumiku_studio.hair.styles import STYLES, Style
from lumiku_studio.rotation import DOWN, unit
from lumiku_studio.skeleton.rig import Placed

NAPE = ((-0.4, 0.1, 0.45), (0.10, 0.15, 1.0))  # lift by height, eyes 0, crown 1
TUCKED = 0.2  # metres farther back that tucked hair counts as rooted
UPWARD = 4  # steps after which falling hair no longer rises
SPREAD = ((-0.05, 0.015), (0.1, 1.0))
"""How far parted hair goes aside, by metres before the head joint: behind, it falls."""
CUT = 0.004  # metres that short hair may be longer than its way to an ear
CLEAR = 0.002  # metres that strands keep from skin and cloth
OVER = 0.007  # metres that guides keep, over ears most of all
ALIKE = (
    0.12,
    0.4,
)  # shares of its length from which a guide does as its kin do, and does
AT_LIMBS = 0.025  # metres from hands within which strands are brought out of them
DEEPEST = 0.05  # metres below a surface from which a strand is brought out


def grow(
    scalp: Scalp,
    style: HairStyle,
    placed: Placed,
    ground: Ground,
    limbs: Floats | None = None,
) -> Floats:
    """Strands (n x k x 3) on a posed head, kept outside the ground.

    Hair that falls goes behind `limbs`, points of hands and forearms.
    """
    how = STYLES[style]
    turn, head = placed.turn("head"), placed.at("head")
    rng = np.random.default_rng(1)
    rows = scalp.guides
    start = scalp.roots[rows] @ turn.T + head
    normal = scalp.outward[rows] @ turn.T
    length = _length(scalp, how, rows) * rng.uniform(0.94, 1.05, len(rows))
    way = unit(
        normal * how.lift * _raised(scalp.place[rows], how)
        + _comb(scalp.place[rows], scalp.side[rows], how, turn)
        + 0.04 * rng.standard_normal((len(rows), 3))
    )
    side, high = scalp.side[rows], scalp.eye_height
    beside = None if limbs is None else aside(limbs, head, turn, high)
    tucked = 0.0 if beside is None else beside.tucked(side)[:, None] * TUCKED
    lead = off_shoulders(start - head - tucked * turn[:, 2], placed.turn("spine01"))
    by_face = Fall(head, turn, high, side, beside)
    fall = by_face if how.falls else None
    guides = march(start, way, length, how, lead, ground, rng, fall)
    if how.falls:
        guides[:, UPWARD:] = clear(
            _alike(guides, scalp.kin)[:, UPWARD:], ground, np.inf, off=OVER
        )
    roots = scalp.drawn @ turn.T + head
    strands = between(roots, guides, scalp.near, scalp.share, how, rng)
    shown = strands[: round(len(strands) * how.count)]
    shown = shown[in_company(shown)]
    chin = float(head[1]) - 0.02
    held = None if beside is None else limbs
    return clear(shown, ground, chin, held) if how.falls else shown


def _alike(guides: Floats, kin: Ints) -> Floats:
    """Guides that fall as their kin do: one turned aside by an ear would split hair."""
    offsets = guides - guides[:, :1]
    along = np.linspace(0, 1, guides.shape[1])
    share = np.interp(along, ALIKE, (0.0, 1.0))[None, :, None]
    out: Floats = guides + (offsets[kin].mean(axis=1) - offsets) * share
    return out


def clear(
    strands: Floats,
    ground: Ground,
    top: float,
    limbs: Floats | None = None,
    off: float = CLEAR,
) -> Floats:
    """The strands brought out of the ground below the height `top`, and at `limbs`."""
    free = strands[..., 1] < top
    if limbs is not None:
        away, _ = cKDTree(limbs).query(strands, distance_upper_bound=AT_LIMBS)
        free |= np.isfinite(away)
    low = np.nonzero(free)
    points = strands[low]
    away, near = ground.tree.query(points, distance_upper_bound=DEEPEST)
    close = np.flatnonzero(np.isfinite(away))
    near, outward = near[close], ground.outward[near[close]]
    depth = off - ((points[close] - ground.points[near]) * outward).sum(axis=1)
    points[close] += outward * np.maximum(depth, 0)[:, None]
    out = strands.copy()
    out[low] = points
    return out


def _length(scalp: Scalp, how: Style, rows: Ints) -> Floats:
    place = scalp.place[rows]
    if how.end is None:
        length: Floats = np.interp(place[:, 1], *how.lengths)
        if how.comb == "out":
            return length
        return np.minimum(length, CUT + scalp.off_ears[rows])
    fall = place[:, 1] * scalp.crown - how.end
    out: Floats = np.maximum(fall, 0.04) * 1.14 + 0.045
    return out


def _raised(place: Floats, how: Style) -> Floats:
    """How much of its lift hair has at each root: at the nape, short hair lies."""
    if how.falls or how.comb == "out":
        return np.ones((len(place), 1))
    return np.interp(place[:, 1:2], *NAPE)


def combed(scalp: Scalp, style: HairStyle) -> Floats:
    """The way hair runs at each point of the cap, in the head bone's frame."""
    place = (scalp.cap - [0, scalp.eye_height, 0]) / [1, scalp.crown, 1]
    side = np.sign(place[:, :1] - PART)
    way = _comb(place, side, STYLES[style], np.eye(3))
    out = scalp.cap_outward
    return unit(way - (way * out).sum(axis=1, keepdims=True) * out)


def _comb(place: Floats, side: Floats, how: Style, turn: Floats) -> Floats:
    """The way hair is combed at each root, on its side of the parting."""
    right, up, front = turn[:, 0], turn[:, 1], turn[:, 2]
    high = np.clip((place[:, 1:2] - 0.35) / 0.4, 0, 1)
    sides = -up * 0.8 - front * 0.35
    if how.comb == "out":
        return np.zeros((len(place), 3))
    if how.comb == "down":
        return np.broadcast_to(sides, (len(place), 3))
    if how.comb == "forward":
        swept = right * 0.75 + front * 0.40 + up * 0.30
        out: Floats = high * swept + (1 - high) * sides
        return out
    if how.comb == "side":
        over = side * right * 0.95 - front * 0.30 + up * 0.20
        aside: Floats = high * over + (1 - high) * sides
        return aside
    high = np.clip((place[:, 1:2] + 0.15) / 0.5, 0, 1)
    spread = np.interp(place[:, 2:3], *SPREAD)
    parted = side * right * 0.85 * spread - front * 0.50
    long: Floats = parted * high - up * (1.0 - 0.8 * high)
    return long


def march(
    start: Floats,
    way: Floats,
    length: Floats,
    how: Style,
    lead: Floats,
    ground: Ground,
    rng: np.random.Generator,
    fall: Fall | None,
) -> Floats:
    """Grow guides step by step; `fall` is that of hair that goes by a face."""
    gap = rng.uniform(0.004, 0.011, len(start))
    if how.end is None:
        gap = rng.uniform(0.003, 0.010, len(start))
    if how.off is not None:
        gap = np.full(len(start), how.off)
    step = (length / how.steps)[:, None]
    path, at = [start], start
    _, near = ground.tree.query(at)
    for k in range(how.steps):
        normal = ground.outward[near]
        close = np.clip(
            1 - np.linalg.norm(at - ground.points[near], axis=1) / 0.035, 0, 1
        )
        rise = (way * normal).sum(axis=1) - (0.35 if k == 0 else 0.04)
        way = unit(way - normal * (np.maximum(rise, 0) * close * how.hug)[:, None])
        way = unit(
            way * (1 - how.gravity)
            + (DOWN if fall is None else fall.down(at)) * how.gravity
        )
        moved = at + way * step
        if fall is not None and k:
            moved = fall.drawn_back(moved)
        _, near = ground.tree.query(moved)
        away = moved - ground.points[near]
        inside = gap * min(1.0, (k + 1) / 3) - (away * ground.outward[near]).sum(axis=1)
        inside = np.clip(inside, 0, 0.05) * (np.linalg.norm(away, axis=1) < 0.09)
        moved = moved + ground.outward[near] * inside[:, None]
        lying = (inside > 0) & (ground.outward[near][:, 1] > 0.3) & (k > UPWARD)
        moved = moved + lead * (step * lying[:, None])
        if fall is not None:
            moved = fall.off_face(moved)
        way, at = unit(moved - at), moved
        if fall is not None and k > UPWARD:
            way = fall.falling(at, way)
        elif how.falls and k > UPWARD:
            way = unit(np.minimum(way, [np.inf, -0.15, np.inf]))
        path.append(at)
    return np.stack(path, axis=1)
