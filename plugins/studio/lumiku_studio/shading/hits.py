"""What a batch of rays met; vectors are columns, so that arithmetic runs along rows."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.shading.footprint import Woven, footprint, ways
from lumiku_studio.shading.stage import COLOUR, DETAIL, NORMAL, Stage, Stuff

GRAZING = 0.3  # cosine to the eye below which it is asked from which side a hit is seen
EDGEWISE = 0.35  # cosine of a triangle to its own shading normal that is too little
FACING = 0.02  # cosine to the eye that a hit seen from before has at least


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What rays met; vectors are 3 x n, `float32`."""

    points: Floats
    normals: Floats
    towards: Floats
    """Unit vectors to the eye."""
    colour: Floats
    detail: Floats
    """Metres from the nearest hem, and the shade of folds, 2 x n."""
    stuff: Ints
    segment: Ints

    def some(self, rows: Ints) -> "Hits":
        """Those of some numbers."""
        return Hits(
            self.points.take(rows, axis=1),
            self.normals.take(rows, axis=1),
            self.towards.take(rows, axis=1),
            self.colour.take(rows, axis=1),
            self.detail.take(rows, axis=1),
            self.stuff.take(rows),
            self.segment.take(rows),
        )


def dot(a: Floats, b: Floats) -> Floats:
    """The inner products of columns."""
    out: Floats = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return out


def lengthened(columns: Floats) -> Floats:
    """The same directions with length one."""
    out: Floats = columns / np.maximum(np.sqrt(dot(columns, columns)), 1e-9)
    return out


def look_up(
    stage: Stage,
    which: Ints,
    u: Floats,
    v: Floats,
    points: Floats,
    directions: Floats,
    wide: Floats,
) -> Hits:
    """Read the stage where rays along `directions` met triangles at `u`, `v`.

    `points` and `directions` are columns, 3 x n; `wide` says how many metres a pixel
    spans there.
    """
    corners = stage.triangles.take(which, axis=0)
    shares = np.stack([1 - u - v, u, v], axis=1).astype(np.float32)
    mixed = np.ascontiguousarray((_mixing(corners, shares, stage) @ stage.looks).T)
    stuff = stage.stuff.take(which)
    shade, colour, detail = lengthened(mixed[NORMAL]), mixed[COLOUR], mixed[DETAIL]
    number = stage.printed.take(which)
    for k, drawn in enumerate(stage.prints, 1):
        mine = np.flatnonzero(number == k)
        if not len(mine):
            continue
        at = np.einsum(
            "nk,nkj->nj", shares.take(mine, axis=0), stage.uv.take(which[mine], axis=0)
        )
        own = colour.take(mine, axis=1).T
        if not isinstance(drawn, Woven):
            colour[:, mine] = drawn.coloured(at, own).T
            continue
        two, normal = ways(stage, which[mine]), shade[:, mine].T
        seen = footprint(two, normal, directions[:, mine].T, wide.take(mine))
        colour[:, mine] = drawn.coloured(at, own, seen).T
        steep = drawn.slopes(at, seen) * detail[2].take(mine)[:, None]
        shade[:, mine] = tilted(two, normal, steep).T
    _face(stage, which, stuff, directions, shade)
    segment = stage.segment.take(which)
    return Hits(points, shade, -directions, colour, detail[:2], stuff, segment)


def _face(
    stage: Stage, which: Ints, stuff: Ints, directions: Floats, shade: Floats
) -> None:
    """Turn shading normals (3 x n) towards the eye, in place.

    Only what is seen from behind is turned about. Near an outline a smoothed normal may
    lean away although its triangle is seen from before: it is bent to the outline, for
    turned about it would show the light of the other side. So is that of a hem's narrow
    edge, which is shaded as the cloth beside it and has no side of its own.
    """
    lean = dot(shade, directions)
    solid = (stuff != Stuff.HAIR) & (stuff != Stuff.FLOOR)
    close = np.flatnonzero((lean > -GRAZING) & solid)
    if not len(close):
        return
    a, b, c = stage.points.take(stage.triangles.take(which[close], axis=0).T, axis=0)
    flat = np.cross(b - a, c - a).T
    normal, way = shade.take(close, axis=1), directions.take(close, axis=1)
    agree = dot(flat, normal)
    behind = (dot(flat, way) > 0) == (agree > 0)
    behind &= np.abs(agree) > EDGEWISE * np.sqrt(dot(flat, flat))
    normal = np.where(behind, -normal, normal)
    over = np.maximum(dot(normal, way) + FACING, 0)
    shade[:, close] = lengthened(normal - way * over)


def _mixing(corners: Ints, shares: Floats, stage: Stage) -> sp.csr_matrix:
    """The operator that takes the stage's vertices to where rays met it."""
    starts = np.arange(0, corners.size + 1, 3, dtype=np.int32)
    shape = (len(corners), len(stage.points))
    return sp.csr_matrix((shares.ravel(), corners.ravel(), starts), shape=shape)


def tilted(two: tuple[Floats, Floats], shade: Floats, steep: Floats) -> Floats:
    """Normals (n x 3) leant by slopes along the `two` ways of a print (n x 3 each).

    What has been stretched is as many times less steep.
    """
    lean = np.zeros_like(shade)
    for way, slope in zip(two, steep.T, strict=True):
        length = np.einsum("ij,ij->i", way, way)
        lean += way * (slope / np.maximum(length, 1))[:, None]
    lean -= np.einsum("ij,ij->i", lean, shade)[:, None] * shade
    out: Floats = shade - lean
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    return out
