"""Hands on the skeleton map: 21 points each, coloured as ControlNet's drawing has them.

Every colour is one level off the usual one, which no eye and no model sees: so the
joints of the body, which share three of these colours, are still found by theirs.
"""

import colorsys
from collections.abc import Mapping

from PIL import ImageDraw

from lumiku_contracts.images import Side

Skeleton = list[tuple[float, float, bool]]
Hands = Mapping[Side, Skeleton]
FINGERS = tuple(tuple(range(first, first + 4)) for first in (1, 5, 9, 13, 17))
BONES = tuple(
    pair for finger in FINGERS for pair in zip((0, *finger[:-1]), finger, strict=True)
)
"""Pairs of points, from the wrist out, thumb first."""
POINT = (0, 0, 254)
FINE = 512
"""Pixels of height for each that a line is wide."""
FEWEST = 7
"""Points that are seen of a hand that is drawn."""


def hue(bone: int) -> tuple[int, int, int]:
    """The colour of one of `BONES`: once around the wheel."""
    red, green, blue = colorsys.hsv_to_rgb(bone / len(BONES), 1, 1)
    return round(254 * red), round(254 * green), round(254 * blue)


def draw_hands(pen: ImageDraw.ImageDraw, hands: Hands, height: int) -> None:
    """Draw what is seen of each hand, bones first."""
    width = max(1, round(height / FINE))
    for points in hands.values():
        if sum(seen for _, _, seen in points) < FEWEST:
            continue
        for number, (a, b) in enumerate(BONES):
            if points[a][2] and points[b][2]:
                ends = (*points[a][:2], *points[b][:2])
                pen.line(ends, fill=hue(number), width=width)
        for x, y, seen in points:
            if seen:
                pen.ellipse((x - width, y - width, x + width, y + width), fill=POINT)
