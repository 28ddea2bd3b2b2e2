"""The scalp: where hair is rooted, and the cap beneath it."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.bare import skin_of
from lumiku_studio.body.mesh import clip, compact, masked, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit

GUIDES, STRANDS = 700, 12000
PARTING = 0.6  # crowns over the eyes from which hair is parted
PART = 0.016  # metres the parting lies left of the middle
# The hairline: height (eyes 0, crown 1) by depth (back -1, front +1).
LINE_AT = (-1.0, -0.5, -0.3, -0.15, 0.05, 0.2, 0.33, 0.5, 0.75, 1.0)
LINE = (-0.62, -0.54, -0.36, -0.20, -0.16, -0.14, 0.22, 0.42, 0.54, 0.57)
NEAREST, KIN = 3, 8
FEATHER = 0.15  # crowns over which hair thickens behind the hairline
AT_LINE = 0.4  # of what grows farther back: fewer hairs stand as single ticks
UNEVEN = ((0.010, 118.0, 0.7), (0.008, 263.0, 2.1))
"""Waves of the hairline along the head: crowns, per metre, phase."""
BEFORE = 0.04  # crowns before the hairline from which hair shades the skin
UNPARTED = 0.045  # metres behind the head joint where no parting is left
PARTED = 1.6  # how much denser hair is along the parting
CAP_BACK = 0.085
UNDER = 0.0006  # metres over the skin that the cap lies, below the strands


@dataclass(frozen=True, slots=True, eq=False)
class Scalp:
    """Where hair is rooted, at rest, in coordinates of the head bone."""

    roots: Floats
    outward: Floats
    side: Floats
    """On which side of the parting hair is combed, +1 left."""
    place: Floats
    """Roots from the eyes' height and the head joint's depth, y in crowns."""
    off_ears: Floats
    """Metres from each root to an ear."""
    guides: Ints
    """Which roots are grown."""
    kin: Ints
    """The guides about each, with whom it falls alike."""
    every: int
    """Of so many hairs one is drawn, and thicker: coarse pictures need no more."""
    near: Ints
    """The guides nearest to each hair that is drawn, and their shares of it."""
    share: Floats
    cap: Floats
    cap_triangles: Ints
    cap_outward: Floats
    crown: float
    eye_height: float

    @property
    def drawn(self) -> Floats:
        """The roots of the hairs that are drawn."""
        out: Floats = self.roots[:: self.every]
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What hair lies on: points, and the way out at each."""

    tree: cKDTree
    points: Floats
    outward: Floats


def scalp(rest: Rest, every: int = 1) -> Scalp:
    """Sample roots over the hairy part of a head."""
    body = surface("body", 1)
    points, outward = skin_of(rest).points, skin_of(rest).outward
    on_head = body.operator @ template().influence("head", "neck03")
    head, eye = rest.head("head"), rest.head("eye.L")[1]
    field, q, crown = _hairline(points - [0, eye, head[2]], on_head, masked("ears"))
    rng = np.random.default_rng(5)
    whole = (field[body.triangles] > 0).all(axis=1)
    triangles = body.triangles[whole]
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    inside = np.clip(field[triangles].mean(axis=1) / FEATHER, AT_LINE, 1)
    aside, rise, _ = q[triangles].mean(axis=1).T
    inside *= 1 + PARTED * np.exp(-(((aside - PART) / 0.012) ** 2)) * (rise > PARTING)
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
    before = np.clip((place[:, 2:] + UNPARTED) / UNPARTED, 0, 1)
    sided = place * [1, 0.1, 1] + np.sign(across) * before * [0.15, 0, 0]
    grown = cKDTree(sided[guides])
    distance, near = grown.query(sided[::every], k=NEAREST)
    _, kin = grown.query(sided[guides], k=KIN)
    weight = 1 / (distance + 0.002) ** 2
    cap_triangles, operator = clip(body.triangles, field - CAP_BACK)
    used, cap_triangles = compact(cap_triangles)
    cap = (operator @ (points + outward * UNDER))[used]
    cap_outward = unit((operator @ outward)[used])
    off_ears, _ = cKDTree(points[masked("ears") > 0.5]).query(roots)
    return Scalp(
        roots=roots - head,
        off_ears=off_ears,
        outward=unit(sample(outward)),
        side=np.sign(across),
        place=place,
        guides=guides,
        kin=kin,
        every=every,
        near=near,
        share=weight / weight.sum(axis=1, keepdims=True),
        cap=cap - head,
        cap_triangles=cap_triangles,
        cap_outward=cap_outward,
        crown=crown,
        eye_height=eye - head[1],
    )


def hairiness(rest: Rest) -> Floats:
    """How much hair shades each vertex of the skin's surface, 0-1."""
    body = surface("body", 1)
    points = skin_of(rest).still
    on_head = body.operator @ template().influence("head", "neck03")
    middle = [0, rest.head("eye.L")[1], rest.head("head")[2]]
    field, _, _ = _hairline(points - middle, on_head, masked("ears"))
    share = np.clip((field + BEFORE) / (FEATHER + 0.01), 0, 1)
    out: Floats = share * share * (3 - 2 * share)
    return out


def _hairline(q: Floats, on_head: Floats, ears: Floats) -> tuple[Floats, Floats, float]:
    """Where hair grows (positive), coordinates with y in crowns, the crown's height."""
    head = on_head > 0.5
    crown = float(q[head][:, 1].max())
    front, back = float(q[head][:, 2].max()), float(q[head][:, 2].min())
    scaled = q / [1, crown, 1]
    depth = np.where(q[:, 2] > 0, q[:, 2] / front, -q[:, 2] / back)
    field = np.where(on_head > 0.3, scaled[:, 1] - np.interp(depth, LINE_AT, LINE), -1)
    along = np.abs(q[:, 0]) - q[:, 2]
    for high, often, phase in UNEVEN:
        field += high * np.sin(along * often + phase + np.sign(q[:, 0]))
    y = scaled[:, 1]
    ear = (ears > 0.15) & (y < 0.25)
    field[ear] = -1
    return field, scaled, crown


def ground(points: Floats, outward: Floats) -> Ground:
    """The ground of points and their normals."""
    return Ground(cKDTree(points), points, outward)
