"""Which pixels are near a person's bones: a second opinion beside the small network's.

It takes what is between limbs, or about a head, for the person when it is busy there.
Radii are in sizes of the person (`Person.size`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.photo.people import Person
from lumiku_studio.rotation import unit

LIMBS: Final = (
    ((11, 13), 0.07), ((13, 15, 19), 0.06), ((15, 17), 0.05), ((15, 21), 0.05),
    ((12, 14), 0.07), ((14, 16, 20), 0.06), ((16, 18), 0.05), ((16, 22), 0.05),
    ((23, 25), 0.11), ((25, 27), 0.09), ((27, 29, 31, 27), 0.06),
    ((24, 26), 0.11), ((26, 28), 0.09), ((28, 30, 32, 28), 0.06),
)  # fmt: skip
"""Landmarks along limbs, and how far clothes are from them."""
FACE, NECK = [0, 7, 8], [11, 12]
TRUNK: Final = (11, 12, 24, 23)
TRUNK_ROOM, NECK_ROOM, HEAD_ROOM, HEAD_UP = 0.09, 0.08, 0.17, 0.05
"""About the trunk, the neck and the head, whose middle is over the ears'."""
HELD: Final = ((15, 17, 19), (16, 18, 20))
HELD_ROOM: Final = 0.18
"""About a hand: what it holds is kept as the network takes it."""
INNER: Final = 0.6
"""The share of a radius within which the person surely is, if the network says so."""


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Pixels that may be the person, and fewer that surely may."""

    inner: Mask
    outer: Mask


def near(cv2: Any, person: Person, scale: float, shape: tuple[int, ...]) -> Near:
    """What is near somebody's bones, in a picture that is smaller by `scale`."""
    points, size = person.points * scale, person.size * scale
    inner, outer = (np.zeros(shape, np.uint8) for _ in range(2))
    for mask, share in ((inner, INNER), (outer, 1.0)):
        cv2.fillPoly(mask, [np.round(points[list(TRUNK)]).astype(np.int32)], 1)
        for start, end, radius in _bones(points):
            wide = max(1, round(2 * radius * share * size))
            cv2.line(mask, _pixel(start), _pixel(end), 1, wide)
        room = round(HEAD_ROOM * share * size)
        cv2.circle(mask, _pixel(_head(points, size)), room, 1, -1)
    for hand in HELD:
        middle = points[list(hand)].mean(axis=0)
        cv2.circle(outer, _pixel(middle), round(HELD_ROOM * size), 1, -1)
    return Near(inner > 0, outer > 0)


def _bones(points: Floats) -> Iterator[tuple[Floats, Floats, float]]:
    for marks, radius in LIMBS:
        for a, b in pairwise(marks):
            yield points[a], points[b], radius
    for a, b in pairwise((*TRUNK, TRUNK[0])):
        yield points[a], points[b], TRUNK_ROOM
    yield points[FACE].mean(axis=0), points[NECK].mean(axis=0), NECK_ROOM


def _head(points: Floats, size: float) -> Floats:
    """The middle of the head with its hair."""
    face, neck = points[FACE].mean(axis=0), points[NECK].mean(axis=0)
    out: Floats = face + unit(face - neck) * HEAD_UP * size
    return out


def _pixel(place: Floats) -> tuple[int, int]:
    x, y = np.round(place).astype(int).tolist()
    return x, y
