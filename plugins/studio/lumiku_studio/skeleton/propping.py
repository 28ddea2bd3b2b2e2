"""A raised foot that props itself on the other leg: its sole lies along that leg."""

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Contact, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.rotation import unit
from lumiku_studio.skeleton.contact import OTHER
from lumiku_studio.skeleton.footing import SIDES, leg_of, skin_mask, under
from lumiku_studio.skeleton.limbs import bend_to, limb, set_leg
from lumiku_studio.skeleton.rig import Placed, Turns, place, skin_body

UPRIGHT = frozenset({Contact.STANDING, Contact.STRIDING})
FACING = 0.8  # how far a sole must face the other leg to be meant for it
TREAD = 0.015  # metres over a foot's lowest point that its sole reaches
NEIGHBOURS = 6  # vertices of the leg looked at over each of the sole's
UP = np.array([0, 1.0, 0])


def prop(
    rest: Rest, pose: Pose, turns: Turns, root: Floats, shoes: tuple[float, Floats]
) -> None:
    """Bend the leg of a raised foot that faces the other leg until it touches.

    `shoes` are the metres of a sole, and of cloth over each vertex of the template.
    """
    if pose.contact not in UPRIGHT:
        return
    for side in SIDES:
        raised = not leg_of(pose, side).planted
        if raised and leg_of(pose, OTHER[side]).planted:
            _prop(place(rest, turns, root), turns, side, shoes)


def _prop(placed: Placed, turns: Turns, side: str, shoes: tuple[float, Floats]) -> None:
    hips, ankles = (
        [placed.at(f"{bone}.{s}") for s in (side, OTHER[side])]
        for bone in ("upperleg01", "foot")
    )
    foot, axis = placed.turn(f"foot.{side}"), unit(hips[1] - ankles[1])
    way = (hips[1] - hips[0]) * [1, 0, 1]
    way = unit(way - (way @ axis) * axis)
    if float(-foot[:, 1] @ way) < FACING:
        return
    toes = unit(foot[:, 2] - (foot[:, 2] @ way) * way)
    turned = np.stack([np.cross(-way, toes), -way, toes], axis=1)
    sole = _sole(placed.rest, side, shoes[0]) @ turned.T + ankles[0]
    aside = np.cross(axis, way)
    step = aside * float((ankles[1] - sole.mean(axis=0)) @ aside)
    frame = np.stack([aside, axis, way], axis=1)
    step = step + way * _gap(placed, side, (sole + step) @ frame, shoes[1], frame)
    bones = limb(placed.rest, "leg", side)
    knee = placed.at(bones.names[1]) - hips[0]
    upper, lower = bend_to(bones, hips[0], ankles[0] + step, knee, knee=True)
    set_leg(turns, bones, upper, lower, side)
    turns[f"foot.{side}"] = turned


def _sole(rest: Rest, side: str, thick: float) -> Floats:
    """The sole of a foot at rest, from its ankle."""
    foot = skin_mask() & (template().influence("foot", "toe", side=side) > 0.5)
    foot &= rest.points[:, 1] < rest.floor + TREAD
    out: Floats = under(rest, thick)[foot] - rest.head(f"foot.{side}")
    return out


def _gap(
    placed: Placed, side: str, sole: Floats, cloth: Floats, frame: Floats
) -> float:
    """How far a sole is from the other leg, along the frame's third axis."""
    near = template().influence("upperleg", "lowerleg", side=OTHER[side]) > 0.5
    near &= skin_mask()
    leg = skin_body(placed)[near] @ frame
    leg[:, 2] -= cloth[near]
    _, found = cKDTree(leg[:, :2]).query(sole[:, :2], NEIGHBOURS)
    return float((leg[found, 2].min(axis=1) - sole[:, 2]).min())
