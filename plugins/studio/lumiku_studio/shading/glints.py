"""Catchlights: the key light mirrored in eyes, small and soft, beside the pupil.

Eyes here are smooth balls, so a true mirror image would be as wide as a pupil and lie
on it as often as not. It is drawn smaller, and kept on the iris.
"""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import unit
from lumiku_studio.shading.lighting import Softbox

DARK = 0.01  # linear light below which a colour is a pupil's
REACH = 0.02  # metres from an eye's middle to what belongs to it, at most
PLACE = (16.0, 20.0)  # degrees from the gaze between which a catchlight lies
LEVEL = 0.55  # how far up or down it lies, of where the light is: lids hide the rest
SIZE = (2.5, 6.0)  # degrees from its middle to where it begins and ends to fade
BRIGHT = np.float32(1.1)


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """An eye's middle, and the unit vector in which it looks."""

    middle: Floats
    gaze: Floats


def pair(points: Floats, colours: Floats) -> tuple[Eye, ...]:
    """The eyes whose pupils are seen, of one mesh (both n x 3) of two eyes."""
    about = points - points.mean(axis=0)
    sides = about @ about[(about * about).sum(axis=1).argmax()] > 0
    found = []
    for side in (sides, ~sides):
        middle = points[side].mean(axis=0)
        pupil = side & (colours.max(axis=1) < DARK)
        if pupil.any():
            found.append(Eye(middle, unit(points[pupil].mean(axis=0) - middle)))
    return tuple(found)


def spot(eye: Eye, towards: Floats, way: Floats) -> Floats:
    """The direction from an eye's middle to its catchlight.

    `towards` and `way` are unit vectors to the camera and to the light.
    """
    half = unit(towards + way)
    along = float(half @ eye.gaze)
    aside = (half - along * eye.gaze) * [1, LEVEL, 1]
    aside -= (aside @ eye.gaze) * eye.gaze
    angle = np.radians(np.clip(np.degrees(np.arccos(np.clip(along, -1, 1))), *PLACE))
    out: Floats = np.cos(angle) * eye.gaze + np.sin(angle) * unit(aside + 1e-9)
    return out


def catch_light(
    eyes: tuple[Eye, ...], box: Softbox, points: Floats, to_camera: Floats
) -> Floats:
    """The mirrored `box` at `points` on eyes: how bright each is (n).

    `points`, and the unit vectors from them to the camera, are 3 x n.
    """
    out = np.zeros(points.shape[1], np.float32)
    for eye in eyes:
        away = points - eye.middle[:, None]
        far = np.sqrt((away * away).sum(axis=0))
        rows = np.flatnonzero(far < REACH)
        if not len(rows):
            continue
        towards = to_camera[:, rows].mean(axis=1)
        lit = spot(eye, unit(towards), unit(box.centre - eye.middle))
        cosine = (lit @ away[:, rows]) / far[rows]
        angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
        start, end = SIZE
        out[rows] = BRIGHT * np.clip((end - angle) / (end - start), 0, 1)
    return out
