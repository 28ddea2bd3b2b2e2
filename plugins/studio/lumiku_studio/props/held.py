"""Things held and sat upon, placed from the posed body."""

import numpy as np

from lumiku_contracts.scene import Contact, Pose, Prop
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.anchors import trunk
from lumiku_studio.skeleton.posing import Posed

SEAT = written("#cbbba6")
CARTON = written("#c9824f")
TAPE = written("#e6c9a0")
BEVEL = 0.008


def bevelled_box(
    centre: Floats, half: Floats, frame: Floats, bevel: float
) -> tuple[Floats, Ints]:
    """A box with chamfered edges; `frame` holds its axes as columns."""
    points: list[Floats] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            b, c = (axis + 1) % 3, (axis + 2) % 3
            corners = np.zeros((4, 3))
            corners[:, axis] = sign * half[axis]
            corners[:, b] = np.array([-1, 1, 1, -1]) * (half[b] - bevel)
            corners[:, c] = np.array([-1, -1, 1, 1]) * (half[c] - bevel)
            first = 4 * len(points)
            order = [0, 1, 2, 3] if sign > 0 else [3, 2, 1, 0]
            triangles += [[first + order[i] for i in t] for t in ((0, 1, 2), (0, 2, 3))]
            points.append(corners)
    corner = np.concatenate(points)
    faces = np.array(triangles)
    from scipy.spatial import ConvexHull  # noqa: PLC0415  a slow import, rarely needed

    hull = ConvexHull(corner)
    a, b, c = (corner[hull.simplices[:, k]] for k in range(3))
    facing = (np.cross(b - a, c - a) * hull.equations[:, :3]).sum(axis=1) > 0
    faces = np.where(facing[:, None], hull.simplices, hull.simplices[:, ::-1])
    flat = corner[faces].reshape(-1, 3)
    return flat @ frame.T + centre, np.arange(len(flat)).reshape(-1, 3)


def props(pose: Pose, posed: Posed) -> list[Part]:
    """All things of a pose."""
    parts = []
    if pose.contact is Contact.SEATED:
        parts.append(_seat(posed))
    for prop in pose.props:
        made = MAKERS.get(prop if isinstance(prop, Prop) else prop.prop)
        parts += made(posed) if made else []
    return parts


def _seat(posed: Posed) -> Part:
    """A block whose top meets the thighs and whose front ends behind the knees."""
    placed = posed.placed
    body = posed.points[trunk()]
    hips = (placed.at("upperleg01.L") + placed.at("upperleg01.R")) / 2
    knees = (placed.at("lowerleg01.L") + placed.at("lowerleg01.R")) / 2
    front = placed.turn("root")[:, 2] * [1, 0, 1]
    front = front / np.linalg.norm(front)
    along = (body - hips) @ front
    length = float((knees - hips) @ front)
    over = (along > -0.14) & (along < length * 0.55)
    top = float(body[over][:, 1].min()) - 0.010
    centre = hips + front * (length * 0.16)
    centre[1] = top / 2
    frame = np.stack([np.cross([0, 1, 0], front), [0, 1, 0], front], axis=1)
    half = np.array([0.23, top / 2, 0.21])
    points, triangles = bevelled_box(centre, half, frame, 0.012)
    return Part(points, triangles, SEAT, Stuff.PROP, Segment.PROP)


def _box(posed: Posed) -> list[Part]:
    """A carton between the hands, as wide as the room that they leave."""
    placed, body = posed.placed, template()
    palms = [
        (placed.at(f"finger2-1.{s}") + placed.at(f"finger4-2.{s}")) / 2 for s in "LR"
    ]
    across = unit(palms[0] - palms[1])
    up = unit(np.array([0, 1.0, 0]) - across * across[1])
    frame = np.stack([across, up, np.cross(across, up)], axis=1)
    centre = (palms[0] + palms[1]) / 2 + up * 0.012
    half = np.array([0.0, 0.080, 0.062])
    inner = []
    for side, sign in (("L", 1.0), ("R", -1.0)):
        hand = body.influence("finger", "metacarpal", "wrist", side=side) > 0.5
        local = (posed.points[hand] - centre) @ frame
        beside = (np.abs(local[:, 1:]) < half[1:] + 0.004).all(axis=1)
        inner.append(float((local[beside, 0] * sign).min()))
    centre = centre + across * (inner[0] - inner[1]) / 2
    half[0] = max((inner[0] + inner[1]) / 2 - 0.001, 0.02)
    points, triangles = bevelled_box(centre, half, frame, 0.003)
    band = half * [0.16, 1, 1] + [0, 0.0012, 0.0012]
    tape, tape_triangles = bevelled_box(centre, band, frame, 0.003)
    return [
        Part(points, triangles, CARTON, Stuff.PROP, Segment.PROP),
        Part(tape, tape_triangles, TAPE, Stuff.PROP, Segment.PROP),
    ]


MAKERS = {Prop.BOX: _box}
