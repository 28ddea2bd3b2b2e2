"""What hair lies on: the skin that shows, the tops, and the collars upon them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.spatial import cKDTree

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import compact, normals, surface
from lumiku_studio.body.template import template
from lumiku_studio.hair import scalp
from lumiku_studio.rotation import unit
from lumiku_studio.scene.beneath import Worn
from lumiku_studio.shading.stage import Part, Segment
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe.trim import folded

WITHIN = 0.035  # metres behind a collar up to which it hides what is below it
RIM = 0.003  # metres over a collar's point up to which it does
UPWARD = 0.35  # how much the way out of a collar rises


@dataclass(frozen=True, slots=True, eq=False)
class Wear:
    """The clothes of a posed person that lie next to their head."""

    cut: Worn
    collars: list[Part]


def obstacle(skin: Part, wear: Wear, placed: Placed) -> scalp.Ground:
    """What hair may not enter; what a collar hides is left out of it."""
    used, triangles = compact(skin.triangles)
    points = [skin.points[used]]
    outward = [normals(points[0], triangles)]
    for sewn, part in wear.cut:
        if part.segment is not Segment.TOP:
            continue
        points.append(part.points[: len(sewn.leg)])
        outward.append(normals(points[-1], sewn.triangles))
    all_points, all_outward = np.concatenate(points), np.concatenate(outward)
    if not wear.collars:
        return scalp.ground(all_points, all_outward)
    leaves = np.concatenate([folded(part.points) for part in wear.collars])
    up = placed.turn("spine01")[:, 1]
    away = leaves - placed.at("neck01")
    ways = unit(unit(away - (away @ up)[:, None] * up) + up * UPWARD)
    seen = ~_hidden(all_points, leaves, ways, up)
    return scalp.ground(
        np.concatenate([all_points[seen], leaves]),
        np.concatenate([all_outward[seen], ways]),
    )


def limbs_of(skin: Part) -> Floats:
    """Points of the forearms and hands, clothed or not."""
    out: Floats = skin.points[_limbs()]
    return out


@lru_cache(maxsize=1)
def _limbs() -> Ints:
    """Rows of the skin's surface that are forearms and hands."""
    share = template().influence("lowerarm", "wrist", "metacarpal", "finger")
    return np.flatnonzero(surface("body", 1).operator @ share > 0.5)


def _hidden(points: Floats, leaves: Floats, ways: Floats, up: Floats) -> Mask:
    """Which points lie behind a collar and not over it."""
    away, near = cKDTree(leaves).query(points, distance_upper_bound=WITHIN)
    found = np.flatnonzero(np.isfinite(away))
    off = points[found] - leaves[near[found]]
    out = np.zeros(len(points), bool)
    out[found] = ((off * ways[near[found]]).sum(axis=1) < 0) & (off @ up < RIM)
    return out
