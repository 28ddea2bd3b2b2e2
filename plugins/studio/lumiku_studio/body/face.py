"""Eyes, lashes and brows, made at rest; all of a face moves rigidly with the head."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Appearance
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import clip, compact, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.colour import written
from lumiku_studio.rotation import unit

PUPIL, IRIS = 11.5, 29.0  # degrees from the gaze
SCLERA = np.array([0.74, 0.71, 0.69])
BROW_HAIRS = 430
LASH_LENGTH = 0.0032


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Meshes at rest, to be moved with the head bone."""

    eyes: Floats
    eye_triangles: Ints
    eye_colour: Floats
    lashes: Floats
    lash_triangles: Ints
    brows: Floats
    """Hairs x 4 points x 3."""


def face(rest: Rest, look: Appearance) -> Face:
    """The face of a body at rest."""
    ball = surface("eyes", 3)
    points = ball.operator @ rest.points
    lashes, lash_triangles = _lashes(rest)
    return Face(
        eyes=points,
        eye_triangles=ball.triangles,
        eye_colour=_iris(points, look),
        lashes=lashes,
        lash_triangles=lash_triangles,
        brows=_brows(rest, look),
    )


def _iris(points: Floats, look: Appearance) -> Floats:
    """Colour of each eye vertex by its angle from the gaze, with a few streaks."""
    iris = written(look.eyes)
    colour = np.empty_like(points)
    for sign in (1, -1):
        side = np.sign(points[:, 0]) == sign
        away = points[side] - points[side].mean(axis=0)
        away = unit(away)
        angle = np.degrees(np.arccos(np.clip(away[:, 2], -1, 1)))
        around = np.arctan2(away[:, 1], away[:, 0])
        streaks = 1 + 0.12 * np.sin(around * 23) + 0.08 * np.sin(around * 41 + 1)
        shade = np.interp(angle, [PUPIL, 20, IRIS - 4, IRIS], [0.8, 1.5, 1.1, 0.25])
        coloured = iris * (shade * streaks)[:, None]
        edge = np.clip((angle - IRIS + 1.5) / 3, 0, 1)[:, None]
        mixed = coloured * (1 - edge) + SCLERA * edge
        hole = np.clip((PUPIL + 1.0 - angle) / 2, 0, 1)[:, None]
        colour[side] = mixed * (1 - hole) + 0.004 * hole
    return colour


def _lashes(rest: Rest) -> tuple[Floats, Ints]:
    """The part of the lash strips that lies next to the lids."""
    strip = surface("lashes", 2)
    points = strip.operator @ rest.points
    ball = surface("eyes", 1)
    eyes = ball.operator @ rest.points
    field = np.empty(len(points))
    for sign in (1, -1):
        side = np.sign(points[:, 0]) == sign
        centre = eyes[np.sign(eyes[:, 0]) == sign].mean(axis=0)
        away = np.linalg.norm(points[side] - centre, axis=1)
        upper = points[side][:, 1] > centre[1] + 0.0005
        field[side] = (
            away.min() + np.where(upper, LASH_LENGTH * 1.6, LASH_LENGTH * 0.5) - away
        )
    triangles, cut = clip(strip.triangles, field)
    used, triangles = compact(triangles)
    return (cut @ points)[used], triangles


def _brows(rest: Rest, look: Appearance) -> Floats:
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    front = np.flatnonzero(points[:, 2] > rest.head("eye.L")[2] - 0.01)
    outward = normals(points, skin.triangles)
    tree = cKDTree(points[front][:, :2])
    rng = np.random.default_rng(3)
    feminine = look.physique.femininity
    thickness = 0.0048 - 0.0016 * feminine
    hairs = []
    for sign in (1, -1):
        eye = rest.head("eye.L") * [sign, 1, 1]
        u = rng.random(BROW_HAIRS)
        x = eye[0] + sign * (-0.019 + 0.046 * u)
        arch = (
            0.0045
            + 0.0030 * np.sin(np.clip(u * 1.1, 0, 1) * np.pi * 0.85)
            - 0.0045 * u**3
        )
        spread = (
            thickness * (1 - u**2.4) * (0.55 + 0.45 * np.minimum(u / 0.15, 1)) + 0.0006
        )
        y = eye[1] + 0.0208 + arch + spread * (rng.random(BROW_HAIRS) - 0.5)
        distance, near = tree.query(np.stack([x, y], axis=1), k=3)
        share = 1 / (distance + 1e-5)
        share /= share.sum(axis=1, keepdims=True)
        near = front[near]
        depth = (points[near][:, :, 2] * share).sum(axis=1)
        normal = unit((outward[near] * share[..., None]).sum(axis=1))
        root = np.stack([x, y, depth], axis=1) + normal * 0.0003
        rise = 0.55 - 0.95 * u
        way = np.stack([sign * np.ones_like(u), rise, -0.3 * np.ones_like(u)], axis=1)
        way += rng.standard_normal(way.shape) * 0.16
        way = unit(way - (way * normal).sum(axis=1, keepdims=True) * normal)
        steps = np.array([0.0, 0.33, 0.66, 1.0])[None, :, None] * 0.0055
        lift = np.array([0.0, 0.0005, 0.0007, 0.0004])[None, :, None]
        hairs.append(root[:, None] + way[:, None] * steps + normal[:, None] * lift)
    return np.concatenate(hairs)
