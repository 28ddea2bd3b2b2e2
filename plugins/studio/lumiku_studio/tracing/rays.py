"""The one door through which rays meet triangles: Embree, or a fallback of ours."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask

NOTHING = -1
LEAF = 8
BATCH = 2048
FAR = np.float32(1e30)


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """Per ray: the triangle met or `NOTHING`, where on it, and how far, in metres."""

    triangle: Ints
    u: Floats
    v: Floats
    distance: Floats


class Tracer(Protocol):
    """Rays against one set of triangles; all arrays are `float32`, n x 3."""

    quick: bool
    """Whether rays are cheap enough to be spent freely."""

    def nearest(self, origins: Floats, directions: Floats) -> Met:
        """What each ray meets first."""
        ...

    def blocked(self, origins: Floats, directions: Floats, distances: Floats) -> Mask:
        """Whether anything lies on each ray before its distance."""
        ...


def tracer(points: Floats, triangles: Ints) -> Tracer:
    """The best tracer this machine has."""
    try:
        return EmbreeTracer(points, triangles)
    except ImportError:
        return PlainTracer(points, triangles)


class EmbreeTracer:
    """Embree through its Python binding."""

    quick = True

    def __init__(self, points: Floats, triangles: Ints) -> None:
        from embreex.mesh_construction import TriangleMesh  # noqa: PLC0415
        from embreex.rtcore_scene import EmbreeScene  # noqa: PLC0415

        self._scene = EmbreeScene()
        self._mesh = TriangleMesh(
            self._scene,
            np.ascontiguousarray(points, np.float32),
            np.ascontiguousarray(triangles, np.int32),
        )

    def nearest(self, origins: Floats, directions: Floats) -> Met:
        """What each ray meets first."""
        met = self._scene.run(origins, directions, query="INTERSECT", output=True)
        return Met(met["primID"], met["u"], met["v"], met["tfar"])

    def blocked(self, origins: Floats, directions: Floats, distances: Floats) -> Mask:
        """Whether anything lies on each ray before its distance."""
        out: Mask = (
            self._scene.run(origins, directions, dists=distances, query="OCCLUDED") >= 0
        )
        return out


class PlainTracer:
    """A binary tree of boxes over triangles in Morton order, walked in numpy."""

    quick = False

    def __init__(self, points: Floats, triangles: Ints) -> None:
        corners = points[triangles].astype(np.float32)
        order = _morton_order(corners.mean(axis=1))
        leaves = max(1, -(-len(order) // LEAF))
        padded = np.pad(order, (0, leaves * LEAF - len(order)), mode="edge")
        self._order = padded.reshape(leaves, LEAF)
        packed = corners[self._order]
        self._first = packed[:, :, 0]
        self._sides = (
            packed[:, :, 1] - packed[:, :, 0],
            packed[:, :, 2] - packed[:, :, 0],
        )
        low, high = packed.min(axis=(1, 2)), packed.max(axis=(1, 2))
        self._levels = [(low, high)]
        while len(low) > 1:
            if len(low) % 2:  # an odd one out is its own pair
                low, high = np.r_[low, low[-1:]], np.r_[high, high[-1:]]
            low = low.reshape(-1, 2, 3).min(axis=1)
            high = high.reshape(-1, 2, 3).max(axis=1)
            self._levels.append((low, high))
        self._levels.reverse()

    def nearest(self, origins: Floats, directions: Floats) -> Met:
        """What each ray meets first."""
        return self._within(origins, directions, np.full(len(origins), FAR, np.float32))

    def blocked(self, origins: Floats, directions: Floats, distances: Floats) -> Mask:
        """Whether anything lies on each ray before its distance."""
        met = self._within(origins, directions, distances)
        out: Mask = met.distance < distances
        return out

    def _within(self, origins: Floats, directions: Floats, limit: Floats) -> Met:
        """What each ray meets first, asking no box that begins beyond its limit."""
        count = len(origins)
        met = Met(
            np.full(count, NOTHING, np.int32),
            np.zeros(count, np.float32),
            np.zeros(count, np.float32),
            np.full(count, FAR, np.float32),
        )
        for start in range(0, count, BATCH):
            span = slice(start, start + BATCH)
            self._walk(origins[span], directions[span], limit[span], met, start)
        return met

    def _walk(
        self, origins: Floats, directions: Floats, limit: Floats, met: Met, start: int
    ) -> None:
        safe = np.where(np.abs(directions) < 1e-9, np.float32(1e-9), directions)
        inverse = 1 / safe
        rays, nodes = np.arange(len(origins)), np.zeros(len(origins), np.int64)
        for depth, (low, high) in enumerate(self._levels):
            if depth:
                rays = np.repeat(rays, 2)
                nodes = np.repeat(nodes * 2, 2)
                nodes[1::2] += 1
                paired = nodes < len(low)
                rays, nodes = rays[paired], nodes[paired]
            a = (low[nodes] - origins[rays]) * inverse[rays]
            b = (high[nodes] - origins[rays]) * inverse[rays]
            enter = np.minimum(a, b).max(axis=1)
            leave = np.maximum(a, b).min(axis=1)
            through = (enter <= leave) & (leave > 0) & (enter < limit[rays])
            rays, nodes = rays[through], nodes[through]
        self._test(origins, directions, rays, nodes, met, start)

    def _test(
        self,
        origins: Floats,
        directions: Floats,
        rays: Ints,
        leaves: Ints,
        met: Met,
        start: int,
    ) -> None:
        """Test every ray against all triangles of its leaves (Möller, Trumbore)."""
        first, second = self._sides[0][leaves], self._sides[1][leaves]
        way = directions[rays][:, None]
        across = np.cross(way, second)
        scale = (first * across).sum(axis=2)
        scale = np.where(np.abs(scale) < 1e-12, np.float32(np.nan), scale)
        away = origins[rays][:, None] - self._first[leaves]
        u = (away * across).sum(axis=2) / scale
        turned = np.cross(away, first)
        v = (way * turned).sum(axis=2) / scale
        distance = (second * turned).sum(axis=2) / scale
        good = (u >= 0) & (v >= 0) & (u + v <= 1) & (distance > 1e-5)
        distance = np.where(good, distance, FAR)
        best = distance.argmin(axis=1)
        row = np.arange(len(rays))
        nearest = distance[row, best]
        order = np.lexsort((-nearest, rays))  # the nearest of a ray is written last
        ray, row, best = rays[order] + start, row[order], best[order]
        found = nearest[order] < FAR
        ray, row, best = ray[found], row[found], best[found]
        met.distance[ray] = distance[row, best]
        met.triangle[ray] = self._order[leaves[row], best]
        met.u[ray], met.v[ray] = u[row, best], v[row, best]


def _morton_order(centres: Floats) -> Ints:
    low, high = centres.min(axis=0), centres.max(axis=0)
    cells = ((centres - low) / np.maximum(high - low, 1e-9) * 1023).astype(np.int64)
    key = np.zeros(len(cells), np.int64)
    for bit in range(10):
        for axis in range(3):
            key |= ((cells[:, axis] >> bit) & 1) << (3 * bit + axis)
    return np.argsort(key, kind="stable")
