"""Hands as things meet them: where the palm is, and which way it faces."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.posing import Posed

SKIN = 0.013  # metres from the bones of a palm to its skin


@dataclass(frozen=True, slots=True, eq=False)
class Palm:
    """One hand; unit vectors along the fingers, from little to index, out of it."""

    centre: Floats
    along: Floats
    across: Floats
    facing: Floats
    wrist: Floats
    elbow: Floats


def palm(posed: Posed, side: str) -> Palm:
    """The palm of side `L` or `R`."""
    at = posed.placed.at
    wrist, index, little = (
        at(f"{bone}.{side}") for bone in ("wrist", "finger2-1", "finger5-1")
    )
    along = unit((index + little) / 2 - wrist)
    across = index - little
    across = unit(across - (across @ along) * along)
    facing = np.cross(along, across) * (1.0 if side == "L" else -1.0)
    knuckle, joint = at(f"finger3-1.{side}"), at(f"finger3-2.{side}")
    centre = 0.5 * wrist * 0.2 + knuckle * 0.55 + joint * 0.35
    return Palm(centre, along, across, facing, wrist, at(f"lowerarm01.{side}"))


def front(posed: Posed) -> Floats:
    """The way over the floor that the pelvis faces."""
    way = posed.placed.turn("root")[:, 2] * [1, 0, 1]
    if np.linalg.norm(way) < 0.2:
        way = posed.placed.turn("root")[:, 1] * [1, 0, 1]
    out: Floats = unit(way)
    return out


def upright(way: Floats) -> Floats:
    """A frame with y up and z along a level way, as columns."""
    out: Floats = np.stack([np.cross([0, 1.0, 0], way), [0, 1.0, 0], way], axis=1)
    return out
