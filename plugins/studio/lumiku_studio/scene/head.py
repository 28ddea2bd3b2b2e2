"""A head as parts for the stage: face, hair, beard, and what is worn on it."""

from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import Appearance, Beard, HairStyle, Headwear, Scene
from lumiku_studio.arrays import Floats
from lumiku_studio.body.face import Face, face
from lumiku_studio.body.mesh import compact, normals, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.body.tint import tint
from lumiku_studio.colour import written
from lumiku_studio.hair import beard, gathered, growth, hijab, scalp
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.skeleton.rig import Placed, place
from lumiku_studio.wardrobe import cloth

HAIR_THICKNESS = 0.0010
COIL_THICKNESS = 0.0008
BEARD_THICKNESS = 0.00045
BROW_THICKNESS = 0.00032
STUBBLE = 0.75
Strands = tuple[Floats, float, Floats]
"""Hairs (n x k x 3), their radius in metres, and their colours (n x 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """All of a head that does not depend on the pose; hair in the bone's frame."""

    face: Face
    tint: Floats
    """Factors of the skin's colour, a row a vertex of the surface."""
    scalp: scalp.Scalp | None
    still: Floats | None
    """Hair that moves with the head."""
    tie: Floats | None
    """Where a tail begins."""
    beard: Floats | None


def head(rest: Rest, look: Appearance) -> Head:
    """The head of a body at rest."""
    points = surface("body", 1).operator @ rest.points
    stubble = beard.share(rest, look.beard, points)
    stubble *= STUBBLE if look.beard is Beard.STUBBLE else 0.5
    bare = look.hair is HairStyle.NONE or look.headwear is not Headwear.NONE
    roots = None if bare else scalp.scalp(rest)
    still, tie = None, None
    if roots is not None:
        still, tie = _still(rest, roots, look.hair)
    return Head(
        face=face(rest, look),
        tint=tint(rest, look, points, stubble),
        scalp=roots,
        still=still,
        tie=tie,
        beard=beard.grown(rest, look.beard),
    )


def _still(
    rest: Rest, roots: scalp.Scalp, style: HairStyle
) -> tuple[Floats | None, Floats | None]:
    """Hair that no pose changes, and where it is tied, in the head bone's frame."""
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    near = skin.operator @ template().influence("head", "neck") > 0.5
    outward = normals(points, skin.triangles)
    bone = rest.head("head")
    ground = scalp.ground(points[near] - bone, outward[near])
    if style in gathered.TIES:
        hair = gathered.gathered(roots, style, ground)
        if style is HairStyle.BUN:
            hair = np.concatenate([hair, gathered.knot(roots, ground)])
            return hair, None
        return hair, gathered.tied(roots, style, ground)
    if growth.STYLES[style].falls:
        return None, None
    upright = place(rest, {}, np.zeros(3))
    grown = growth.grow(roots, style, upright, scalp.ground(points[near], outward[near]))
    return grown - bone, None


def parts_of(
    person: Head, scene: Scene, posed: Posed, skin: Part, tops: list[Part]
) -> tuple[list[Part], list[Strands]]:
    """A posed head's parts and strands; `tops` is the cloth that hair may lie on."""
    look, placed = scene.appearance, posed.placed
    parts = _face(person.face, scene, placed)
    rest = placed.rest
    brows = _moved(placed, person.face.brows - rest.head("head"))
    dark = written(look.hair_colour) * 0.8 + 0.006
    strands: list[Strands] = [(brows, BROW_THICKNESS, _dyed(dark, len(brows), 0.25))]
    colour = written(look.hair_colour)
    if person.beard is not None:
        hairs = _moved(placed, person.beard - rest.head("head"))
        strands.append((hairs, BEARD_THICKNESS, _dyed(colour, len(hairs), 0.3)))
    if person.scalp is not None:
        grown = _hair(person, person.scalp, look, posed, skin, tops)
        coils = look.hair in growth.STYLES and growth.STYLES[look.hair].coil
        thick = COIL_THICKNESS if coils else HAIR_THICKNESS
        strands += [(hair, thick, _dyed(colour, len(hair), 0.4)) for hair in grown]
        cap = _moved(placed, person.scalp.cap)
        cover = person.scalp.cap_triangles
        parts.append(Part(cap, cover, colour * 0.6, Stuff.CLOTH, Segment.HAIR))
    if look.headwear is Headwear.HIJAB:
        below = _below(posed, skin, tops)
        parts += hijab.drape(below, placed, written(look.headwear_colour))
    return parts, strands


def _moved(placed: Placed, points: Floats) -> Floats:
    """Points of the head bone's frame, where the pose puts them."""
    out: Floats = points @ placed.turn("head").T + placed.at("head")
    return out


def _dyed(colour: Floats, count: int, spread: float) -> Floats:
    """A colour for each hair."""
    rng = np.random.default_rng(2)
    out: Floats = colour * rng.uniform(1 - spread, 1 + spread, (count, 1))
    return out


def _face(features: Face, scene: Scene, placed: Placed) -> list[Part]:
    bone = placed.rest.head("head")
    eyes = _moved(placed, features.eyes - bone)
    lashes = _moved(placed, features.lashes - bone)
    teeth = _moved(placed, features.teeth - bone)
    dark = np.array([0.02, 0.014, 0.012])
    return [
        Part(eyes, features.eye_triangles, features.eye_colour, Stuff.EYE, Segment.EYES),
        Part(lashes, features.lash_triangles, dark, Stuff.CLOTH, Segment.EYES),
        Part(teeth, features.teeth_triangles, TEETH, Stuff.SHOE, Segment.SKIN),
    ]


def _hair(
    person: Head,
    roots: scalp.Scalp,
    look: Appearance,
    posed: Posed,
    skin: Part,
    tops: list[Part],
) -> list[Floats]:
    """Bundles of strands in the pose."""
    placed = posed.placed
    out = [] if person.still is None else [_moved(placed, person.still)]
    if person.still is None or person.tie is not None:
        ground = _obstacle(skin, tops)
        if person.tie is not None:
            out.append(gathered.tail(roots, person.tie, placed, ground))
        else:
            out.append(growth.grow(roots, look.hair, placed, ground))
    return out


def _obstacle(skin: Part, tops: list[Part]) -> scalp.Ground:
    """What hair may not enter: the skin that shows, and the cloth of the top."""
    used, triangles = compact(skin.triangles)
    points = [skin.points[used]]
    outward = [normals(points[0], triangles)]
    for part in tops:
        used, triangles = compact(part.triangles)
        points.append(part.points[used])
        outward.append(normals(points[-1], triangles))
    return scalp.ground(np.concatenate(points), np.concatenate(outward))
