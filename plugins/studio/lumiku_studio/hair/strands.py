"""Hairs as flat ribbons that face the camera."""

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.rotation import unit

PLACES = (0.0, 0.15, 0.6, 1.0)  # along a hair, where its radius is known
LEAST, MOST = 0.45, 1.6
"""Pixels of radius that ribbons have at least, if that is up to so many times theirs:
thinner ones break into dashes."""
STRAIGHT = 0.35  # of a pixel by which leaving out a point may move a hair
ROOT = 0.35  # of its radius where it leaves the skin: no hard row along a hairline


def ribbons(
    strands: Floats, root: float, tip: float, eye: Floats, pixel: float = 0.0
) -> tuple[Floats, Ints, Floats, Ints]:
    """Vertices, triangles, directions and numbers of strands (n x k x 3).

    Radii are in metres. Where a hair is straight, every other point is left out.

    `pixel` is how wide a pixel is, seen from `eye`, in metres for each metre away.
    """
    steps = strands.shape[1]
    away = np.linalg.norm(strands.mean(axis=1) - eye, axis=1)[:, None]
    strand, step = np.nonzero(_needed(strands, away * pixel * STRAIGHT))
    at = strands[strand, step]
    ahead = strands[strand, np.minimum(step + 1, steps - 1)]
    along = unit(ahead - strands[strand, np.maximum(step - 1, 0)])
    aside = unit(np.cross(along, eye - at))
    radius = np.interp(
        np.linspace(0, 1, steps), PLACES, [root * ROOT, root, root * 0.9, tip]
    )
    radius = np.clip(away * pixel * LEAST, radius, radius * MOST)
    offset = aside * radius[strand, step][:, None]
    points = np.stack([at - offset, at + offset], axis=1).reshape(-1, 3)
    first = np.flatnonzero(strand[:-1] == strand[1:]) * 2
    triangles = np.concatenate(
        [
            np.stack([first, first + 1, first + 3], axis=1),
            np.stack([first, first + 3, first + 2], axis=1),
        ]
    )
    return points, triangles, np.repeat(along, 2, axis=0), np.repeat(strand, 2)


def _needed(strands: Floats, most: Floats) -> Mask:
    """Points without which hairs would lie elsewhere, by more than `most` metres.

    Of two that follow each other one stays at least, and so do both ends.
    """
    out: Mask = np.ones(strands.shape[:2], bool)
    before, after = strands[:, 0:-2:2], strands[:, 2::2]
    chord = after - before
    off = strands[:, 1:-1:2] - before
    square = np.maximum(np.einsum("ijk,ijk->ij", chord, chord), 1e-12)
    share = np.einsum("ijk,ijk->ij", off, chord) / square
    off = off - chord * share[..., None]
    out[:, 1:-1:2] = np.einsum("ijk,ijk->ij", off, off) > most**2
    return out
