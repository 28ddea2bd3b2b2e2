"""The studio's light: softboxes, and what an open sky of reflectors adds."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Light
from lumiku_studio.arrays import Floats
from lumiku_studio.rotation import about_y, unit


@dataclass(frozen=True, slots=True, eq=False)
class Softbox:
    """A square light; places in metres, `half` its half side, `power` linear RGB."""

    centre: Floats
    facing: Floats
    across: Floats
    along: Floats
    half: float
    power: Floats


def softbox(
    centre: Floats,
    target: Floats,
    half: float,
    power: tuple[float, float, float],
) -> Softbox:
    """A softbox at `centre` that faces `target`."""
    facing = unit(target - centre)
    across = unit(np.cross(facing, [0, 1.0, 0.01]))
    along = np.cross(across, facing)
    return Softbox(
        centre=centre.astype(np.float32),
        facing=facing.astype(np.float32),
        across=across.astype(np.float32),
        along=along.astype(np.float32),
        half=half,
        power=np.array(power, np.float32),
    )


# Key in front on the left of the picture, a weak fill, two rims behind, one above:
# centre, target, half side, power.
SETTING = (
    ((-2.2, 3.1, 3.2), (0, 1.15, 0), 0.85, (15.6, 15.1, 14.4)),
    ((3.0, 1.9, 2.8), (0, 1.0, 0), 1.2, (2.6, 2.7, 2.9)),
    ((-2.3, 2.6, -1.9), (0, 1.2, 0), 0.5, (7.0, 7.2, 7.6)),
    ((2.4, 2.6, -1.7), (0, 1.2, 0), 0.5, (8.0, 8.0, 8.2)),
    ((0, 4.6, -0.4), (0, 0, -1.0), 1.4, (2.4, 2.4, 2.4)),
)


KEY, FILL = 0, 1
WARM = np.array([0.20, 0.02, -0.24])
HARD = (0.16, -0.75)
"""Shares of their power that key and fill gain at the hardest."""


def boxes(yaw: float, light: Light | None = None) -> tuple[Softbox, ...]:
    """The studio's lights, key first, turned with a camera at `yaw` degrees."""
    own = light or Light()
    out = []
    for number, (centre, target, half, power) in enumerate(SETTING):
        turn = about_y(yaw + own.turn if number == KEY else yaw)
        tint = np.ones(3)
        if number in {KEY, FILL}:
            tint = (1 + WARM * own.warmth) * (1 + HARD[number] * own.contrast)
        shone = tuple((np.array(power) * tint).tolist())
        place, aim = turn @ np.array(centre), turn @ np.array(target)
        out.append(softbox(place, aim, half, (shone[0], shone[1], shone[2])))
    return tuple(out)


AMBIENT = np.array([0.285, 0.285, 0.30], np.float32)
BOUNCE = 0.42  # how bright a surface met by a bounced ray is, for a unit albedo


def ambient(directions: Floats) -> Floats:
    """Light from the room's walls along directions (3 x n): brighter from above."""
    return np.outer(AMBIENT, directions[1] * np.float32(0.35) + np.float32(0.95))
