"""The shapes of a hand: how far each finger curls and spreads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Hand
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.rotation import about, unit
from lumiku_studio.skeleton.rig import Turns

Curl = tuple[float, float, float]
"""Degrees at the three joints of a finger, knuckle first."""


@dataclass(frozen=True, slots=True)
class Fingers:
    """Curl of thumb, index, middle, ring, little finger; spread between neighbours.

    At a spread of 0 the fingers are parallel; below it their tips close up.
    """

    thumb: Curl
    index: Curl
    middle: Curl
    ring: Curl
    little: Curl
    spread: float = 2.0
    lifted: float = 0.0
    """Degrees that the thumb swings up beside the palm, about the fingers' way."""
    rolled: float = 0.0
    """Degrees that the thumb turns about its own way, to lie before the fingers."""

    def of(self, number: int) -> Curl:
        """The curl of finger 1 (thumb) to 5 (little)."""
        return (self.thumb, self.index, self.middle, self.ring, self.little)[number - 1]


FOLDED: Curl = (80, 96, 23)
FOLDED_FIRST: Curl = (74, 90, 14)
"""A folded forefinger: farther in, its tip would leave the palm at the back."""
LOCKED: Curl = (2, 46, 36)
LOCKED_ROLL = 43.0
"""A thumb laid over the middle bones of forefinger and middle finger."""
STRAIGHT: Curl = (2, 4, 3)
STILL: Curl = (0, 2, 1)
SHAPES: Mapping[Hand, Fingers] = {
    Hand.RELAXED: Fingers(
        (8, 8, 8), (12, 18, 12), (18, 22, 15), (22, 26, 17), (26, 28, 18), 1.5
    ),
    Hand.OPEN: Fingers((-4, 0, 0), (2, 5, 3), (0, 4, 3), (2, 6, 4), (4, 8, 5), 8),
    Hand.FLAT: Fingers((16, 8, 6), (3, 5, 4), (4, 6, 4), (6, 7, 5), (9, 9, 6), -1),
    Hand.FIST: Fingers(LOCKED, FOLDED_FIRST, FOLDED, FOLDED, FOLDED, 0, 4, LOCKED_ROLL),
    Hand.GRIP: Fingers(
        (24, 14, 14), (34, 44, 26), (40, 48, 28), (44, 50, 30), (48, 52, 30), 2
    ),
    Hand.POINT: Fingers(LOCKED, STRAIGHT, FOLDED, FOLDED, FOLDED, 0, 4, LOCKED_ROLL),
    Hand.VICTORY: Fingers((20, 43, 25), STRAIGHT, STRAIGHT, FOLDED, FOLDED, 8, 5, 44),
    Hand.THUMBS_UP: Fingers((-18, -6, -6), FOLDED_FIRST, FOLDED, FOLDED, FOLDED, 0),
    Hand.PRAYER: Fingers((4, 4, 2), STILL, STILL, STILL, (2, 3, 2), -1.5, 15),
    Hand.CUP: Fingers(
        (-24, 8, 10), (5, 24, 18), (8, 38, 28), (7, 31, 22), (2, 9, 6), 1
    ),
    Hand.PINCH: Fingers(
        (-20, 40, 47),
        (46, 44, 22),
        (40, 46, 28),
        (44, 50, 30),
        (48, 52, 30),
        1,
        -12,
        24,
    ),
    Hand.OK: Fingers(
        (-26, 48, 55), (50, 50, 26), (10, 12, 8), (5, 8, 6), (3, 6, 5), 6, -10, 22
    ),
    Hand.HEART: Fingers((-3, 23, 3), (73, 21, 13), FOLDED, FOLDED, FOLDED, 0, -36),
    Hand.CALL: Fingers((-18, -6, -6), FOLDED_FIRST, FOLDED, FOLDED, STRAIGHT, 0),
}
LAID = Fingers((4, 2, 2), (-3, 5, 4), (-2, 6, 5), (-2, 7, 5), (0, 8, 6), 1, 29)
"""A hand at ease on something."""
BEARING = Fingers(
    (10, 0, 0), (-16, -4, -4), (-15, -4, -4), (-15, -4, -4), (-13, -3, -4), 2, 42
)
"""A hand on the floor: the palm down, the fingers and the thumb along it."""
SPREAD_PLACES = (0.0, 1.0, 0.1, -0.8, -1.9)
CONVERGING = 9.0  # degrees of spread by which folded fingers lean together
FOLDS = (50.0, 74.0)  # degrees at the knuckle between which a finger becomes folded
MIDDLE = 3  # the finger that the others spread from


def curl(rest: Rest, turns: Turns, side: str, fingers: Fingers) -> None:
    """Add the turns of one hand's finger bones to `turns`, which holds its wrist."""
    wrist = turns[f"wrist.{side}"]
    sign = -1.0 if side == "L" else 1.0
    across = unit(rest.head(f"finger2-1.{side}") - rest.head(f"finger5-1.{side}"))
    straight = _along(rest, side, MIDDLE)
    for number in range(1, 6):
        bones = [f"finger{number}-{k}.{side}" for k in (1, 2, 3)]
        along = _along(rest, side, number)
        axis = _curl_axis(rest, side, number, along, across)
        flip = 1.0 if number == 1 else sign
        turned: Floats = wrist
        if number > 1:
            palm = unit(np.cross(straight, across))
            # The body's own fingers rest splayed.
            splay = np.degrees(np.arctan2(across @ along, straight @ along))
            wanted = _spread(fingers, number) * SPREAD_PLACES[number - 1]
            turned = turned @ about(palm, wanted - splay)
        else:
            turned = turned @ about(straight, sign * fingers.lifted)
            turned = turned @ about(along, sign * fingers.rolled)
        for bone, degrees in zip(bones, fingers.of(number), strict=True):
            turned = turned @ about(axis, degrees * flip)
            turns[bone] = turned


def _spread(fingers: Fingers, number: int) -> float:
    """How far a finger is spread: as asked if it is straight, leaning in if folded."""
    folded = float(np.interp(fingers.of(number)[0], FOLDS, (0, 1)))
    return fingers.spread * (1 - folded) + CONVERGING * folded


def _along(rest: Rest, side: str, number: int) -> Floats:
    """The way a finger's first bone points at rest."""
    first, second = (rest.head(f"finger{number}-{k}.{side}") for k in (1, 2))
    return unit(second - first)


def _curl_axis(
    rest: Rest, side: str, number: int, along: Floats, across: Floats
) -> Floats:
    if number == 1:
        palmwards = unit(
            rest.head(f"finger2-1.{side}") - rest.head(f"finger1-2.{side}")
        )
        return unit(np.cross(along, palmwards))
    return unit(across - (across @ along) * along)
