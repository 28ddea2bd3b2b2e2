"""A peci: a stiff cap without a brim, an oval that narrows a little to its flat top."""

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import about_x
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.rig import Placed

RIM, HEIGHT = 0.056, 0.088  # metres over the eyes, and from rim to top
EASE = 0.006
AROUND = 72
LEAN = 7.0  # degrees the top leans back
# Rings from within the rim to the middle of the top: share of the height, of the width.
RINGS = (
    (0.03, 0.90), (0.0, 0.985), (0.0, 1.0), (0.02, 1.005), (0.5, 0.985), (0.97, 0.945),
    (1.0, 0.93), (1.0, 0.90), (0.985, 0.82), (0.985, 0.0),
)  # fmt: skip


def peci(rest: Rest, placed: Placed, colour: Floats) -> Part:
    """The cap on a posed head."""
    skin = surface("body", 1)
    on_head = skin.operator @ template().influence("head") > 0.5
    local = (skin.operator @ rest.still)[on_head] - rest.head("head")
    rise = local[:, 1] - (rest.head("eye.L")[1] - rest.head("head")[1])
    band = local[(rise > RIM - 0.012) & (rise < RIM + 0.03)]
    middle = (band.max(axis=0) + band.min(axis=0)) / 2
    half = (np.ptp(band, axis=0) / 2 + EASE)[[0, 2]]
    base = rest.head("eye.L")[1] - rest.head("head")[1] + RIM
    turn = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    oval = np.stack([np.sin(turn) * half[0], 0 * turn, np.cos(turn) * half[1]], axis=1)
    lean = about_x(-LEAN)
    rings = [oval * wide + [0, high * HEIGHT, 0] for high, wide in RINGS]
    points = np.concatenate(rings) @ lean.T + [0, base, middle[2]]
    k = np.arange(AROUND)
    n = (k + 1) % AROUND
    triangles = []
    for ring in range(len(RINGS) - 1):
        a, b = ring * AROUND, (ring + 1) * AROUND
        triangles.append(np.stack([k + a, n + a, n + b], axis=1))
        triangles.append(np.stack([k + a, n + b, k + b], axis=1))
    moved = points @ placed.turn("head").T + placed.at("head")
    velvet = np.maximum(colour, 0.012)
    return Part(moved, np.concatenate(triangles), velvet, Stuff.CLOTH, Segment.HEADWEAR)
