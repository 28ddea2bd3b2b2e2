"""Eyes, lids, brows and teeth, made at rest; they move rigidly with the head."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Appearance
from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.bare import skin_of
from lumiku_studio.body.lashes import Lids, lids
from lumiku_studio.body.mesh import clip, compact, masked, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.colour import LUMINANCE, written
from lumiku_studio.rotation import unit

PUPIL, IRIS = 11.0, 28.0  # degrees from the gaze
SCLERA = np.array([0.62, 0.585, 0.56])
TEETH = np.array([0.70, 0.61, 0.47])
TONGUE = np.array([0.30, 0.075, 0.065])
BEHIND_LIPS = ((0.003, 0.016), (1.0, 0.05))
"""Metres behind the foremost tooth, and what light is left there."""
CORNERS = ((0.42, 0.78), (1.0, 0.1))
"""By shares of half a mouth's width: likewise, towards its corners."""
BELOW_LIP = (0.0048, 0.45)
"""Metres that upper teeth show below the lip, and their most of the mouth's opening."""
SHUT = 0.004  # metres between lips up to which the teeth stay behind them
INWARD = -0.001  # metres that the lowered row goes back, off the lower lip
FRONT = 0.006  # metres of depth that the front teeth take
LIPS_MIDDLE = 0.004  # metres aside
LIGHTEST = 0.11
"""Luminance beyond which an iris is darkened: the white about it is in shade, too."""
LOWER_LASHES = 0.0013
BROW_HAIRS = 620
BROW_RISE = 0.0185  # metres over the eyes
LID_SHADE = ((-4.0, 16.0, 30.0, 60.0), (1.0, 0.86, 0.62, 0.5))
"""By degrees above the level: what the upper lid's shadow leaves of an eye's colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Meshes at rest, to be moved with the head bone."""

    eyes: Floats
    eye_triangles: Ints
    eye_colour: Floats
    """Before the shade of the lids."""
    lashes: Floats
    """The lower ones."""
    lash_triangles: Ints
    lids: Lids
    teeth: Floats
    teeth_triangles: Ints
    teeth_colour: Floats
    brows: Floats
    """Hairs x 4 points x 3."""

    def looking(self, gaze: Floats) -> tuple[Floats, Floats]:
        """The eyes turned by a rotation of the head's frame, and their colours.

        The shade of the upper lids stays where the lids are.
        """
        points, colours = self.eyes.copy(), self.eye_colour.copy()
        for sign in (1, -1):
            side = np.sign(points[:, 0]) == sign
            centre = points[side].mean(axis=0)
            away = (points[side] - centre) @ gaze.T
            points[side] = centre + away
            rise = np.degrees(np.arcsin(unit(away)[:, 1]))
            colours[side] *= np.interp(rise, *LID_SHADE)[:, None]
        return points, colours


def face(rest: Rest, look: Appearance) -> Face:
    """The face of a body at rest."""
    ball = surface("eyes", 3)
    points = ball.operator @ rest.points
    lashes, lash_triangles = _lashes(rest)
    teeth, light = _teeth(rest)
    return Face(
        eyes=points,
        eye_triangles=ball.triangles,
        eye_colour=_iris(points, look),
        lashes=lashes,
        lash_triangles=lash_triangles,
        lids=lids(rest, look),
        teeth=teeth,
        teeth_colour=light,
        teeth_triangles=surface("teeth", 1).triangles,
        brows=_brows(rest, look),
    )


def _iris(points: Floats, look: Appearance) -> Floats:
    """Colour of each eye vertex by its angle from the gaze, with a few streaks."""
    iris = written(look.eyes)
    iris = iris * min(1.0, LIGHTEST / float(iris @ LUMINANCE)) ** 0.7
    colour = np.empty_like(points)
    for sign in (1, -1):
        side = np.sign(points[:, 0]) == sign
        away = points[side] - points[side].mean(axis=0)
        away = unit(away)
        angle = np.degrees(np.arccos(np.clip(away[:, 2], -1, 1)))
        around = np.arctan2(away[:, 1], away[:, 0])
        streaks = 1 + 0.12 * np.sin(around * 23) + 0.08 * np.sin(around * 41 + 1)
        shade = np.interp(angle, [PUPIL, 18, IRIS - 6, IRIS], [0.8, 1.5, 1.05, 0.22])
        coloured = iris * (shade * streaks)[:, None]
        edge = np.clip((angle - IRIS + 2.0) / 4, 0, 1)[:, None]
        pink = np.clip((angle - 38) / 30, 0, 1)[:, None]
        white = SCLERA * (1 - pink * [0.04, 0.14, 0.16])
        mixed = coloured * (1 - edge) + white * edge
        hole = np.clip((PUPIL + 1.0 - angle) / 2, 0, 1)[:, None]
        colour[side] = mixed * (1 - hole) + 0.004 * hole
    return colour


