"""What a hijab lies on: a posed head, neck and clothed trunk."""

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import masked, normals, surface
from lumiku_studio.body.template import template
from lumiku_studio.hair import folds
from lumiku_studio.shading.stage import Part, Segment
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.wardrobe import cloth
from lumiku_studio.wardrobe.layering import Solids

OF_HEAD = 0.3  # share of the head's bone from which cloth is kept off otherwise
OVER_NECK = 0.05  # metres up to which cloth may lie on an arm
OVER_ELBOW = 0.10  # metres at rest: the part of an arm that cloth may lie on
TRUNK_CLOTH = 0.35  # share of an arm in cloth that still lies on the trunk
LAPEL = 0.006  # metres that lapels lie over a coat
Worn = list[tuple[cloth.Sewn, Part]]


def beneath(posed: Posed, skin_part: Part, worn: Worn) -> folds.Below:
    """Head and neck, and the clothed trunk down to the waist."""
    body, rest, placed = template(), posed.placed.rest, posed.placed
    skin = surface("body", 1)

    def moved_by(*bones: str, side: str = "") -> Floats:
        share: Floats = skin.operator @ body.influence(*bones, side=side)
        return share

    upper = moved_by("head", "neck", "clavicle", "shoulder", "spine01") > 0.6
    upper &= masked("ears") < 0.2  # pressed flat
    surface_points, facing = skin_part.points, skin_part.normals
    if facing is None:
        facing = normals(surface_points, skin.triangles)
    points = [surface_points[upper]]
    below_head = upper & (moved_by("head") < OF_HEAD)
    solids = [Solids(surface_points[below_head], facing[below_head])]
    arms: dict[str, list[Floats]] = {"L": [], "R": []}
    for sewn, part in worn:
        if part.segment is not Segment.TOP:
            continue
        cloth_points = part.points[: len(sewn.leg)]
        near = (sewn.arm < TRUNK_CLOTH) & (
            sewn.points[:, 1] > rest.head("spine04")[1] - 0.04
        )
        near &= cloth_points[:, 1] < placed.at("neck03")[1] + 0.05
        facing = normals(cloth_points, sewn.triangles)
        lapel = facing * (LAPEL if sewn.cut.open else 0.0)
        points.append(cloth_points[near])
        upright = (cloth_points - placed.at("neck01")) @ placed.turn("spine01")[:, 1]
        touched = (sewn.arm >= TRUNK_CLOTH) & (upright < OVER_NECK)
        touched &= sewn.points[:, 1] > rest.head("lowerarm01.L")[1] + OVER_ELBOW
        touched |= near
        solids.append(Solids((cloth_points + lapel)[touched], facing[touched]))
        for side, sign in (("L", 1), ("R", -1)):
            sleeve = (sewn.arm >= TRUNK_CLOTH) & (sewn.points[:, 0] * sign > 0)
            along = sewn.points[:, 1] > rest.head(f"lowerarm01.{side}")[1]
            arms[side].append(cloth_points[sleeve & along])
    for side, found in arms.items():
        found.append(surface_points[moved_by("upperarm", side=side) > 0.5])
    limbs = ("lowerarm", "wrist", "metacarpal", "finger")
    left, right = (np.concatenate(arms[side]) for side in "LR")
    of_head = moved_by("head", "neck")[upper] > 0.5
    count = sum(map(len, points)) - len(of_head)
    eye = float(rest.head("eye.L")[1] - rest.head("head")[1])
    crown = float(rest.points[:, 1].max() - rest.head("eye.L")[1])
    return folds.Below(
        np.concatenate(points),
        np.r_[of_head, np.zeros(count, bool)],
        (left, right),
        surface_points[moved_by(*limbs) > 0.5],
        eye,
        crown / folds.EYES_TO_CROWN,
        Solids(
            np.concatenate([solid.points for solid in solids]),
            np.concatenate([solid.outward for solid in solids]),
        ),
    )
