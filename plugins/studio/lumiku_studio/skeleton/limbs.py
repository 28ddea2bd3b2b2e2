"""Limbs of two bones: bending them by angles, or so that their end meets a goal."""

from dataclasses import dataclass

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import DOWN, about, about_x, shortest, twist_about, unit
from lumiku_studio.skeleton.rig import Turns

STRETCH = 0.999
FOLD = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """Bone names of a limb, root to tip, and its rest geometry.

    `upper` turns the rest upper bone to hang straight down, `lower` the rest limb so
    that both bones do.
    """

    names: tuple[str, str, str]
    upper: Floats
    lower: Floats
    upper_length: float
    lower_length: float


def limb(rest: Rest, kind: str, side: str) -> Limb:
    """The arm or leg of a side."""
    words = ("upperarm01", "lowerarm01", "wrist"), ("upperleg01", "lowerleg01", "foot")
    first, second, third = (f"{w}.{side}" for w in words[kind == "leg"])
    a, b, c = rest.head(first), rest.head(second), rest.head(third)
    upper = shortest(b - a, DOWN)
    straight = shortest(upper @ (c - b), DOWN)
    lengths = float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))
    return Limb((first, second, third), upper, straight @ upper, *lengths)


def bend_to(
    limb: Limb, root: Floats, goal: Floats, pole: Floats, *, knee: bool = False
) -> tuple[Floats, Floats]:
    """Frames of both bones for a limb whose end is at `goal`, the joint towards `pole`.

    Frames have -y along the bone and x along the hinge; a knee folds backwards, an
    elbow forwards. A goal out of reach is approached as near as the bones allow.
    """
    a, b = limb.upper_length, limb.lower_length
    away = goal - root
    distance = float(np.linalg.norm(away))
    distance = float(np.clip(distance, abs(a - b) + FOLD, (a + b) * STRETCH))
    along = unit(away)
    cosine = (a * a + distance * distance - b * b) / (2 * a * distance)
    aside = unit(pole - (pole @ along) * along)
    joint = along * (a * cosine) + aside * (a * np.sqrt(max(0.0, 1 - cosine * cosine)))
    first, second = unit(joint), unit(along * distance - joint)
    hinge = unit(np.cross(along, aside)) * (-1.0 if knee else 1.0)
    return _frame(hinge, first), _frame(hinge, second)


def _frame(hinge: Floats, along: Floats) -> Floats:
    return np.stack([hinge, -along, np.cross(hinge, -along)], axis=1)


def shared_twist(
    parent: Floats, rest_direction: Floats, full: Floats, share: float
) -> Floats:
    """A rotation that swings as `full` does but has only a share of its twist.

    Bones near the root get it, so that the twist spreads over the limb.
    """
    swing = shortest(parent @ rest_direction, full @ rest_direction) @ parent
    axis = unit(full @ rest_direction)
    out: Floats = about(axis, share * twist_about(full @ swing.T, axis)) @ swing
    return out


def angled(base: Floats, lower_bend: float) -> tuple[Floats, Floats]:
    """Frames of both bones when the joint bends by an angle about the base's x axis."""
    return base, base @ about_x(lower_bend)


def set_leg(turns: Turns, bones: Limb, upper: Floats, lower: Floats, side: str) -> None:
    """Write the turns of thigh and shin from their frames."""
    turns[bones.names[0]] = turns[f"upperleg02.{side}"] = upper @ bones.upper
    turns[bones.names[1]] = turns[f"lowerleg02.{side}"] = lower @ bones.lower