def _teeth(rest: Rest) -> tuple[Floats, Floats]:
    """Teeth and their colours: an open mouth shows the upper row, evenly.

    The lower one stands for the tongue, and has its colour.
    """
    jaws = surface("teeth", 1)
    points, still = jaws.operator @ rest.points, jaws.operator @ rest.still
    row = _upper(jaws.triangles, still)
    front = row & (points[:, 2] > points[row, 2].max() - FRONT)
    high, low = _parted(rest)
    if high - low > SHUT:
        shown = min(BELOW_LIP[0], (high - low) * BELOW_LIP[1])
        points[row] += [0, high - shown - points[front, 1].min(), INWARD]
    back = points[row, 2].max() - points[:, 2]
    light = np.interp(back, *BEHIND_LIPS)[:, None]
    wide = np.abs(skin_of(rest).points[masked("lips") > 0.5, 0]).max()
    light *= np.interp(np.abs(points[:, 0]) / wide, *CORNERS)[:, None]
    return points, np.where(row[:, None], light * TEETH, TONGUE)


def _upper(triangles: Ints, still: Floats) -> Mask:
    """Which vertices are of the upper of two rows of teeth."""
    count = len(still)
    ends = triangles.ravel(), np.roll(triangles, 1, axis=1).ravel()
    joined = sp.coo_matrix((np.ones(triangles.size), ends), (count, count))
    _, row = connected_components(joined, directed=False)
    out: Mask = row == row[still[:, 1].argmax()]
    return out


def _parted(rest: Rest) -> tuple[float, float]:
    """Heights between which no lip is, in the middle: the mouth's opening."""
    still = skin_of(rest).still
    middle = (masked("lips") > 0.5) & (np.abs(still[:, 0]) < LIPS_MIDDLE)
    heights = np.sort(skin_of(rest).points[middle, 1])
    widest = np.diff(heights).argmax()
    return float(heights[widest + 1]), float(heights[widest])


def _lashes(rest: Rest) -> tuple[Floats, Ints]:
    """The part of the lower lashes' strips that lies next to the lids."""
    strip = surface("lashes", 2)
    points = strip.operator @ rest.points
    ball = surface("eyes", 1)
    eyes = ball.operator @ rest.points
    field = np.empty(len(points))
    for sign in (1, -1):
        side = np.sign(points[:, 0]) == sign
        centre = eyes[np.sign(eyes[:, 0]) == sign].mean(axis=0)
        away = np.linalg.norm(points[side] - centre, axis=1)
        field[side] = away.min() + LOWER_LASHES - away
    triangles, cut = clip(strip.triangles, field)
    used, triangles = compact(triangles)
    return (cut @ points)[used], triangles


def _brows(rest: Rest, look: Appearance) -> Floats:
    """Hairs rooted where they belong on the still face, moved by its expression."""
    skin = surface("body", 1)
    still, points = skin_of(rest).still, skin_of(rest).points
    front = np.flatnonzero(still[:, 2] > rest.head("eye.L")[2] - 0.01)
    outward = normals(still, skin.triangles)
    tree = cKDTree(still[front][:, :2])
    rng = np.random.default_rng(3)
    feminine = look.physique.femininity
    thickness = 0.0098 - 0.0030 * feminine
    hairs = []
    for sign in (1, -1):
        eye = rest.head("eye.L") * [sign, 1, 1]
        u = rng.random(BROW_HAIRS)
        x = eye[0] + sign * (-0.0195 + 0.048 * u)
        arch = (
            0.0062
            * (0.55 + 0.45 * feminine)
            * np.sin(np.clip(u * 1.25, 0, 1.25) * np.pi * 0.62)
        )
        arch -= 0.0070 * np.clip(u - 0.62, 0, 1) ** 1.5 * 4
        spread = thickness * np.interp(u, [0, 0.15, 0.6, 1], [0.75, 1, 0.85, 0.2])
        across = rng.normal(0, 0.25, BROW_HAIRS).clip(-0.5, 0.5)
        y = eye[1] + BROW_RISE + arch + spread * across
        distance, near = tree.query(np.stack([x, y], axis=1), k=3)
        share = 1 / (distance + 1e-5)
        share /= share.sum(axis=1, keepdims=True)
        near = front[near]
        depth = (still[near][:, :, 2] * share).sum(axis=1)
        moved = ((points - still)[near] * share[..., None]).sum(axis=1)
        normal = unit((outward[near] * share[..., None]).sum(axis=1))
        root = np.stack([x, y, depth], axis=1) + moved + normal * 0.0003
        rise = np.interp(u, [0, 0.2, 0.7, 1], [0.9, 0.45, -0.05, -0.4])
        rise = rise - across * 0.9
        way = np.stack([sign * np.ones_like(u), rise, -0.3 * np.ones_like(u)], axis=1)
        way += rng.standard_normal(way.shape) * 0.14
        way = unit(way - (way * normal).sum(axis=1, keepdims=True) * normal)
        length = np.interp(u, [0, 0.3, 1], [0.0060, 0.0062, 0.0042])
        steps = np.array([0.0, 0.33, 0.66, 1.0])[None, :, None] * length[:, None, None]
        lift = np.array([0.0, 0.0004, 0.0006, 0.0003])[None, :, None]
        hairs.append(root[:, None] + way[:, None] * steps + normal[:, None] * lift)
    return np.concatenate(hairs)
