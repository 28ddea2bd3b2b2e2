"""Operations on triangle and quad meshes, as sparse operators where they repeat."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.sparse as sp

from lumiku_studio.arrays import Floats, Ints, Mask, Sparse
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A subdivided mesh: `operator` takes template vertices to its own."""

    operator: Sparse
    triangles: Ints
    uv: Floats
    uv_triangles: Ints


def triangles_of(quads: Ints) -> Ints:
    """Two triangles for each quad, all first halves first."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def normals(points: Floats, triangles: Ints) -> Floats:
    """Unit normals at the vertices, weighted by area."""
    total = summed(crossed(points, triangles), triangles, len(points))
    return unit(np.ascontiguousarray(total.T))


def summed(values: Floats, triangles: Ints, count: int) -> Floats:
    """What triangles have (k x t) summed at each of `count` vertices, k x count."""
    corners = np.ascontiguousarray(triangles.T)
    out = np.zeros((len(values), count))
    for row, value in enumerate(values):
        for corner in corners:
            out[row] += np.bincount(corner, value, minlength=count)
    return out


def crossed(points: Floats, triangles: Ints) -> Floats:
    """The cross product of two sides of each triangle, 3 x n."""
    rows = np.ascontiguousarray(points.T)
    a, p, q = (rows.take(k, axis=1) for k in np.ascontiguousarray(triangles.T))
    p -= a
    q -= a
    out: Floats = np.empty_like(p)
    for axis, (one, two) in enumerate(((1, 2), (2, 0), (0, 1))):
        np.multiply(p[one], q[two], out=out[axis])
        out[axis] -= p[two] * q[one]
    return out


def neighbour_mean(triangles: Ints, count: int) -> Sparse:
    """The operator that replaces each vertex by the mean of its neighbours."""
    edges = np.concatenate(
        [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]
    )
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    links = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    links.data[:] = 1
    degree = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)
    return (sp.diags(1 / degree) @ links).tocsr()


def subdivide(quads: Ints, count: int, *, smooth: bool = True) -> tuple[Sparse, Ints]:
    """One Catmull-Clark step: the operator on `count` vertices, and the new quads.

    Without `smooth` points are only inserted midway, as texture corners need.
    """
    faces = len(quads)
    sides = np.stack([quads, np.roll(quads, -1, axis=1)], axis=2).reshape(-1, 2)
    ordered = np.sort(sides, axis=1)
    key = ordered[:, 0] * np.int64(count) + ordered[:, 1]
    _, first, which, uses = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    ends, edges = ordered[first], len(first)
    face_of = np.repeat(np.arange(faces), 4)

    def matrix(
        values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]
    ) -> Sparse:
        return sp.csr_matrix((values, (rows, columns)), shape=shape)

    centre = matrix(np.full(4 * faces, 0.25), face_of, quads.ravel(), (faces, count))
    middle = matrix(
        np.full(2 * edges, 0.5),
        np.repeat(np.arange(edges), 2),
        ends.ravel(),
        (edges, count),
    )
    edge_points, corner_points = middle, sp.identity(count)
    if smooth:
        border = uses < 2
        edge_faces = matrix(np.ones(4 * faces), which, face_of, (edges, faces))
        edge_points = sp.diags(np.where(border, 1, 0.5)) @ middle + sp.diags(
            np.where(border, 0, 0.5 / np.maximum(uses, 1))
        ) @ (edge_faces @ centre)
        corner_points = _corners(quads, ends, border, centre, middle, count)
    operator = sp.vstack([corner_points, edge_points, centre]).tocsr()
    edge_id = which.reshape(faces, 4) + count
    face_id = np.arange(faces) + count + edges
    split = [
        np.stack([quads[:, k], edge_id[:, k], face_id, edge_id[:, (k - 1) % 4]], axis=1)
        for k in range(4)
    ]
    return operator, np.stack(split, axis=1).reshape(-1, 4)


def _corners(
    quads: Ints, ends: Ints, border: Ints, centre: Sparse, middle: Sparse, count: int
) -> Sparse:
    """Where the old vertices go: the usual rule inside, the crease rule on borders."""
    faces, edges = len(quads), len(ends)
    ones_f, ones_e = np.ones(4 * faces), np.ones(2 * edges)
    face_id = np.repeat(np.arange(faces), 4)
    vertex_faces = sp.csr_matrix(
        (ones_f, (quads.ravel(), face_id)), shape=(count, faces)
    )
    edge_id = np.repeat(np.arange(edges), 2)
    vertex_edges = sp.csr_matrix(
        (ones_e, (ends.ravel(), edge_id)), shape=(count, edges)
    )
    valence = np.asarray(vertex_faces.sum(axis=1)).ravel()
    n = np.maximum(valence, 1)
    links = np.maximum(np.asarray(vertex_edges.sum(axis=1)).ravel(), 1)
    inside = (
        sp.diags(1 / n**2) @ (vertex_faces @ centre)
        + sp.diags(2 / (n * links)) @ (vertex_edges @ middle)
        + sp.diags((n - 3) / n)
    )
    along = vertex_edges @ sp.diags(border.astype(float))
    border_links = np.maximum(np.asarray(along.sum(axis=1)).ravel(), 1)
    crease = sp.diags(0.5 / border_links) @ (along @ middle) + 0.5 * sp.identity(count)
    used, on_border = valence > 0, np.zeros(count, bool)
    on_border[ends[border].ravel()] = True
    return (
        sp.diags((used & ~on_border).astype(float)) @ inside
        + sp.diags((used & on_border).astype(float)) @ crease
        + sp.diags((~used).astype(float))
    )


@lru_cache(maxsize=16)
def surface(name: str, levels: int) -> Surface:
    """A mesh of the template after `levels` Catmull-Clark steps."""
    body = template()
    quads, operator = body.faces[name], sp.identity(body.count).tocsr()
    seams, corners = body.uv_faces, sp.identity(len(body.uv)).tocsr()
    for _ in range(levels):
        step, quads = subdivide(quads, operator.shape[0])
        operator = step @ operator
        if name == "body":
            step, seams = subdivide(seams, corners.shape[0], smooth=False)
            corners = step @ corners
    used, renumbered = np.unique(quads, return_inverse=True)
    quads = renumbered.reshape(quads.shape)
    uv = corners @ body.uv
    return Surface(operator[used].tocsr(), triangles_of(quads), uv, triangles_of(seams))


def clip(triangles: Ints, field: Floats) -> tuple[Ints, Sparse]:
    """Keep the part of a mesh where `field` (one value a vertex) is positive.

    Returns triangles over the old vertices followed by those on the cut, and the
    operator that makes all of them from the old.
    """
    count, inside = len(field), (field > 0)[triangles]
    first, second, third = inside.T.astype(np.uint8)
    corners = first + second + third
    whole = triangles[corners == 3]
    mixed = (corners > 0) & (corners < 3)
    cut, flags = triangles[mixed], inside[mixed]
    one = flags.sum(axis=1) == 1
    odd = np.where(one, flags.argmax(axis=1), (~flags).argmax(axis=1))
    turned = np.stack(
        [cut[np.arange(len(cut)), (odd + k) % 3] for k in range(3)], axis=1
    )
    pairs = np.concatenate([turned[:, [0, 1]], turned[:, [0, 2]]])
    pairs.sort(axis=1)
    key, which = np.unique(
        pairs[:, 0].astype(np.int64) * count + pairs[:, 1], return_inverse=True
    )
    ends = np.stack(np.divmod(key, count), axis=1)
    which = which.ravel() + count
    left, right = which[: len(turned)], which[len(turned) :]
    tips = np.stack([turned[:, 0], left, right], axis=1)[one]
    a, b = turned[~one, 1], turned[~one, 2]
    left, right = left[~one], right[~one]
    rest = np.concatenate([np.stack([left, a, b], 1), np.stack([left, b, right], 1)])
    share = field[ends[:, 0]] / (field[ends[:, 0]] - field[ends[:, 1]])
    values = np.concatenate([np.ones(count), np.stack([1 - share, share], 1).ravel()])
    columns = np.concatenate([np.arange(count), ends.ravel()]).astype(np.int32)
    starts = np.r_[np.arange(count), count + 2 * np.arange(len(ends) + 1)]
    shape = (count + len(ends), count)
    operator = sp.csr_matrix((values, columns, starts.astype(np.int32)), shape=shape)
    return np.concatenate([whole, tips, rest]), operator


def split(triangles: Ints, field: Floats) -> tuple[Ints, Sparse]:
    """Cut a mesh along the line where `field` is zero, and keep both sides.

    Returns as `clip`; no triangle lies across the line any more.
    """
    within, operator = clip(triangles, field)
    beyond, _ = clip(triangles, -field)
    return np.concatenate([within, beyond]), operator


def compact(triangles: Ints) -> tuple[Ints, Ints]:
    """The vertices that are used, and the triangles renumbered over them."""
    seen = np.zeros(int(triangles.max(initial=-1)) + 1, bool)
    seen[triangles] = True
    used, number = np.flatnonzero(seen), np.cumsum(seen) - 1
    return used, number[triangles]


def border_edges(triangles: Ints) -> Ints:
    """Directed edges that belong to one triangle only, k x 2."""
    edges = np.concatenate(
        [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]
    )
    edges = edges[_open(triangles)[edges].T.all(axis=0)]
    low, high = edges.min(axis=1), edges.max(axis=1)
    key = low.astype(np.int64) * (int(edges.max(initial=0)) + 1) + high
    order = np.argsort(key)
    sorted_key = key[order]
    ends = np.ones(min(1, len(key)), bool)  # none where there is no triangle at all
    fresh = np.r_[True, sorted_key[1:] != sorted_key[:-1], ends]
    out: Ints = edges[order[fresh[:-1] & fresh[1:]]]
    return out


def _open(triangles: Ints) -> Mask:
    """Which vertices may be on a border: their triangles do not close about them.

    About any other, each neighbour that one triangle begins with another ends with:
    sums of the neighbours' numbers, whole ones with random digits, are then equal.
    """
    count = int(triangles.max(initial=-1)) + 1
    number = np.random.default_rng(0).integers(2**31, size=count).astype(float)
    a, b, c = (number.take(corner) for corner in triangles.T)
    total = np.zeros(count)
    for corner, ahead, behind in zip(triangles.T, (b, c, a), (c, a, b), strict=True):
        total += np.bincount(corner, ahead - behind, minlength=count)
    out: Mask = total != 0
    return out


@lru_cache(maxsize=8)
def masked(name: str) -> Floats:
    """How much of each vertex of the skin's surface lies under a mask, 0-1."""
    skin, mask = surface("body", 1), template().masks[name]
    side = len(mask)
    at = np.clip((skin.uv * side).astype(int), 0, side - 1)
    corners = mask[side - 1 - at[:, 1], at[:, 0]][skin.uv_triangles]
    out = np.zeros(skin.operator.shape[0])
    np.maximum.at(out, skin.triangles.ravel(), corners.ravel())
    return out
