"""Hairs as flat ribbons that face the camera."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.rotation import unit

PLACES = (0.0, 0.15, 0.6, 1.0)  # along a hair, where its radius is known
LEAST, MOST = 0.45, 1.6
"""Pixels of radius that ribbons have at least, if that is up to so many times theirs:
thinner ones break into dashes."""
ROOT = 0.35  # of its radius where it leaves the skin: no hard row along a hairline


def ribbons(
    strands: Floats, root: float, tip: float, eye: Floats, pixel: float = 0.0
) -> tuple[Floats, Ints, Floats]:
    """Vertices, triangles and directions of strands (n x k x 3), radii in metres.

    `pixel` is how wide a pixel is, seen from `eye`, in metres for each metre away.
    """
    count, steps = strands.shape[:2]
    along = unit(np.gradient(strands, axis=1))
    aside = unit(np.cross(along, eye - strands))
    radius = np.interp(
        np.linspace(0, 1, steps), PLACES, [root * ROOT, root, root * 0.9, tip]
    )
    away = np.linalg.norm(strands.mean(axis=1) - eye, axis=1)[:, None]
    radius = np.clip(away * pixel * LEAST, radius, radius * MOST)
    offset = aside * radius[..., None]
    points = np.stack([strands - offset, strands + offset], axis=2).reshape(-1, 3)
    first = (np.arange(count)[:, None] * steps + np.arange(steps - 1)).ravel() * 2
    triangles = np.concatenate(
        [
            np.stack([first, first + 1, first + 3], axis=1),
            np.stack([first, first + 3, first + 2], axis=1),
        ]
    )
    return points, triangles, np.repeat(along, 2, axis=1).reshape(-1, 3)
