"""Rotations as 3 x 3 matrices acting on column vectors; angles in degrees."""

import numpy as np

from lumiku_studio.arrays import Floats

DOWN = np.array([0.0, -1.0, 0.0])
PARALLEL = 0.9999


def unit(vectors: Floats) -> Floats:
    """The same directions with length one, along the last axis."""
    length = np.sqrt(np.einsum("...k,...k->...", vectors, vectors))
    out: Floats = vectors / np.maximum(length, 1e-12)[..., None]
    return out


def about(axis: Floats, degrees: float) -> Floats:
    """The rotation by `degrees` about the unit vector `axis`, right-handed."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    out: Floats = (
        np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    )
    return out


def about_x(degrees: float) -> Floats:
    """The rotation about the person's left-pointing axis."""
    return about(np.array([1.0, 0, 0]), degrees)


def about_y(degrees: float) -> Floats:
    """The rotation about the vertical."""
    return about(np.array([0, 1.0, 0]), degrees)


def about_z(degrees: float) -> Floats:
    """The rotation about the axis that points out of the person's front."""
    return about(np.array([0, 0, 1.0]), degrees)


def shortest(start: Floats, end: Floats) -> Floats:
    """The smallest rotation that takes one direction to another."""
    a, b = unit(start), unit(end)
    cross, cosine = np.cross(a, b), float(a @ b)
    if cosine < -PARALLEL:
        return about(unit(np.cross(a, [0.3, 0.1, 0.9])), 180)
    skew = np.array(
        [[0, -cross[2], cross[1]], [cross[2], 0, -cross[0]], [-cross[1], cross[0], 0]]
    )
    out: Floats = np.eye(3) + skew + skew @ skew / (1 + cosine)
    return out


def twist_about(rotation: Floats, axis: Floats) -> float:
    """The part of a rotation that turns about `axis`, in degrees."""
    skew = np.array(
        [
            rotation[2, 1] - rotation[1, 2],
            rotation[0, 2] - rotation[2, 0],
            rotation[1, 0] - rotation[0, 1],
        ]
    )
    scale = np.trace(rotation) + 1
    return float(np.degrees(2 * np.arctan2(skew @ axis, scale)))


def swing_limited(rotation: Floats, limit: float) -> Floats:
    """The same rotation, turned by at most `limit` degrees."""
    angle = float(np.degrees(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1))))
    if angle <= limit:
        return rotation
    skew = rotation - rotation.T
    axis = unit(np.array([skew[2, 1], skew[0, 2], skew[1, 0]]))
    return about(axis, limit)
