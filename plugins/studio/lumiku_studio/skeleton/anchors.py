"""Places on a posed body that a hand can be led to."""

from collections.abc import Callable, Mapping

import numpy as np

from lumiku_contracts.scene import Anchor
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.skeleton.rig import Placed

TRUNK = ("root", "pelvis", "spine", "clavicle", "shoulder", "upperleg")
RAY_WIDTH = 0.05
FRONT, BACK = np.array([0, 0, 1.0]), np.array([0, 0, -1.0])


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
    sign = 1.0 if side == "L" else -1.0
    chest, pelvis = placed.turn("spine01"), placed.turn("root")

    def ray(bone: str, shift: tuple[float, float, float], direction: Floats) -> Floats:
        start = placed.at(bone) + chest @ np.array(shift)
        return outermost(points, start, direction)

    def on_head(x: float, y: float, z: float) -> Floats:
        place: Floats = placed.at("head") + placed.turn("head") @ np.array([x, y, z])
        return place

    def on_leg(share: float, rise: float, out: float) -> Floats:
        knee, hip = placed.at(f"lowerleg01.{side}"), placed.at(f"upperleg01.{side}")
        place: Floats = knee * share + hip * (1 - share) + np.array([0, rise, out])
        return place

    places: Mapping[Anchor, Callable[[], Floats]] = {
        Anchor.HIP: lambda: ray("spine05", (0, 0, 0), pelvis @ np.array([sign, 0, 0])),
        Anchor.CHEST: lambda: ray("spine01", (0, -0.06, 0), chest @ FRONT),
        Anchor.BELLY: lambda: ray("spine04", (0, 0, 0), chest @ FRONT),
        Anchor.HEART: lambda: ray("spine01", (0.06, -0.02, 0), chest @ FRONT),
        Anchor.CHIN: lambda: on_head(0, -0.02, 0.11),
        Anchor.CHEEK: lambda: on_head(sign * 0.07, 0.03, 0.06),
        Anchor.EAR: lambda: on_head(sign * 0.09, 0.06, 0),
        Anchor.CROWN: lambda: on_head(0, 0.17, 0),
        Anchor.NAPE: lambda: on_head(sign * 0.03, 0.02, -0.12),
        Anchor.KNEE: lambda: on_leg(1, 0.06, 0.05),
        Anchor.THIGH: lambda: on_leg(0.55, 0.10, 0),
        Anchor.OPPOSITE_ELBOW: lambda: (
            placed.at("spine01") + chest @ np.array([-sign * 0.10, -0.13, 0.22])
        ),
    }
    return places[name]()
