"""Hair: guides grown from the scalp, falling and colliding, with strands between."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import HairStyle
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import clip, compact, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.rig import Placed

GUIDES, STRANDS = 700, 11000
PART = 0.016  # metres the parting lies left of the middle
# The hairline: height (eyes 0, crown 1) by depth (back -1, front +1).
LINE_AT = (-1.0, -0.5, -0.15, 0.05, 0.25, 0.5, 0.75, 1.0)
LINE = (-0.55, -0.55, -0.12, 0.10, 0.20, 0.46, 0.64, 0.70)
NEAREST = 3
MOST_POINTS = 15
# Short hair by height (eyes 0, crown 1): metres.
SHORT_LENGTHS = ((-0.5, 0.1, 0.55, 0.95), (0.008, 0.014, 0.034, 0.052))
FEATHER = 0.12  # crowns over which hair thickens behind the hairline
CAP_BACK = 0.04
LEAD = 0.9  # how strongly hair on a shoulder slides off before or behind it
FRONT_OF = 0.035  # metres before the head joint of roots whose hair falls in front
UPWARD = 4  # steps after which falling hair no longer rises


@dataclass(frozen=True, slots=True)
class Style:
    """How hair grows; lengths in metres, shares 0-1."""

    steps: int
    gravity: float
    lift: float
    hug: float
    radius: float
    end: float | None
    """Height over the eyes at which long hair ends; short hair has none."""
    falls: bool = True
    """Whether it must be grown anew in every pose."""


STYLES = {
    HairStyle.SHORT: Style(9, 0.05, 0.55, 0.75, 0.0010, None, falls=False),
    HairStyle.BOB: Style(22, 0.20, 0.25, 1.0, 0.0011, -0.115),
    HairStyle.LONG: Style(30, 0.20, 0.25, 1.0, 0.0011, -0.225),
}


@dataclass(frozen=True, slots=True, eq=False)
class Scalp:
    """Where hair is rooted, at rest, in coordinates of the head bone."""

    roots: Floats
    outward: Floats
    side: Floats
    """On which side of the parting hair is combed, +1 left."""
    place: Floats
    """Roots from the eyes' height and the head joint's depth, y in crowns."""
    guides: Ints
    """Which roots are grown."""
    near: Ints
    share: Floats
    cap: Floats
    cap_triangles: Ints
    crown: float
    eye_height: float


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What hair lies on: points, and the way out at each."""

    tree: cKDTree
    points: Floats
    outward: Floats


def scalp(rest: Rest) -> Scalp:
    """Sample roots over the hairy part of a head."""
    body = surface("body", 1)
    points = body.operator @ rest.points
    on_head = body.operator @ template().influence("head", "neck03")
    head, eye = rest.head("head"), rest.head("eye.L")[1]
    field, q, crown = _hairline(points - [0, eye, head[2]], on_head)
    outward = normals(points, body.triangles)
    rng = np.random.default_rng(5)
    whole = (field[body.triangles] > 0).all(axis=1)
    triangles = body.triangles[whole]
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    inside = np.clip(field[triangles].mean(axis=1) / FEATHER, 0.12, 1)
    chosen = rng.choice(
        len(triangles), STRANDS, p=area * inside / (area * inside).sum()
    )
    share = rng.dirichlet((1, 1, 1), STRANDS)

    def sample(values: Floats) -> Floats:
        out: Floats = np.einsum("nk,nkj->nj", share, values[triangles[chosen]])
        return out

    roots, place = sample(points), sample(q)
    guides = rng.choice(STRANDS, GUIDES, replace=False)
    across = place[:, :1] - PART + rng.normal(0, 0.0035, (STRANDS, 1))
    sided = place * [1, 0.1, 1] + np.sign(across) * [0.15, 0, 0]
    distance, near = cKDTree(sided[guides]).query(sided, k=NEAREST)
    weight = 1 / (distance + 0.002) ** 2
    cap_triangles, operator = clip(body.triangles, field - CAP_BACK)
    used, cap_triangles = compact(cap_triangles)
    cap = (operator @ (points + outward * 0.0015))[used]
    return Scalp(
        roots=roots - head,
        outward=unit(sample(outward)),
        side=np.sign(across),
        place=place,
        guides=guides,
        near=near,
        share=weight / weight.sum(axis=1, keepdims=True),
        cap=cap - head,
        cap_triangles=cap_triangles,
        crown=crown,
        eye_height=eye - head[1],
    )


def _hairline(q: Floats, on_head: Floats) -> tuple[Floats, Floats, float]:
    """Where hair grows (positive), coordinates with y in crowns, the crown's height."""
    head = on_head > 0.5
    crown = float(q[head][:, 1].max())
    front, back = float(q[head][:, 2].max()), float(q[head][:, 2].min())
    scaled = q / [1, crown, 1]
    depth = np.where(q[:, 2] > 0, q[:, 2] / front, -q[:, 2] / back)
    field = np.where(on_head > 0.3, scaled[:, 1] - np.interp(depth, LINE_AT, LINE), -1)
    y = scaled[:, 1]
    ear = (
        (np.abs(q[:, 0]) > 0.078)
        & (np.abs(depth + 0.05) < 0.4)
        & (y < 0.25)
        & (y > -1.0)
    )
    field[ear] = -1
    return field, scaled, crown


