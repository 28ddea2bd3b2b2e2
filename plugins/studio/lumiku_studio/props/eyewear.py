"""Glasses: two rims before the eyes, a bridge, and temples to the ears."""

import numpy as np
from scipy.ndimage import maximum_filter1d
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Eyewear
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.face import Face
from lumiku_studio.body.mesh import masked, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed

# Half width and half height in metres, the power of the outline, the rim's radius.
RIMS = {
    Eyewear.ROUND: (0.0255, 0.0245, 2.0, 0.0011),
    Eyewear.SQUARE: (0.0285, 0.0205, 4.0, 0.0015),
    Eyewear.SUNGLASSES: (0.0285, 0.0220, 2.8, 0.0017),
}
FRAMES = {
    Eyewear.ROUND: (0.10, 0.075, 0.05),
    Eyewear.SQUARE: (0.018, 0.016, 0.018),
    Eyewear.SUNGLASSES: (0.015, 0.013, 0.013),
}
AHEAD, DROP = 0.0225, 0.005  # metres before the eye's middle, and below it
OVER_EAR = 0.003  # metres over the ear's upper rim that a temple lies
DOWN_EAR = np.array([0, -0.022, -0.016])
OFF_HEAD = 0.0015  # metres between a temple and the skin beside it
ALONG = 36
TINY = 1e-12  # square metres of a triangle that is seen edgewise
WRAP = 0.10  # metres of depth that a rim loses per metre aside
AROUND, SIDES = 40, 6
OFF_SKIN, BESIDE, FARTHEST = 0.0022, 0.004, 0.012
GLASS = np.array([0.018, 0.016, 0.015])


def glasses(kind: Eyewear, features: Face, placed: Placed) -> list[Part]:
    """The glasses of a posed head."""
    if kind is Eyewear.NONE:
        return []
    half_x, half_y, power, thick = RIMS[kind]
    left = features.eyes[:, 0] > 0
    eye = (features.eyes[left].max(axis=0) + features.eyes[left].min(axis=0)) / 2
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    cosine, sine = np.cos(angle), np.sin(angle)
    x = half_x * np.sign(cosine) * np.abs(cosine) ** (2 / power)
    y = half_y * np.sign(sine) * np.abs(sine) ** (2 / power)
    rim = np.stack([x, y - DROP, AHEAD - WRAP * np.maximum(x, 0)], axis=1) + eye
    rim[:, 2] += _clear(rim, placed.rest)
    hinge = rim[np.argmax(rim[:, 0] + rim[:, 1] * 0.4)]
    temple = _temple(hinge, placed.rest, thick)
    inner = rim[np.argmin(rim[:, 0] - rim[:, 1] * 0.4)]
    lifted = inner * [0, 1, 1] + [0, 0.002, 0.002]
    bridge = np.stack([inner, lifted, inner * [-1, 1, 1]])
    pieces = [tube(bridge, thick, closed=False)]
    for sign in (1, -1):
        side = np.array([sign, 1, 1])
        pieces.append(tube(rim * side, thick, closed=True))
        pieces.append(tube(temple * side, thick * 0.9, closed=False))
    frame = _joined(pieces, placed)
    colour = np.array(FRAMES[kind])
    parts = [Part(*frame, colour, Stuff.SHOE, Segment.HEADWEAR, sheer=True)]
    if kind is Eyewear.SUNGLASSES:
        panes = [_pane(rim * np.array([sign, 1, 1])) for sign in (1, -1)]
        dark = _joined(panes, placed)
        parts.append(Part(*dark, GLASS, Stuff.SHOE, Segment.HEADWEAR))
    return parts


