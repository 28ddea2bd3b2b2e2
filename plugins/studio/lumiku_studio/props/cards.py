"""Pictures as things: cut-outs that are held, posters and standees that stand."""

import numpy as np

from lumiku_contracts.scene import Hold, Pose, Prop, Thing
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.colour import written
from lumiku_studio.props import shapes
from lumiku_studio.props.hands import SKIN, front, upright
from lumiku_studio.props.inhand import InHand
from lumiku_studio.props.stickers import (
    Pictures,
    named,
)
from lumiku_studio.rotation import unit
from lumiku_studio.shading.stage import PLAIN, Part, Segment, Stuff, Texture
from lumiku_studio.skeleton.posing import Posed

TAPE = written("#e6c9a0")
DARK = written("#23252a")
GREY = written("#b9bcc2")


def card(held: InHand) -> list[Part]:
    """A cut-out product between two hands, or standing in one."""
    left, right = held.palms()
    if held.hold is Hold.BOTH:
        across = unit((left.centre - right.centre) * [1, 1, 1])
        wide = float(np.linalg.norm(left.centre - right.centre)) - 2 * SKIN
        foot = (left.centre + right.centre) / 2
        return _cut(held, foot, across, max(wide, 0.1), 0.42, by_side=True)
    own = held.palm()
    across = np.cross(shapes.UP, front(held.posed))
    start = own.centre + own.facing * SKIN
    return _cut(held, start, across, 0.24, 0.26, by_side=False)


def _cut(
    held: InHand, at: Floats, across: Floats, wide: float, tall: float, *, by_side: bool
) -> list[Part]:
    if held.thing.decal is None:
        half = np.array([wide / 2, 0.1, 0.003])
        frame = _facing(across)
        return [held.plain(shapes.box(at + shapes.UP * 0.08, half, frame))]
    picture = named(held.pictures, held.thing.decal.picture)
    rows, columns = picture.shape[:2]
    scale = min(wide / columns, tall / rows)
    half = np.array([columns, rows]) * scale / 2
    flat, triangles, uv = shapes.cut_out(picture[..., 3], half)
    frame = _facing(across)
    lift = half[1] * (0.35 if by_side else 0.9)
    points = flat @ frame.T + at + frame[:, 1] * lift
    return [_pictured(points, triangles, uv, picture)]


def _pictured(points: Floats, triangles: Ints, uv: Floats, picture: Floats) -> Part:
    return Part(
        points, triangles, np.full(3, PLAIN), Stuff.CARD, Segment.PROP,
        uv=uv[triangles], print=Texture(picture[..., :3]),
    )  # fmt: skip


def _facing(across: Floats) -> Floats:
    """An upright frame whose first axis is near `across`."""
    up = unit(shapes.UP - across * (across @ shapes.UP))
    return np.stack([across, up, np.cross(across, up)], axis=1)


def standing(thing: Thing, posed: Posed, pictures: Pictures) -> list[Part]:
    """What stands beside the person: a poster on legs, a standee, or a product."""
    held = InHand(posed, Pose(), Hold.BOTH, thing, pictures)
    way = front(posed)
    frame = upright(way)
    place = posed.placed.at("root") * [1, 0, 1] + frame[:, 0] * thing.aside
    if thing.prop is Prop.POSTER:
        half = np.array([0.30, 0.425, 0.008])
        centre = place + shapes.UP * (0.42 + half[1]) - way * 0.25
        board = shapes.box(centre, half, frame)
        face = centre + frame[:, 2] * half[2]
        foot = centre * [1, 0, 1]
        legs = [
            shapes.rod(foot + frame[:, 0] * x - way * back, centre + frame[:, 0] * x
                       + shapes.UP * (half[1] if back else -half[1] + 0.02), 0.011)
            for x in (-0.24, 0.24) for back in (0.0, 0.28)
        ]  # fmt: skip
        held_white = InHand(posed, Pose(), Hold.BOTH, _white(thing), pictures)
        shown = held_white.faced(board, frame, face, half)
        return [shown, held.plain(shapes.merged(legs), written("#8a6a4a"))]
    tall = 1.25 if thing.prop is Prop.STANDEE else 0.42
    if thing.decal is None:
        half = np.array([0.25, tall / 2, 0.006])
        return [held.plain(shapes.box(place + shapes.UP * half[1], half, frame))]
    picture = named(pictures, thing.decal.picture)
    rows, columns = picture.shape[:2]
    half = np.array([columns / rows, 1.0]) * tall / 2
    flat, triangles, uv = shapes.cut_out(picture[..., 3], half)
    flat[:, 1] -= flat[:, 1].min()
    card = _pictured(flat @ frame.T + place, triangles, uv, picture)
    foot = shapes.box(
        place - way * 0.03 + shapes.UP * 0.004, np.array([0.12, 0.004, 0.05]), frame
    )
    return [card, held.plain(foot, GREY)]


def _white(thing: Thing) -> Thing:
    return thing.model_copy(update={"colour": thing.colour or "#f4f4f2"})
