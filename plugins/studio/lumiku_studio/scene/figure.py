"""The whole person: a dressed body in a pose, as parts for the stage."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lumiku_contracts.scene import (
    Appearance,
    Expression,
    GarmentKind,
    HairStyle,
    Headwear,
    Pose,
    Scene,
)
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.face import Face, face
from lumiku_studio.body.mesh import compact, normals, surface
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.hair import growth, hijab
from lumiku_studio.hair.strands import ribbons
from lumiku_studio.props.held import props
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.limits import check_joints
from lumiku_studio.skeleton.posing import Posed, solve
from lumiku_studio.skeleton.rig import Placed
from lumiku_studio.wardrobe import cloth, shoes
from lumiku_studio.wardrobe.checks import check_adult, check_contact, check_covered
from lumiku_studio.wardrobe.skirt import FALLS, Hips, hips, skirt

KEPT_WARDROBES = 6
SOCK = 0.17  # metres over the foot's lowest point
SOCKS = np.array([0.62, 0.61, 0.58])
HAIR_THICKNESS = 0.0011
BROW_THICKNESS = 0.00034
UNDER_SKIRT = 0.16  # chart units above a skirt's hem from which trousers are left out


@dataclass(frozen=True, slots=True, eq=False)
class Dressed:
    """All of a person that does not depend on the pose."""

    rest: Rest
    face: Face
    garments: tuple[cloth.Sewn, ...]
    shoes: shoes.Pair | None
    scalp: growth.Scalp | None
    hips: Hips | None
    skin_triangles: Ints
    skin_uv: Floats
    socks: Ints
    """Triangles of the skin's surface that socks cover."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A posed person; hair needs the camera's place before it becomes a part."""

    posed: Posed
    parts: tuple[Part, ...]
    strands: tuple[tuple[Floats, float, Floats], ...]
    """Hairs (n x k x 3), their radius in metres, and their colours."""
    waist: float

    def with_hair(self, eye: Floats, every: int) -> list[Part]:
        """All parts, hairs as ribbons facing `eye`; fewer and thicker by `every`."""
        parts = list(self.parts)
        for whole, fine, dyed in self.strands:
            strands, colours = whole[::every], dyed[::every]
            radius = fine * every**0.7
            points, triangles, along = ribbons(strands, radius, radius * 0.45, eye)
            colour = np.repeat(colours, 2 * strands.shape[1], axis=0)
            parts.append(
                Part(points, triangles, colour, Stuff.HAIR, Segment.HAIR, along)
            )
        return parts


_wardrobe: "OrderedDict[str, Dressed]" = OrderedDict()


def remembered(key: str, make: Callable[[], Dressed]) -> Dressed:
    """A dressed body by content, the least used ones forgotten."""
    if key not in _wardrobe:
        _wardrobe[key] = make()
        while len(_wardrobe) > KEPT_WARDROBES:
            _wardrobe.popitem(last=False)
    _wardrobe.move_to_end(key)
    return _wardrobe[key]


def dressed(look: Appearance, expression: Expression) -> Dressed:
    """The person at rest, remembered by content."""
    check_adult(look)
    check_covered(look)
    key = look.model_dump_json() + expression
    return remembered(key, lambda: _dress(look, expression))


def _dress(look: Appearance, expression: Expression) -> Dressed:
    rest = rest_shape(look, expression)
    cut = tuple(g for g in look.outfit if g.kind is not GarmentKind.SHOES)
    feet = next((g for g in look.outfit if g.kind is GarmentKind.SHOES), None)
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    under = cloth.hidden(rest, cut, points, skin.operator)
    if feet is not None:
        under |= points[:, 1] < rest.floor + shoes.COLLAR - 0.03
    bare = look.hair is HairStyle.NONE or look.headwear is not Headwear.NONE
    seen = ~under[skin.triangles].all(axis=1)
    low = (points[skin.triangles, 1] < rest.floor + SOCK).all(axis=1)
    low &= feet is not None
    return Dressed(
        rest=rest,
        face=face(rest, look),
        garments=tuple(cloth.sew(rest, garment) for garment in cut),
        shoes=None if feet is None else shoes.pair(rest, written(feet.colour)),
        scalp=None if bare else growth.scalp(rest),
        hips=hips(rest) if {g.kind for g in cut} & set(FALLS) else None,
        skin_triangles=skin.triangles[seen & ~low],
        skin_uv=skin.uv[skin.uv_triangles[seen & ~low]],
        socks=skin.triangles[seen & low],
    )


def figure(scene: Scene) -> Figure:
    """The person of a scene, posed on the floor at y = 0."""
    look = scene.appearance
    check_joints(scene.pose)
    check_contact(look, scene.pose)
    person = dressed(look, scene.expression)
    posed = pose_of(person, scene.pose)
    placed = posed.placed
    parts = [_skin(person, posed)]
    if len(person.socks):
        wool = Part(
            parts[0].points,
            person.socks,
            SOCKS,
            Stuff.KNIT,
            Segment.SHOES,
            parts[0].normals,
        )
        parts.append(wool)
    hem = max(
        (FALLS[s.kind].hem for s in person.garments if s.kind in FALLS), default=-1.0
    )
    worn = [
        (sewn, cloth.worn(sewn, placed, hem - UNDER_SKIRT)) for sewn in person.garments
    ]
    parts += [part for _, part in worn]
    under = [
        (part.points[: len(sewn.leg)], sewn.leg, sewn.points[:, 0] > 0)
        for sewn, part in worn
    ]
    for sewn, _ in worn:
        if person.hips is not None and sewn.kind in FALLS:
            parts.append(skirt(sewn.kind, person.hips, posed, under, sewn.colour[0]))
    if person.shoes is not None:
        parts.append(shoes.worn(person.shoes, placed))
    strands: list[tuple[Floats, float, Floats]] = []
    _add_face(person.face, placed, look, parts, strands)
    if person.scalp is not None:
        _add_hair(person.scalp, look, posed, worn, parts, strands)
    if look.headwear is Headwear.HIJAB:
        parts += hijab.drape(
            _below(person, posed, worn), placed, written(look.headwear_colour)
        )
    parts += props(scene.pose, posed)
    return Figure(posed, tuple(parts), tuple(strands), float(placed.at("root")[1]))


def pose_of(person: Dressed, pose: Pose) -> Posed:
    """The body of a dressed person in a pose."""
    sole = shoes.SOLE if person.shoes is not None else 0.0
    return solve(person.rest, pose, sole=sole)


def _skin(person: Dressed, posed: Posed) -> Part:
    points = surface("body", 1).operator @ posed.points
    return Part(
        points=points,
        triangles=person.skin_triangles,
        colour=np.full(3, 0.5),
        stuff=Stuff.SKIN,
        segment=Segment.SKIN,
        normals=normals(points, surface("body", 1).triangles),
        uv=person.skin_uv,
    )


def _on_head(placed: Placed, points: Floats) -> Floats:
    out: Floats = (points - placed.rest.head("head")) @ placed.turn(
        "head"
    ).T + placed.at("head")
    return out


def _add_face(
    features: Face,
    placed: Placed,
    look: Appearance,
    parts: list[Part],
    strands: list[Any],
) -> None:
    eyes = _on_head(placed, features.eyes)
    parts.append(
        Part(eyes, features.eye_triangles, features.eye_colour, Stuff.EYE, Segment.EYES)
    )
    lashes = _on_head(placed, features.lashes)
    dark = np.array([0.02, 0.014, 0.012])
    parts.append(Part(lashes, features.lash_triangles, dark, Stuff.CLOTH, Segment.EYES))
    brows = _on_head(placed, features.brows.reshape(-1, 3)).reshape(
        features.brows.shape
    )
    colour = written(look.hair_colour) * 1.1 + 0.010
    strands.append((brows, BROW_THICKNESS, np.broadcast_to(colour, (len(brows), 3))))


def _add_hair(
    scalp: growth.Scalp,
    look: Appearance,
    posed: Posed,
    worn: list[tuple[cloth.Sewn, Part]],
    parts: list[Part],
    strands: list[Any],
) -> None:
    placed = posed.placed
    obstacle, outward = _obstacle(parts[0], worn)
    grown = growth.grow(scalp, look.hair, placed, obstacle, outward)
    colour = written(look.hair_colour)
    rng = np.random.default_rng(2)
    varied = colour * rng.uniform(0.65, 1.45, (len(grown), 1))
    strands.append((grown, HAIR_THICKNESS, varied))
    cap = scalp.cap @ placed.turn("head").T + placed.at("head")
    parts.append(
        Part(cap, scalp.cap_triangles, colour * 0.7, Stuff.CLOTH, Segment.HAIR)
    )


def _below(
    person: Dressed, posed: Posed, worn: list[tuple[cloth.Sewn, Part]]
) -> hijab.Below:
    """What a hijab lies on: head and neck, and the clothed trunk down to the chest."""
    body, rest = template(), person.rest
    skin = surface("body", 1)
    bare = (
        skin.operator
        @ body.influence("head", "neck", "clavicle", "shoulder", "spine01")
        > 0.6
    )
    points = [(skin.operator @ posed.points)[bare]]
    for sewn, part in worn:
        if part.segment is Segment.TOP:
            near = (sewn.arm < 0.55) & (sewn.points[:, 1] > rest.head("spine03")[1])
            near &= part.points[: len(near)][:, 1] < posed.placed.at("neck03")[1]
            points.append(part.points[: len(near)][near])
    eye = float(rest.head("eye.L")[1] - rest.head("head")[1])
    crown = float(rest.points[:, 1].max() - rest.head("eye.L")[1])
    return hijab.Below(np.concatenate(points), eye, crown / hijab.EYES_TO_CROWN)


def _obstacle(skin: Part, worn: list[tuple[cloth.Sewn, Part]]) -> tuple[Floats, Floats]:
    """What hair may not enter: the skin that shows, and the cloth of the top."""
    used, triangles = compact(skin.triangles)
    points = [skin.points[used]]
    outward = [normals(points[0], triangles)]
    for sewn, part in worn:
        if part.segment is Segment.TOP:
            points.append(part.points[: len(sewn.leg)])
            outward.append(normals(points[-1], sewn.triangles))
    return np.concatenate(points), np.concatenate(outward)
