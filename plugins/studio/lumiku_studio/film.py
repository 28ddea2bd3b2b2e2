"""The picture while it is made: accumulated light and features, tile by tile."""

import math
from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.camera import View
from lumiku_studio.shading import radiance
from lumiku_studio.stage import Segment, Stage, Stuff, look_up
from lumiku_studio.tracing import NOTHING, Tracer

TILE = 64
SAMPLE_BATCH = 65536
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


def expose_centres(
    film: Film, stage: Stage, tracer: Tracer, view: View, rows: slice
) -> None:
    """Fill depth, segment and facing of a tile by a ray through each pixel's centre."""
    y, x = np.mgrid[rows, 0 : film.width]
    way = view.rays(x.ravel() + 0.5, y.ravel() + 0.5)
    start = np.broadcast_to(view.eye.astype(np.float32), way.shape).copy()
    met = tracer.nearest(start, way)
    found = np.flatnonzero(met.triangle != NOTHING)
    segment = np.zeros(len(way), np.uint8)
    segment[found] = stage.segment[met.triangle[found]]
    solid = found[segment[found] != Segment.BACKDROP]
    depth = np.zeros(len(way), np.float32)
    depth[solid] = met.distance[solid]
    facing = np.zeros_like(way)
    hits = look_up(
        stage, met.triangle[solid], met.u[solid], met.v[solid], way[solid], way[solid]
    )
    hair = hits.stuff == Stuff.HAIR
    normal = np.where(hair[:, None], hits.towards, hits.normals)
    axes = np.stack([view.right, view.up, -view.forward], axis=1)
    facing[solid] = normal @ axes
    shape = (y.shape[0], film.width)
    film.segment[rows] = segment.reshape(shape)
    film.depth[rows] = depth.reshape(shape)
    film.facing[rows] = facing.reshape(*shape, 3)


def expose(
    film: Film,
    stage: Stage,
    tracer: Tracer,
    view: View,
    pixels: tuple[Ints, Ints],
    samples: int,
    rng: np.random.Generator,
    centre: Floats,
) -> None:
    """Set light and features of `pixels` (rows, columns) to means of some samples."""
    rows, columns = pixels
    for start in range(0, len(rows), SAMPLE_BATCH):
        span = slice(start, start + SAMPLE_BATCH)
        r, c = rows[span], columns[span]
        total = np.zeros((len(r), 10), np.float32)
        for index in range(samples):
            total += _sample(stage, tracer, view, r, c, index, samples, rng, centre)
        total /= samples
        film.light[r, c] = total[:, 0:3]
        film.albedo[r, c] = total[:, 3:6]
        film.normal[r, c] = total[:, 6:9]
        film.alpha[r, c] = total[:, 9]


def _sample(
    stage: Stage,
    tracer: Tracer,
    view: View,
    rows: Ints,
    columns: Ints,
    index: int,
    samples: int,
    rng: np.random.Generator,
    centre: Floats,
) -> Floats:
    """Light, albedo, normal and coverage of one ray a pixel, n x 10."""
    # One place per sample, the same in all pixels: random places fray upright edges.
    down = (index + 0.5) / samples
    across = (index * _stride(samples) % samples + 0.5) / samples
    way = view.rays(columns + across, rows + down)
    start = np.broadcast_to(view.eye.astype(np.float32), way.shape).copy()
    met = tracer.nearest(start, way)
    out = np.zeros((len(rows), 10), np.float32)
    found = np.flatnonzero(met.triangle != NOTHING)
    if not len(found):
        return out
    way = way[found]
    points = start[found] + way * met.distance[found, None]
    hits = look_up(stage, met.triangle[found], met.u[found], met.v[found], points, way)
    floor = hits.stuff == Stuff.FLOOR
    near = np.abs(points - centre).max(axis=1) < NEAR_FLOOR
    light = radiance(stage, tracer, hits, rng, bounce=(~floor | near) & tracer.quick)
    out[found, 0:3] = light
    out[found, 3:6] = hits.colour
    out[found, 6:9] = hits.normals
    out[found, 9] = hits.segment != Segment.BACKDROP
    return out


def _stride(samples: int) -> int:
    """A step that visits all columns once while the rows are counted."""
    for step in (2, 3, 5, 7):
        if math.gcd(step, samples) == 1 and samples > step:
            return step
    return 1
