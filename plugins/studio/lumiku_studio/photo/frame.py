"""The joints of a person in a photograph, named, in the room's directions.

x to the person's left, y up, z to their front, as they face; metres, from between the
hips. The camera is taken to be level.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.photo.people import Person
from lumiku_studio.rotation import about_y, unit

MARKS: Final[Mapping[str, tuple[int, int]]] = {
    "ear": (7, 8), "shoulder": (11, 12), "elbow": (13, 14), "wrist": (15, 16),
    "hip": (23, 24), "knee": (25, 26), "ankle": (27, 28), "heel": (29, 30),
    "toe": (31, 32),
}  # fmt: skip
"""Landmarks of the left and the right side."""
NOSE: Final = 0
BODY: Final = slice(11, 33)
"""Landmarks that say how large a metre is in the picture: not the face's."""
FAINT: Final = 0.05
ON_SIDE: Final = 0.75
"""Of the line across a trunk, upright: who lies on their side faces where it does not
say."""
SIDES: Final = (("L", 1.0), ("R", -1.0))
CLEAR: Final = {"ankle": 0.09, "toe": 0.02, "heel": 0.02, "knee": 0.05, "hip": 0.1,
                "shoulder": 0.1, "wrist": 0.03}  # fmt: skip
"""Metres from a joint to the skin that would lie on the floor."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Somebody's joints, and how they are turned to the camera."""

    joint: Mapping[str, Floats]
    """`nose`, and the others with `L` or `R` after their name."""
    facing: float
    """Degrees that the person is turned to the picture's right."""
    up: Floats
    """From the hips to the shoulders; unit length, as are the next three."""
    left: Floats
    front: Floats
    leg: float
    """The length of a leg."""
    floor: float
    """The height of the lowest part."""

    def between(self, start: str, end: str) -> Floats:
        """The direction from one joint to another."""
        return unit(self.joint[end] - self.joint[start])

    def height(self, name: str) -> float:
        """Of a joint's skin over the floor, in lengths of a leg."""
        rise = float(self.joint[name][1]) - CLEAR[name[:-1]] - self.floor
        return rise / self.leg

    def bend(self, upper: str, middle: str, lower: str) -> float:
        """Degrees that a limb is bent at its middle joint."""
        first, second = self.between(upper, middle), self.between(middle, lower)
        return float(np.degrees(np.arccos(np.clip(first @ second, -1, 1))))


def framed(person: Person) -> Frame:
    """Name the joints of a person, and turn them to where they face."""
    space = _measured(person)
    seen = {
        f"{name}{side}": space[mark]
        for name, pair in MARKS.items()
        for side, mark in zip("LR", pair, strict=True)
    } | {"nose": space[NOSE]}
    across = seen["hipL"] - seen["hipR"] + seen["shoulderL"] - seen["shoulderR"]
    up = unit(seen["shoulderL"] + seen["shoulderR"] - seen["hipL"] - seen["hipR"])
    left = unit(across - (across @ up) * up)
    front = np.cross(left, up)
    facing = float(np.degrees(np.arctan2(-across[2], across[0])))
    if abs(left[1]) > ON_SIDE:
        facing = float(np.degrees(np.arctan2(front[0], front[2])))
    turn = about_y(-facing)
    joint = {name: turn @ place for name, place in seen.items()}
    return Frame(
        joint, facing, turn @ up, turn @ left, turn @ front, _leg(joint), _floor(joint)
    )


def _measured(person: Person) -> Floats:
    """Landmarks in metres: across and up as in the picture, in depth as is guessed."""
    world, seen = person.world, person.points * [1, -1]
    weight = np.clip(person.visible[BODY], FAINT, 1)[:, None]
    here = world[BODY, :2] - np.average(world[BODY, :2], axis=0, weights=weight[:, 0])
    there = seen[BODY] - np.average(seen[BODY], axis=0, weights=weight[:, 0])
    scale = float((weight * here * there).sum() / (weight * here * here).sum())
    flat = seen / max(scale, 1e-6)
    flat = flat - flat[list(MARKS["hip"])].mean(axis=0)
    out: Floats = np.concatenate([flat, world[:, 2:]], axis=1)
    return out


def _leg(joint: Mapping[str, Floats]) -> float:
    parts = [
        float(np.linalg.norm(joint[f"{a}{side}"] - joint[f"{b}{side}"]))
        for side, _ in SIDES
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return max(2 * float(np.mean(parts)), 1e-6)


def _floor(joint: Mapping[str, Floats]) -> float:
    return min(
        float(joint[f"{name}{side}"][1]) - clear
        for name, clear in CLEAR.items()
        for side, _ in SIDES
    )
