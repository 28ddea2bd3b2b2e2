"""Places on a posed body that a hand can be led to."""

from collections.abc import Mapping

import numpy as np

from lumiku_contracts.scene import Anchor
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.skeleton.rig import Placed

TRUNK = ("root", "pelvis", "spine", "clavicle", "shoulder", "upperleg")
RAY_WIDTH = 0.05


OTHER = {"L": "R", "R": "L"}
Place = tuple[float, float, float]
ON_HEAD: Mapping[Anchor, Place] = {
    Anchor.CHIN: (0, -0.02, 0.11),
    Anchor.MOUTH: (0, 0.005, 0.12),
    Anchor.CHEEK: (0.07, 0.03, 0.06),
    Anchor.BROW: (0.075, 0.09, 0.07),
    Anchor.EAR: (0.09, 0.06, 0),
    Anchor.CROWN: (0, 0.17, 0),
    Anchor.NAPE: (0.03, 0.02, -0.12),
}
"""Metres from the head's bone in the head's frame, x to the hand's side."""
ON_TRUNK: Mapping[Anchor, tuple[str, Place, Place]] = {
    Anchor.HIP: ("spine05", (0, 0, 0), (1, 0, 0)),
    Anchor.CHEST: ("spine01", (0, -0.06, 0), (0, 0, 1)),
    Anchor.BELLY: ("spine04", (0, 0, 0), (0, 0, 1)),
    Anchor.HEART: ("spine01", (0.06, -0.02, 0), (0, 0, 1)),
    Anchor.BACK: ("spine05", (0, 0.04, 0), (0, 0, -1)),
}
"""A bone, a step from it, and the way from there to the skin."""
ON_LEG: Mapping[Anchor, tuple[str, str, float, float, float]] = {
    Anchor.LAP: ("upperleg01", "lowerleg01", 0.45, 0.09, 0),
    Anchor.THIGH: ("upperleg01", "lowerleg01", 0.55, 0.10, 0),
    Anchor.KNEE: ("upperleg01", "lowerleg01", 1.0, 0.06, 0.05),
    Anchor.OPPOSITE_KNEE: ("upperleg01", "lowerleg01", 1.0, 0.06, 0.05),
    Anchor.SHIN: ("lowerleg01", "foot", 0.5, 0.03, 0.05),
    Anchor.FOOT: ("lowerleg01", "foot", 1.0, 0.02, 0.03),
    Anchor.OPPOSITE_FOOT: ("lowerleg01", "foot", 1.0, 0.02, 0.03),
}
"""Two bones, the share of the way from one to the other; metres up and forwards."""


def trunk() -> Floats:
    """Which template vertices belong to the trunk."""
    mask: Floats = template().influence(*TRUNK) > 0.5
    mask[template().faces["body"].max() + 1 :] = False
    return mask


def outermost(points: Floats, start: Floats, direction: Floats) -> Floats:
    """The farthest trunk point near the ray from `start`, on the ray."""
    reach = (points - start) @ direction
    aside = np.linalg.norm(points - start - np.outer(reach, direction), axis=1)
    near = (aside < RAY_WIDTH) & (reach > 0)
    if not near.any():
        return start
    out: Floats = start + direction * reach[near].max()
    return out


def anchor(name: Anchor, side: str, placed: Placed, points: Floats) -> Floats:
    """Where an anchor is for the hand of `side`; `points` are the trunk's vertices."""
    if name in ON_HEAD:
        place: Floats = placed.at("head") + placed.turn("head") @ _own(
            ON_HEAD[name], side
        )
        return place
    if name in ON_TRUNK:
        bone, shift, way = ON_TRUNK[name]
        chest = placed.turn("spine01")
        frame = placed.turn("root") if name is Anchor.HIP else chest
        start = placed.at(bone) + chest @ _own(shift, side)
        return outermost(points, start, frame @ _own(way, side))
    if name in ON_LEG:
        return _on_leg(name, side, placed)
    if name is Anchor.FLOOR:
        return placed.at(f"upperarm01.{side}") * [1, 0, 1]
    sign = 1.0 if side == "L" else -1.0
    if name is Anchor.OPPOSITE_ELBOW:
        folded = np.array([-sign * 0.10, -0.13, 0.22])
        elbow: Floats = placed.at("spine01") + placed.turn("spine01") @ folded
        return elbow
    owner = side if name is Anchor.SHOULDER else OTHER[side]
    shoulder: Floats = placed.at(f"upperarm01.{owner}") + np.array([0, 0.05, 0.03])
    return shoulder


def _own(vector: tuple[float, float, float], side: str) -> Floats:
    """The vector of a side, written with x away from the midline."""
    return np.array(vector) * [1.0 if side == "L" else -1.0, 1, 1]


def _on_leg(name: Anchor, side: str, placed: Placed) -> Floats:
    first, second, share, rise, out = ON_LEG[name]
    lift = np.array([0, rise, out])
    across = {Anchor.OPPOSITE_KNEE, Anchor.OPPOSITE_FOOT}
    sides = "LR" if name is Anchor.LAP else OTHER[side] if name in across else side
    found = [
        placed.at(f"{second}.{s}") * share + placed.at(f"{first}.{s}") * (1 - share)
        for s in sides
    ]
    place: Floats = np.mean(found, axis=0) + lift
    return place