def grow(
    scalp: Scalp, style: HairStyle, placed: Placed, obstacle: Floats, outward: Floats
) -> Floats:
    """Strands (n x k x 3) on a posed head, kept outside `obstacle` points (m x 3)."""
    how = STYLES[style]
    turn, head = placed.turn("head"), placed.at("head")
    rng = np.random.default_rng(1)
    rows = scalp.guides
    start = scalp.roots[rows] @ turn.T + head
    normal = scalp.outward[rows] @ turn.T
    length = _length(scalp, how, rows) * rng.uniform(0.94, 1.05, len(rows))
    way = unit(
        normal * how.lift
        + _comb(scalp, style, rows, turn)
        + 0.04 * rng.standard_normal((len(rows), 3))
    )
    front = np.where(scalp.place[rows, 2:3] > FRONT_OF, 1.0, -1.0)
    lead = front * turn[:, 2] * LEAD - scalp.side[rows] * turn[:, 0] * 0.25
    ground = Ground(cKDTree(obstacle), obstacle, outward)
    guides = _march(start, way, length, how, lead, ground, rng)
    return _between(scalp, guides, turn, head, how, rng)


def _length(scalp: Scalp, how: Style, rows: Ints) -> Floats:
    place = scalp.place[rows]
    if how.end is None:
        return np.interp(place[:, 1], *SHORT_LENGTHS)
    fall = place[:, 1] * scalp.crown - how.end
    out: Floats = np.maximum(fall, 0.04) * 1.14 + 0.045
    return out


def _comb(scalp: Scalp, style: HairStyle, rows: Ints, turn: Floats) -> Floats:
    """The way each hair is combed at its root."""
    place = scalp.place[rows]
    right, up, front = turn[:, 0], turn[:, 1], turn[:, 2]
    if style is HairStyle.SHORT:
        high = np.clip((place[:, 1] - 0.35) / 0.4, 0, 1)[:, None]
        swept = right * 0.75 + front * 0.40 + up * 0.30
        sides = -up * 0.8 - front * 0.35
        out: Floats = high * swept + (1 - high) * sides
        return out
    high = np.clip((place[:, 1:2] + 0.15) / 0.5, 0, 1)
    parted = scalp.side[rows] * right * 0.85 - front * 0.50
    long: Floats = parted * high - up * (1.0 - 0.8 * high)
    return long


def _march(
    start: Floats,
    way: Floats,
    length: Floats,
    how: Style,
    lead: Floats,
    ground: Ground,
    rng: np.random.Generator,
) -> Floats:
    """Grow guides step by step."""
    gap = rng.uniform(0.004, 0.015, len(start))
    if how.end is None:
        gap = rng.uniform(0.003, 0.010, len(start))
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
        way = unit(way * (1 - how.gravity) + np.array([0, -how.gravity, 0]))
        moved = at + way * step
        _, near = ground.tree.query(moved)
        away = moved - ground.points[near]
        inside = gap * min(1.0, (k + 1) / 3) - (away * ground.outward[near]).sum(axis=1)
        inside = np.clip(inside, 0, 0.05) * (np.linalg.norm(away, axis=1) < 0.09)
        moved = moved + ground.outward[near] * inside[:, None]
        lying = (inside > 0) & (ground.outward[near][:, 1] > 0.3) & (k > UPWARD)
        moved = moved + lead * (step * lying[:, None])
        way, at = unit(moved - at), moved
        if how.falls and k > UPWARD:
            way = unit(np.minimum(way, [np.inf, -0.15, np.inf]))
        path.append(at)
    return np.stack(path, axis=1)


def _between(
    scalp: Scalp,
    guides: Floats,
    turn: Floats,
    head: Floats,
    how: Style,
    rng: np.random.Generator,
) -> Floats:
    """Every strand follows its nearest guides, gathered into locks."""
    offsets = guides - guides[:, :1]
    mixed = np.einsum("nk,nkij->nij", scalp.share, offsets[scalp.near])
    roots = scalp.roots @ turn.T + head
    strands = roots[:, None] + mixed
    grown = np.linspace(0, 1, strands.shape[1])[None, :, None]
    lock = guides[scalp.near[:, 0]]
    pull = 0.35 if how.end is not None else 0.2
    strands = strands + (lock - strands) * pull * grown
    loose = rng.standard_normal((len(strands), 1, 3)) * (
        0.0035 if how.end is not None else 0.002
    )
    wave = rng.standard_normal((len(strands), 1, 3)) * 0.0010
    bend = np.sin(grown * 9 + rng.uniform(0, 6.28, (len(strands), 1, 1)))
    out: Floats = strands + loose * grown + wave * bend * grown
    shorten = rng.uniform(0.80, 1.0, len(strands))
    return _resampled(out, shorten)


def _resampled(strands: Floats, share: Floats) -> Floats:
    """Each strand cut to a share of its length, in no more points than are seen."""
    steps = strands.shape[1]
    at = np.linspace(0, 1, min(steps, MOST_POINTS))[None] * share[:, None] * (steps - 1)
    low = np.minimum(at.astype(int), steps - 2)
    part = (at - low)[..., None]
    row = np.arange(len(strands))[:, None]
    out: Floats = strands[row, low] * (1 - part) + strands[row, low + 1] * part
    return out
