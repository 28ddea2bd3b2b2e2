"""How large a picture is, and how much of a person it shows."""

import numpy as np

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Framing
from lumiku_studio.arrays import Floats
from lumiku_studio.skeleton.rig import Placed

SMALLEST = 32
MAX_PIXELS = 2480 * 3508
NEAR = 0.40  # metres about the head that a portrait holds


def framed(framing: Framing, points: Floats, placed: Placed) -> Floats:
    """Those of a person's points (n x 3) that have to be in the picture."""
    if framing is Framing.FULL:
        return points
    root, head = placed.at("root"), placed.at("head")
    if framing is Framing.PORTRAIT:
        near = np.linalg.norm((points - head) * [1, 0.9, 1], axis=1) < NEAR
        near &= points[:, 1] > placed.at("neck01")[1] - 0.20
        return points[near] if near.any() else points
    lowest = float(root[1])
    if framing is Framing.THREE_QUARTER:
        knees = min(placed.at(f"lowerleg01.{side}")[1] for side in "LR")
        lowest = 0.3 * lowest + 0.7 * float(knees)
    high = points[:, 1] >= min(lowest, float(head[1]) - 0.15)
    return points[high]


def check_size(size: tuple[int, int]) -> None:
    """Refuse a picture (width, height) that nobody can look at, or no machine make."""
    width, height = size
    if min(size) < SMALLEST or width * height > MAX_PIXELS:
        detail = (
            f"The studio draws pictures of at least {SMALLEST} pixels a side, at most "
            f"{MAX_PIXELS / 1e6:.1f} megapixels in all, not {width} x {height}."
        )
        raise Refused("size-out-of-range", detail, fix="Ask for a smaller picture.")
