"""Solids that things are made of: boxes, turned shapes, rods, cut-outs."""

import itertools

import numpy as np
from scipy.ndimage import gaussian_filter

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import clip, compact
from lumiku_studio.rotation import unit

Solid = tuple[Floats, Ints]
UP = np.array([0, 1.0, 0])
CUT_CELLS = 110
ROUND = 40


def box(centre: Floats, half: Floats, frame: Floats, bevel: float = 0.003) -> Solid:
    """A box with chamfered edges; `frame` holds its axes as columns."""
    corners = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            b, c = (axis + 1) % 3, (axis + 2) % 3
            face = np.zeros((4, 3))
            face[:, axis] = sign * half[axis]
            face[:, b] = np.array([-1, 1, 1, -1]) * (half[b] - bevel)
            face[:, c] = np.array([-1, -1, 1, 1]) * (half[c] - bevel)
            corners.append(face)
    corner = np.concatenate(corners)
    from scipy.spatial import ConvexHull  # noqa: PLC0415  a slow import, rarely needed

    hull = ConvexHull(corner)
    a, b, c = (corner[hull.simplices[:, k]] for k in range(3))
    facing = (np.cross(b - a, c - a) * hull.equations[:, :3]).sum(axis=1) > 0
    faces = np.where(facing[:, None], hull.simplices, hull.simplices[:, ::-1])
    flat = corner[faces].reshape(-1, 3)
    return flat @ frame.T + centre, np.arange(len(flat)).reshape(-1, 3)


def turned(
    profile: tuple[tuple[float, float], ...], start: Floats, frame: Floats
) -> Solid:
    """A shape turned about `frame`'s second axis: radii by heights over `start`."""
    angle = np.linspace(0, 2 * np.pi, ROUND + 1)
    ring = np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=1)
    rings = [ring * radius + UP * height for radius, height in profile]
    count = ROUND + 1
    first = (
        np.arange(len(rings) - 1)[:, None] * count + np.arange(ROUND)[None]
    ).ravel()
    quads = np.stack([first, first + 1, first + count + 1, first + count], axis=1)
    points = np.concatenate(rings) @ frame.T + start
    return points, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def rod(start: Floats, end: Floats, radius: float) -> Solid:
    """A round bar."""
    way = unit(end - start)
    side = unit(np.cross(way, [0.31, 0.2, 0.93]))
    frame = np.stack([side, way, np.cross(side, way)], axis=1)
    length = float(np.linalg.norm(end - start))
    return turned(((0, 0), (radius, 0), (radius, length), (0, length)), start, frame)


def bent(points: Floats, radius: float) -> Solid:
    """A round bar along a line of points."""
    return merged([rod(a, b, radius) for a, b in itertools.pairwise(points)])


def merged(solids: list[Solid]) -> Solid:
    """Several solids as one."""
    points, triangles, offset = [], [], 0
    for own, faces in solids:
        points.append(own)
        triangles.append(faces + offset)
        offset += len(own)
    return np.concatenate(points), np.concatenate(triangles)


def cut_out(cover: Floats, half: Floats) -> tuple[Floats, Ints, Floats]:
    """A flat sheet with a picture's own outline: points in its plane, and their uv.

    `cover` is the picture's alpha; `half` its half width and height in metres.
    """
    rows, columns = cover.shape
    tall = CUT_CELLS
    wide = max(8, round(CUT_CELLS * columns / rows))
    y, x = np.meshgrid(np.linspace(1, 0, tall), np.linspace(0, 1, wide), indexing="ij")
    soft = gaussian_filter(cover, max(rows, columns) / CUT_CELLS * 0.4)
    at_row = np.clip(((1 - y) * (rows - 1)).round().astype(int), 0, rows - 1)
    at_column = np.clip((x * (columns - 1)).round().astype(int), 0, columns - 1)
    field = soft[at_row, at_column] - 0.5
    first = (np.arange(tall - 1)[:, None] * wide + np.arange(wide - 1)).ravel()
    quads = np.stack([first, first + wide, first + wide + 1, first + 1], axis=1)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    triangles, operator = clip(triangles, field.ravel())
    used, triangles = compact(triangles)
    uv = (operator @ np.stack([x.ravel(), y.ravel()], axis=1))[used]
    flat = (uv - 0.5) * 2 * half
    return np.concatenate([flat, np.zeros((len(flat), 1))], axis=1), triangles, uv
