"""What a body sits on, leans on or works at, placed from the posed body."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from lumiku_contracts.scene import Contact, Pose, Prop
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.props import shapes
from lumiku_studio.props.hands import front, upright
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.anchors import trunk
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.skeleton.seated import DISC, HALF, Seat

SEAT = written("#cbbba6")
WOOD = written("#a5835e")
WALL = written("#d9d4cb")
UP = shapes.UP
UNDER = 0.001  # metres that a seat is under what lies on it
KEYS = 0.022  # metres that hands which type are over the desk
HAND_LAID = 0.002
LEDGE = 0.22  # metres from the hips within which hands lie on a desk that is leant on
KNEE_ROOM = 0.05  # metres from thighs to a desk's top: trousers, air, the board


def _part(solid: shapes.Solid, colour: Floats) -> Part:
    return Part(*solid, colour, Stuff.PROP, Segment.PROP)


def seat(posed: Posed, on: Seat) -> list[Part]:
    """A block, chair or stool whose top meets the thighs, behind the knees."""
    centre, frame, top = on.centre.copy(), on.frame, float(on.centre[1]) - UNDER
    ahead = frame[:, 2]
    if on.kind is None:
        centre[1] = top / 2
        block = np.array([HALF[0], top / 2, HALF[1]])
        return [_part(shapes.box(centre, block, frame, 0.012), SEAT)]
    centre[1] = 0.0
    if on.kind is Prop.STOOL:
        disc = ((0, top - 0.04), (DISC - 0.005, top - 0.04), (DISC, top - 0.02),
                (DISC - 0.005, top), (0, top))  # fmt: skip
        made = [shapes.turned(disc, centre, frame)]
        spread, reach = 0.17, 0.11
    else:
        body = posed.points[trunk()]
        slab = np.array([HALF[0], 0.018, HALF[1]])
        made = [shapes.box(centre + UP * (top - 0.018), slab, frame, 0.008)]
        spread, reach = 0.20, 0.19
        high = body[(body[:, 1] > top + 0.14) & (body[:, 1] < top + 0.48)]
        back = min(float(((high - centre) @ ahead).min()) - 0.03, -0.19)
        rest = centre + ahead * back + UP * (top + 0.31)
        made.append(shapes.box(rest, np.array([0.21, 0.12, 0.012]), frame, 0.008))
        made += [
            shapes.rod(
                centre + frame[:, 0] * x - ahead * 0.19 + UP * (top - 0.02),
                rest + frame[:, 0] * x + UP * 0.09,
                0.012,
            )
            for x in (-0.17, 0.17)
        ]
    legs = [
        shapes.rod(
            centre + frame[:, 0] * (x * spread) + ahead * (z * spread),
            centre + frame[:, 0] * (x * reach) + ahead * (z * reach)
            + UP * (top - 0.02),
            0.014,
        )
        for x in (-1, 1)
        for z in (-1, 1)
    ]  # fmt: skip
    return [_part(shapes.merged(made), SEAT), _part(shapes.merged(legs), WOOD)]


def lap(posed: Posed) -> Floats:
    """The top of the thighs, in the middle between hips and knees."""
    at = posed.placed.at
    hips = (at("upperleg01.L") + at("upperleg01.R")) / 2
    knees = (at("lowerleg01.L") + at("lowerleg01.R")) / 2
    place: Floats = hips * 0.40 + knees * 0.60
    place[1] = max(hips[1], knees[1]) + 0.095
    return place


def hands(posed: Posed) -> Floats:
    """The skin of both hands, n x 3."""
    mask = template().influence("finger", "metacarpal") > 0.5
    mask[template().faces["body"].max() + 1 :] = False
    return posed.points[mask]


def desk_top(posed: Posed, under: float = KEYS) -> float:
    """The height of a desk, so many metres under the lower hand, and over the lap."""
    high = float(np.clip(hands(posed)[:, 1].min() - under, 0.55, 1.10))
    thighs = template().influence("upperleg") > 0.5
    return max(high, float(posed.points[thighs & trunk(), 1].max()) + KNEE_ROOM)


def _ledge(posed: Posed) -> float:
    """The height of a desk that somebody leans on: at the hips, under their hands."""
    hips = float(posed.placed.at("root")[1]) - 0.03
    laid = float(hands(posed)[:, 1].min()) - HAND_LAID
    return laid if abs(laid - hips) < LEDGE else hips


def _desk(posed: Posed, pose: Pose, colour: str | None) -> list[Part]:
    """Before the person, its near edge at the belly; behind who leans on it."""
    ahead, body = front(posed), posed.points[trunk()]
    root = posed.placed.at("root")
    leaning = pose.contact is Contact.LEANING
    under = KEYS if Prop.LAPTOP in pose.props else HAND_LAID
    top = _ledge(posed) if leaning else desk_top(posed, under)
    if not leaning:
        legs = template().influence("upperleg") > 0.5
        body = posed.points[trunk() & ~legs]
    band = body[np.abs(body[:, 1] - top + 0.04) < 0.07]
    along = ((band if len(band) else body) - root) @ ahead
    near = float(along.min()) - 0.005 if leaning else float(along.max()) + 0.03
    frame, half = upright(ahead), np.array([0.62, 0.016, 0.30])
    deep = -half[2] if leaning else half[2]
    centre = root * [1, 0, 1] + ahead * (near + deep) + UP * (top - half[1])
    solids = [shapes.box(centre, half, frame, 0.005)]
    for x in (-0.57, 0.57):
        for z in (-0.26, 0.26):
            head = centre + frame[:, 0] * x + ahead * z
            solids.append(shapes.rod(head * [1, 0, 1], head, 0.02))
    return [_part(shapes.merged(solids), WOOD if colour is None else written(colour))]


def _wall(posed: Posed, _pose: Pose, colour: str | None) -> list[Part]:
    """A free wall that the back leans on."""
    ahead = front(posed)
    root = posed.placed.at("root") * [1, 0, 1]
    back = float(
        ((posed.points[np.unique(template().faces["body"])] - root) @ ahead).min()
    )
    half = np.array([1.7, 1.35, 0.06])
    centre = root + ahead * (back - half[2] - 0.012) + UP * half[1]
    shade = WALL if colour is None else written(colour)
    part = _part(shapes.box(centre, half, upright(ahead), 0.004), shade)
    return [replace(part, scenery=True)]


MAKERS: Mapping[Prop, Callable[[Posed, Pose, str | None], list[Part]]] = {
    Prop.DESK: _desk,
    Prop.WALL: _wall,
}
