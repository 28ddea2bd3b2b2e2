"""The whole person: a dressed body in a pose, as parts for the stage."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lumiku_contracts.scene import (
    Appearance,
    Expression,
    Pose,
    Scene,
)
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body import lids
from lumiku_studio.body.complexion import picture
from lumiku_studio.body.mesh import normals, surface
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.hair.strands import ribbons
from lumiku_studio.props.placing import props
from lumiku_studio.props.stickers import Pictures, named
from lumiku_studio.scene.head import Head, Strands, head, parts_of
from lumiku_studio.shading.stage import PLAIN, Part, Segment, Stuff, Texture
from lumiku_studio.skeleton.limits import check_joints
from lumiku_studio.skeleton.posing import Posed, solve
from lumiku_studio.wardrobe import cloth, shoes, trim
from lumiku_studio.wardrobe.checks import check_adult, check_covered
from lumiku_studio.wardrobe.clothing import clothing
from lumiku_studio.wardrobe.cut import layers
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.room import room
from lumiku_studio.wardrobe.shoes import FOOTWEAR
from lumiku_studio.wardrobe.skirt import FALLS, Hips, hips

KEPT_WARDROBES = 6
SOCK = 0.17  # metres over the foot's lowest point
SOCKS = np.array([0.62, 0.61, 0.58])


@dataclass(frozen=True, slots=True, eq=False)
class Dressed:
    """All of a person that does not depend on the pose."""

    rest: Rest
    head: Head
    garments: tuple[cloth.Sewn, ...]
    trims: tuple[tuple[cloth.Sewn, trim.Trim], ...]
    shoes: shoes.Pair | None
    hips: Hips | None
    room: Floats
    """Metres that hands keep from each vertex of the body: room for what is worn."""
    skin_triangles: Ints
    skin_uv: Floats
    socks: Ints
    """Triangles of the skin's surface that socks cover."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A posed person; hair needs the camera's place before it becomes a part."""

    posed: Posed
    parts: tuple[Part, ...]
    strands: tuple[Strands, ...]

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
    cut = layers(look.outfit)
    feet = next((g for g in look.outfit if g.kind in FOOTWEAR), None)
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    under = cloth.hidden(rest, cut, points, skin.operator)
    if feet is not None:
        under |= points[:, 1] < rest.floor + shoes.COLLAR - 0.03
    seen = ~under[skin.triangles].all(axis=1)
    low = (points[skin.triangles, 1] < rest.floor + SOCK).all(axis=1)
    low &= feet is not None and FOOTWEAR[feet.kind].socks
    sewn = tuple(cloth.sew(rest, layer) for layer in cut)
    return Dressed(
        rest=rest,
        head=head(rest, look),
        garments=sewn,
        trims=tuple((piece, t) for piece in sewn for t in trim.trims(rest, piece)),
        shoes=None if feet is None else shoes.pair(rest, feet),
        hips=hips(rest) if {g.kind for g in look.outfit} & set(FALLS) else None,
        room=room(rest, look.outfit, sewn),
        skin_triangles=skin.triangles[seen & ~low],
        skin_uv=skin.uv[skin.uv_triangles[seen & ~low]],
        socks=skin.triangles[seen & low],
    )


def figure(scene: Scene, pictures: Pictures | None = None) -> Figure:
    """The person of a scene, posed on the floor at y = 0, with the things about them.

    `pictures` are those that the scene names.
    """
    shown_pictures = pictures or {}
    check_covered(scene.appearance)
    look, warnings = fitted(scene.appearance, scene.pose)
    check_joints(scene.pose)
    person = dressed(look, scene.expression)
    posed = _seeing(pose_of(person, scene.pose), scene)
    posed = replace(posed, warnings=(*posed.warnings, *warnings))
    placed = posed.placed
    parts = [_skin(person, posed, Texture(picture(look.skin, look.makeup)))]
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
    clothes = clothing(person.garments, look.outfit, person.hips, posed)
    parts += [_printed(sewn, part, look, shown_pictures) for sewn, part in clothes.cut]
    parts += [trim.worn(sewn_on, piece, placed) for piece, sewn_on in person.trims]
    parts += clothes.hanging
    if person.shoes is not None:
        parts.append(shoes.worn(person.shoes, placed))
    shown, strands = parts_of(person.head, scene, posed, parts[0], clothes.cut)
    parts += shown
    parts += props(scene.pose, posed, scene.things, shown_pictures)
    return Figure(posed, tuple(parts), tuple(strands))


def _seeing(posed: Posed, scene: Scene) -> Posed:
    """The body with lids that have followed its eyes."""
    moved = lids.followed(scene.expression, scene.pose.gaze)
    if moved is None:
        return posed
    turned = moved @ posed.placed.turn("head").T
    return replace(posed, points=posed.points + turned)


def _printed(
    sewn: cloth.Sewn, part: Part, look: Appearance, pictures: Pictures
) -> Part:
    """A garment with the picture that its own words put on it."""
    for garment in look.outfit:
        if garment.kind is sewn.kind and garment.decal and sewn.cut.top is None:
            picture = named(pictures, garment.decal.picture)
            on = replace(sewn.print, decal=picture, share=garment.decal.width)
            return replace(part, print=on)
    return part


def pose_of(person: Dressed, pose: Pose) -> Posed:
    """The body of a dressed person in a pose."""
    sole = shoes.SOLE if person.shoes is not None else 0.0
    return solve(person.rest, pose, sole=sole, ease=person.room)


def _skin(person: Dressed, posed: Posed, skin_print: Texture) -> Part:
    points = surface("body", 1).operator @ posed.points
    return Part(
        points=points,
        triangles=person.skin_triangles,
        colour=person.head.tint * PLAIN,
        stuff=Stuff.SKIN,
        segment=Segment.SKIN,
        normals=normals(points, surface("body", 1).triangles),
        uv=person.skin_uv,
        print=skin_print,
    )