def tube(path: Floats, radius: float, *, closed: bool) -> tuple[Floats, Ints]:
    """A round wire along points (n x 3): its vertices and triangles."""
    along = np.gradient(path, axis=0)
    if closed:
        along = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    along = unit(along)
    level = np.where(np.abs(along[:, 1:2]) > 0.9, [[0, 0, 1.0]], [[0, 1.0, 0]])
    first = unit(np.cross(along, level))
    second = np.cross(along, first)
    turn = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)[:, None]
    ring = np.cos(turn) * first[:, None] + np.sin(turn) * second[:, None]
    points = (path[:, None] + ring * radius).reshape(-1, 3)
    rows = np.arange(len(path) if closed else len(path) - 1)[:, None]
    k = np.arange(SIDES)[None]
    here, there = rows * SIDES, (rows + 1) % len(path) * SIDES
    n = (k + 1) % SIDES
    quads = np.stack([here + k, here + n, there + n, there + k], axis=-1).reshape(-1, 4)
    return points, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def _pane(rim: Floats) -> tuple[Floats, Ints]:
    middle = rim.mean(axis=0) + np.array([0, 0, 0.002])
    points = np.concatenate([rim, middle[None]])
    k = np.arange(len(rim))
    return points, np.stack([k, (k + 1) % len(rim), np.full(len(rim), len(rim))], 1)


def _temple(hinge: Floats, rest: Rest, thick: float) -> Floats:
    """The left temple's way: from the hinge along the head, over the ear and down."""
    body = surface("body", 1)
    skin = body.operator @ rest.points
    left = skin[:, 0] > 0
    ear = skin[left & (masked("ears") > 0.5)]
    top = ear[ear[:, 1] > ear[:, 1].max() - 0.010].mean(axis=0)
    top[1] += OVER_EAR
    path = hinge + np.linspace(0, 1, ALONG)[:, None] * (top - hinge)
    path = np.concatenate([path, path[-1:] + DOWN_EAR])
    lone = left & (masked("ears") < 0.2) & (skin[:, 1] > hinge[1] - 0.1)
    triangles = body.triangles[lone[body.triangles].all(axis=1)]
    _, near = cKDTree(skin[lone][:, 1:]).query(path[:ALONG, 1:], k=5)
    beside = maximum_filter1d(_outermost(skin[triangles], path[:ALONG, 1:]), 3)
    # The skin has a hole where the ear grows.
    beside = np.maximum(beside, skin[lone][near, 0].max(axis=1)) + OFF_HEAD + thick
    straight = np.interp(np.arange(ALONG), (0, ALONG - 1), (hinge[0], beside[-1]))
    path[:ALONG, 0] = np.maximum(straight, beside)
    path[0], path[ALONG, 0] = hinge, path[ALONG - 1, 0]
    return path


def _outermost(corners: Floats, places: Floats) -> Floats:
    """The greatest x of triangles (t x 3 x 3) at each place (y, z; n x 2), else 0."""
    a, b, c = corners.transpose(1, 0, 2)
    one, two = (b - a)[:, 1:], (c - a)[:, 1:]
    at = places[:, None] - a[:, 1:]
    area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    area = np.where(np.abs(area) < TINY, np.inf, area)
    u = (at[..., 0] * two[:, 1] - at[..., 1] * two[:, 0]) / area
    v = (one[:, 0] * at[..., 1] - one[:, 1] * at[..., 0]) / area
    x = a[:, 0] + u * (b - a)[:, 0] + v * (c - a)[:, 0]
    out: Floats = np.where((u >= 0) & (v >= 0) & (u + v <= 1), x, 0).max(axis=1)
    return out


def _clear(rim: Floats, rest: Rest) -> float:
    """How much farther ahead a pane must stand to be off brows, lids and cheeks."""
    skin = surface("body", 1).operator @ rest.points
    skin = skin[skin[:, 2] > rest.head("eye.L")[2]]
    middle = rim.mean(axis=0)
    inward = np.linspace(0, 1, 6)[:, None, None]
    pane = (rim * (1 - inward) + middle * inward).reshape(-1, 3)
    apart, near = cKDTree(skin[:, :2]).query(pane[:, :2])
    short = skin[near, 2] + OFF_SKIN - pane[:, 2]
    return float(np.clip(short[apart < BESIDE].max(initial=0), 0, FARTHEST))


def _joined(pieces: list[tuple[Floats, Ints]], placed: Placed) -> tuple[Floats, Ints]:
    """Meshes at rest as one, where the head is."""
    offset, triangles = 0, []
    for points, faces in pieces:
        triangles.append(faces + offset)
        offset += len(points)
    points = np.concatenate([points for points, _ in pieces])
    moved = (points - placed.rest.head("head")) @ placed.turn("head").T
    return moved + placed.at("head"), np.concatenate(triangles)
