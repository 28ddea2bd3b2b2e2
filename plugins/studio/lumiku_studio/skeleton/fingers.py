"""The 21 points of each hand of a posed body, in space, in OpenPose's order."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from lumiku_contracts.images import Side
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.rig import Placed

TIP = 12
"""Vertices at the end of a finger whose middle is its tip."""
SIDES: Mapping[Side, str] = {"left": "L", "right": "R"}


def fingers(placed: Placed, points: Floats) -> dict[Side, Floats]:
    """The wrist, then thumb to little finger from the knuckle out: 21 x 3 each.

    `points` are all template vertices, posed.
    """
    out: dict[Side, Floats] = {}
    for name, side in SIDES.items():
        found = [placed.at(f"wrist.{side}")]
        for finger in range(1, 6):
            found += [placed.at(f"finger{finger}-{k}.{side}") for k in (1, 2, 3)]
            found.append(points[_tips()[finger, side]].mean(axis=0))
        out[name] = np.array(found)
    return out


@lru_cache(maxsize=1)
def _tips() -> Mapping[tuple[int, str], Ints]:
    """The template's vertices at the end of each finger."""
    body = template()
    skin = np.unique(body.faces["body"])
    out = {}
    for finger in range(1, 6):
        for side in SIDES.values():
            own = body.influence(f"finger{finger}-3", side=side)[skin]
            last = skin[own > 0.5]
            ends = [
                body.base[body.count + body.bone(f"finger{finger}-{k}.{side}")]
                for k in (2, 3)
            ]
            reach = body.base[last] @ unit(ends[1] - ends[0])
            out[finger, side] = last[np.argsort(-reach)[:TIP]]
    return out
