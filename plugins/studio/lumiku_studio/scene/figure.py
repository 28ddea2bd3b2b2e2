"""The whole person: a dressed body in a pose, as parts for the stage."""

from dataclasses import dataclass, replace

import numpy as np

from lumiku_contracts.scene import Appearance, Pose, Scene
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body import lids
from lumiku_studio.body.complexion import picture
from lumiku_studio.body.mesh import normals, surface
from lumiku_studio.body.template import template
from lumiku_studio.colour import written
from lumiku_studio.hair.drapes import DRAPES
from lumiku_studio.hair.strands import ribbons
from lumiku_studio.keeping import Kept
from lumiku_studio.props.placing import props
from lumiku_studio.props.stickers import Pictures, named
from lumiku_studio.scene.dressing import Dressed, dressed
from lumiku_studio.scene.head import parts_of
from lumiku_studio.scene.obstacle import Wear
from lumiku_studio.scene.pressed import pressed
from lumiku_studio.scene.veiled import Strands
from lumiku_studio.shading.stage import PLAIN, Order, Part, Segment, Stuff, Texture
from lumiku_studio.skeleton.limits import check_joints
from lumiku_studio.skeleton.posing import Posed, solve
from lumiku_studio.wardrobe import cloth, shoes, trim
from lumiku_studio.wardrobe.checks import check_covered
from lumiku_studio.wardrobe.clothing import clothing, on_seat
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.shoes import FOOTWEAR

OF_HAND = 0.3  # share of a hand in skin that lies on what is worn
TIP = 0.3  # of a hair's radius that is left at its tip
SOCKS = np.array([0.62, 0.61, 0.58])


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A posed person; hair needs the camera's place before it becomes a part."""

    posed: Posed
    parts: tuple[Part, ...]
    strands: tuple[Strands, ...]

    def with_hair(self, eye: Floats, pixel: float) -> list[Part]:
        """All parts, hairs as ribbons facing `eye`, in pixels of that width there."""
        parts = list(self.parts)
        for strands, radius, colours in self.strands:
            points, triangles, along, strand = ribbons(
                strands, radius, radius * TIP, eye, pixel
            )
            dyed = colours[strand]
            parts.append(Part(points, triangles, dyed, Stuff.HAIR, Segment.HAIR, along))
        return parts


_figures: Kept[Figure] = Kept(64 * 2**20)
DRAWN = {"pose", "appearance", "expression", "things"}
"""The fields of a scene that its figure is made of."""


def figure(scene: Scene, pictures: Pictures | None = None, *, every: int = 1) -> Figure:
    """The person of a scene, posed on the floor at y = 0, with the things about them.

    `pictures` are those that the scene names; coarse pictures draw one of `every`
    hairs. Remembered by content where there are no pictures: the same person is often
    seen from other sides and before other backdrops.
    """
    if pictures:
        return _figure(scene, pictures, every)
    key = f"{every} {scene.model_dump_json(include=DRAWN)}"
    return _figures.get(key, lambda: _figure(scene, {}, every))


def _figure(scene: Scene, pictures: Pictures, every: int) -> Figure:
    check_covered(scene.appearance)
    look, warnings = fitted(scene.appearance, scene.pose)
    check_joints(scene.pose)
    person = dressed(look, scene.expression, every)
    tailored = person.tailored
    posed = _seeing(pose_of(person, scene.pose), scene)
    posed = replace(posed, warnings=(*posed.warnings, *warnings))
    placed = posed.placed
    parts = [_skin(person, posed, Texture(picture(look.skin, look.makeup)))]
    if len(tailored.socks):
        parts.append(_socks(parts[0], person, look))
    clothes = clothing(tailored.garments, look.outfit, tailored.hips, posed)
    clothes = replace(
        clothes,
        cut=[(sewn, pressed(part, posed)) for sewn, part in clothes.cut],
        hanging=[pressed(part, posed, sleeveless=True) for part in clothes.hanging],
    )
    parts += [_printed(sewn, part, look, pictures) for sewn, part in clothes.cut]
    trims = [
        (sewn_on, on_seat(trim.worn(sewn_on, piece, placed), posed))
        for piece, sewn_on in tailored.trims
        if not (look.headwear in DRAPES and trim.about_the_neck(sewn_on, piece))
    ]
    parts += [part for _, part in trims]
    collars = [part for sewn_on, part in trims if len(sewn_on.uv)]
    parts += clothes.hanging
    if tailored.shoes is not None:
        parts.append(shoes.worn(tailored.shoes, placed))
    wear = Wear(clothes.cut, collars)
    shown, strands = parts_of(person.head, scene, posed, parts[0], wear)
    skin = replace(shown[0], order=_orders(shown[0]))
    parts = [skin, *parts[1:], *shown[1:]]
    parts += props(scene.pose, posed, scene.things, pictures)
    return Figure(posed, tuple(parts), tuple(strands))


def _socks(skin: Part, person: Dressed, look: Appearance) -> Part:
    """The skin about the ankles in wool, or in leather: the tongue of a boot."""
    boots = (g for g in look.outfit if g.kind in FOOTWEAR and FOOTWEAR[g.kind].shaft)
    boot = next(boots, None)
    colour, stuff = (
        (SOCKS, Stuff.KNIT) if boot is None else (written(boot.colour), Stuff.SHOE)
    )
    covered = person.tailored.socks
    return Part(
        skin.points, covered, colour, stuff, Segment.SHOES, skin.normals,
        order=Order.SOCK,
    )  # fmt: skip


def _orders(skin: Part) -> Ints:
    """Hands lie on what is worn, all other skin below it."""
    hands = surface("body", 1).operator @ template().influence("metacarpal", "finger")
    own = (hands > OF_HAND)[skin.triangles].any(axis=1)
    return np.where(own, Order.NONE, Order.SKIN)


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
    sole = shoes.SOLE if person.tailored.shoes is not None else 0.0
    return solve(person.rest, pose, sole=sole, ease=person.tailored.room)


def _skin(person: Dressed, posed: Posed, skin_print: Texture) -> Part:
    points = surface("body", 1).operator @ posed.points
    return Part(
        points=points,
        triangles=person.tailored.skin_triangles,
        colour=person.head.tint * PLAIN,
        stuff=Stuff.SKIN,
        segment=Segment.SKIN,
        normals=normals(points, surface("body", 1).triangles),
        uv=person.tailored.skin_uv,
        print=skin_print,
    )
