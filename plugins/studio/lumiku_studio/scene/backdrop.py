"""The studio's seamless sweep, which is both floor and wall."""

import numpy as np

from lumiku_contracts.scene import Backdrop, BackdropKind
from lumiku_studio.arrays import Floats
from lumiku_studio.colour import written
from lumiku_studio.rotation import about_y
from lumiku_studio.shading.stage import Part, Segment, Stuff

BACK, RADIUS, HALF_WIDTH, TOP, FRONT = -1.9, 1.4, 16.0, 9.0, 7.0
BENDS = 24


def sweep(backdrop: Backdrop, yaw: float) -> Part | None:
    """The sweep behind the person for a camera at `yaw` degrees, or none."""
    if backdrop.kind is BackdropKind.TRANSPARENT:
        return None
    angle = np.linspace(0, np.pi / 2, BENDS)
    depth = np.r_[FRONT, 1.0, BACK - RADIUS * np.sin(angle), BACK - RADIUS]
    height = np.r_[0, 0, RADIUS - RADIUS * np.cos(angle), TOP]
    left = np.stack([np.full_like(depth, -HALF_WIDTH), height, depth], axis=1)
    right = left * [-1, 1, 1]
    points = np.stack([left, right], axis=1).reshape(-1, 3)
    first = np.arange(len(depth) - 1) * 2
    triangles = np.concatenate(
        [
            np.stack([first, first + 1, first + 3], axis=1),
            np.stack([first, first + 3, first + 2], axis=1),
        ]
    )
    slope = np.r_[0, 0, angle, np.pi / 2]
    normal = np.stack([np.zeros_like(slope), np.cos(slope), np.sin(slope)], axis=1)
    turn = about_y(yaw)
    return Part(
        points=points @ turn.T,
        triangles=triangles,
        colour=_colours(backdrop, points),
        stuff=Stuff.FLOOR,
        segment=Segment.BACKDROP,
        normals=np.repeat(normal, 2, axis=0) @ turn.T,
    )


def _colours(backdrop: Backdrop, points: Floats) -> Floats:
    colour = written(backdrop.colour)
    if backdrop.kind is BackdropKind.GRADIENT:
        rise = np.clip(points[:, 1:2] / 3.0, 0, 1)
        out: Floats = colour * (1 - 0.72 * rise)
        return out
    return np.broadcast_to(colour, points.shape)
