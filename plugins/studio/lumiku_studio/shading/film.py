"""The picture while it is made: accumulated light and features, tile by tile."""

import math
from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.shading.hits import look_up
from lumiku_studio.shading.outermost import seen
from lumiku_studio.shading.radiance import radiance
from lumiku_studio.shading.stage import Segment, Stage, Stuff
from lumiku_studio.tracing.camera import View
from lumiku_studio.tracing.rays import NOTHING, Met, Tracer

TILE = 64  # rows of a picture that are exposed between two looks for a cancellation
TILE_PIXELS = 98304  # or that many pixels, where rows are short
SAMPLE_BATCH = 32768  # rays: more no longer fit a core's own memory
# Steps that fill a square evenly (the R2 sequence).
EVENLY = np.array([[0.7548777], [0.5698403]], np.float32)
NEAR_FLOOR = 1.1  # metres around the person where the floor gathers bounced light


@dataclass(slots=True, eq=False)
class Film:
    """Arrays are height x width (x 3), `float32`; `light` is linear."""

    width: int
    height: int
    light: Floats
    albedo: Floats
    normal: Floats
    alpha: Floats
    depth: Floats
    facing: Floats
    """Normals as the camera sees them: right, up, towards."""
    segment: Ints

    @property
    def person(self) -> Mask:
        """Pixels whose centre shows the person or what they hold."""
        out: Mask = self.segment != Segment.BACKDROP
        return out


def blank(width: int, height: int) -> Film:
    """An unexposed film."""

    def plane(*depth: int) -> Floats:
        return np.zeros((height, width, *depth), np.float32)

    return Film(
        width, height, plane(3), plane(3), plane(3), plane(), plane(), plane(3),
        np.zeros((height, width), np.uint8),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """All that is needed to expose a film."""

    stage: Stage
    tracer: Tracer
    view: View
    centre: Floats
    """The middle of the person."""
    normals: bool = True
    """Whether the map of normals is wanted."""

    def seen(self, way: Floats) -> Met:
        """What is seen along unit directions (n x 3)."""
        return seen(self.stage, self.tracer, self.view.eye, way)


def window(film: Film, shot: Shot) -> tuple[slice, slice]:
    """The rows and columns outside which there is only backdrop."""
    stage = shot.stage
    solid = np.zeros(len(stage.points), bool)
    solid[stage.triangles[stage.segment != Segment.BACKDROP]] = True
    if not solid.any():
        return slice(0, 0), slice(0, 0)
    places, depth = shot.view.project(stage.points[solid])
    if depth.min() <= 0:
        return slice(0, film.height), slice(0, film.width)
    x, y = places.T
    left, right = (min(max(int(at), 0), film.width) for at in (x.min(), x.max() + 1))
    top, low = (min(max(int(at), 0), film.height) for at in (y.min(), y.max() + 1))
    return slice(top, low), slice(left, right)


def expose_centres(film: Film, shot: Shot, rows: slice, columns: slice) -> None:
    """Fill depth and segment, and facing if wanted, by a ray through each centre."""
    view, stage = shot.view, shot.stage
    y, x = np.mgrid[rows, columns]
    way = view.rays(x.ravel() + 0.5, y.ravel() + 0.5)
    met = shot.seen(way)
    found = np.flatnonzero(met.triangle != NOTHING)
    segment = np.zeros(len(way), np.uint8)
    segment[found] = stage.segment[met.triangle[found]]
    solid = found[segment[found] != Segment.BACKDROP]
    depth = np.zeros(len(way), np.float32)
    depth[solid] = met.distance[solid]
    film.segment[rows, columns] = segment.reshape(x.shape)
    film.depth[rows, columns] = depth.reshape(x.shape)
    if not shot.normals:
        return
    facing = np.zeros_like(way)
    which, u, v = met.triangle[solid], met.u[solid], met.v[solid]
    solid_way = way.take(solid, axis=0).T
    wide = met.distance[solid] * view.pixel
    hits = look_up(stage, which, u, v, solid_way, solid_way, wide)
    normal = np.where(hits.stuff == Stuff.HAIR, hits.towards, hits.normals)
    axes = np.stack([view.right, view.up, -view.forward], axis=1)
    facing[solid] = normal.T @ axes
    film.facing[rows, columns] = facing.reshape(*x.shape, 3)


def expose(
    film: Film,
    shot: Shot,
    pixels: tuple[Ints, Ints],
    samples: int,
    rng: np.random.Generator,
) -> None:
    """Set light and features of `pixels` (rows, columns) to means of some samples."""
    rows, columns = pixels
    each = np.arange(samples, dtype=np.float32)[:, None]
    # One place per sample, the same in all pixels: random places fray upright edges.
    down = (each + 0.5) / samples
    across = (each * _stride(samples) % samples + 0.5) / samples
    batch = max(1, SAMPLE_BATCH // samples)
    for start in range(0, len(rows), batch):
        r, c = rows[start : start + batch], columns[start : start + batch]
        places = rng.random((2, 1, len(r)), dtype=np.float32)
        places = (places + EVENLY[:, None] * (each + 1)) % 1
        way = shot.view.rays((c + across).ravel(), (r + down).ravel())
        seen = _sample(shot, way, places.reshape(2, -1), rng)
        mean = seen.reshape(10, samples, -1).mean(axis=1)
        film.light[r, c] = mean[0:3].T
        film.albedo[r, c] = mean[3:6].T
        film.normal[r, c] = mean[6:9].T
        film.alpha[r, c] = mean[9]


def _sample(
    shot: Shot, way: Floats, places: Floats, rng: np.random.Generator
) -> Floats:
    """Light, albedo, normal and coverage along each ray (n x 3), 10 x n."""
    met = shot.seen(way)
    out = np.zeros((10, len(way)), np.float32)
    found = np.flatnonzero(met.triangle != NOTHING)
    if not len(found):
        return out
    which, u, v, distance = (
        x.take(found) for x in (met.triangle, met.u, met.v, met.distance)
    )
    way = np.ascontiguousarray(way.take(found, axis=0).T)
    points = shot.view.eye.astype(np.float32)[:, None] + way * distance
    wide = distance * shot.view.pixel
    hits = look_up(shot.stage, which, u, v, points, way, wide)
    near = np.abs(points - shot.centre[:, None]).max(axis=0) < NEAR_FLOOR
    bounce = ((hits.stuff != Stuff.FLOOR) | near) & shot.tracer.quick
    spots = places.take(found, axis=1)
    out[0:3, found] = radiance(shot.stage, shot.tracer, hits, rng, spots, bounce)
    out[3:6, found] = hits.colour
    out[6:9, found] = hits.normals
    out[9, found] = hits.segment != Segment.BACKDROP
    return out


def _stride(samples: int) -> int:
    """A step that visits all columns once while the rows are counted."""
    for step in (2, 3, 5, 7):
        if math.gcd(step, samples) == 1 and samples > step:
            return step
    return 1
