"""A head as parts for the stage: face, hair, beard, and what is worn on it."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from lumiku_contracts.scene import (
    Appearance,
    Beard,
    Expression,
    Eyewear,
    HairStyle,
    Headwear,
    Scene,
)
from lumiku_studio.arrays import Floats
from lumiku_studio.body import lashes
from lumiku_studio.body.bare import skin_of
from lumiku_studio.body.face import Face, face
from lumiku_studio.body.likeness import closed
from lumiku_studio.body.mesh import masked, surface
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.body.tint import tint
from lumiku_studio.colour import LUMINANCE, written
from lumiku_studio.hair import beard, gathered, growth, hijab, peci, scalp
from lumiku_studio.hair.drapes import DRAPES
from lumiku_studio.hair.styles import STYLES
from lumiku_studio.hair.tail import tail
from lumiku_studio.props import eyewear
from lumiku_studio.rotation import unit
from lumiku_studio.scene.beneath import beneath
from lumiku_studio.scene.obstacle import Wear, limbs_of, obstacle
from lumiku_studio.scene.veiled import Strands, outside, uncovered
from lumiku_studio.shading.stage import Part, Segment, Stuff
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.skeleton.rig import Placed, place

HAIR_THICKNESS = 0.0010
COIL_THICKNESS = 0.0010
OFF_EARS = 0.006  # metres from ears within which drawn-back hair would pierce them
BUZZED = 0.55  # of that thickness, for hair as short as it is thick
BEARD_THICKNESS = 0.00038
BROW_THICKNESS = 0.00032
LASH_THICKNESS = 0.00016
LASHES = np.array([0.016, 0.012, 0.010])
STUBBLE = 0.60
UNDER_BEARD = 0.5  # the skin's shade beneath a beard that is black
LIGHT_BEARD = 0.25  # a beard's luminance from which the skin beneath has none
DARK_BROW = 0.085  # luminance of hair beyond which brows are darker than it
BROWN, WARM = np.array([0.16, 0.095, 0.055]), 0.5
SCALP_SHADE = 0.62
CAP_SHADE = 0.8
THICKER = 0.7  # exponent by which hairs are thicker where fewer are drawn


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
    every: int
    """Of so many hairs one is drawn."""


def head(rest: Rest, look: Appearance, every: int = 1) -> Head:
    """The head of a body at rest; coarse pictures draw one of `every` hairs."""
    points = skin_of(rest).points
    stubble = beard.share(rest, look.beard)
    light = float(written(look.hair_colour) @ LUMINANCE) / LIGHT_BEARD
    under = UNDER_BEARD * max(0.0, 1 - light)
    stubble *= STUBBLE if look.beard is Beard.STUBBLE else under
    bare = look.hair is HairStyle.NONE or look.headwear in DRAPES
    roots = None if bare else scalp.scalp(rest, every)
    still, tie = None, None
    if roots is not None:
        capped = look.headwear is Headwear.PECI
        still, tie = _still(rest, roots, HairStyle.BUZZ if capped else look.hair)
        if still is not None and capped:
            rim = roots.eye_height + peci.RIM
            still = still[still[..., 1].max(axis=1) < rim + 0.01]
    return Head(
        face=face(rest, look),
        tint=_shaded(rest, look, tint(rest, look, points, stubble)),
        scalp=roots,
        still=still,
        tie=tie,
        beard=beard.grown(rest, look.beard),
        every=every,
    )


def _shaded(rest: Rest, look: Appearance, tints: Floats) -> Floats:
    """The skin's tints with the shade of hair where it is rooted."""
    if look.hair is HairStyle.NONE:
        return tints
    share = scalp.hairiness(rest)[:, None] * SCALP_SHADE
    out: Floats = tints * (1 - share) + share * (written(look.hair_colour) + 0.04)
    return out


def _still(
    rest: Rest, roots: scalp.Scalp, style: HairStyle
) -> tuple[Floats | None, Floats | None]:
    """Hair that no pose changes, and where it is tied, in the head bone's frame."""
    near = surface("body", 1).operator @ template().influence("head", "neck") > 0.5
    points, outward = skin_of(rest).points, skin_of(rest).outward
    bone = rest.head("head")
    ground = scalp.ground(points[near] - bone, outward[near])
    if style in gathered.TIES:
        hair = gathered.gathered(roots, style, ground)
        ears = cKDTree(points[masked("ears") > 0.5] - bone)
        away, _ = ears.query(hair, distance_upper_bound=OFF_EARS)
        hair = hair[~np.isfinite(away).any(axis=1)]
        if style is HairStyle.BUN:
            hair = np.concatenate([hair, gathered.knot(roots, ground)])
            return hair, None
        return hair, gathered.tied(roots, style, ground)
    if STYLES[style].falls:
        return None, None
    if STYLES[style].comb != "out":  # what is cut about the ears is not led by them
        near &= masked("ears") < 0.5
    upright = place(rest, {})
    grown = growth.grow(
        roots, style, upright, scalp.ground(points[near], outward[near])
    )
    return grown - bone, None


def parts_of(
    person: Head, scene: Scene, posed: Posed, skin: Part, worn: Wear
) -> tuple[list[Part], list[Strands]]:
    """The skin that shows, a posed head's parts and strands.

    `worn` is the cloth that hair may lie on.
    """
    look, placed = scene.appearance, posed.placed
    parts = _face(person.face, placed, scene.expression)
    rest = placed.rest
    brows = _moved(placed, person.face.brows - rest.head("head"))
    fringe, lines = _lashes(person.face, placed, skin.points, scene.expression)
    if look.eyewear is Eyewear.SUNGLASSES:
        fringe, lines = fringe[:0], []
    parts += lines
    dark = _brow(written(look.hair_colour))
    every = person.every
    thicker = every**THICKER
    brows, fringe = brows[::every], fringe[::every]
    strands: list[Strands] = [
        (brows, BROW_THICKNESS * thicker, _dyed(dark, len(brows), 0.25)),
        (fringe, LASH_THICKNESS * thicker, _dyed(LASHES, len(fringe), 0.2)),
    ]
    colour = written(look.hair_colour)
    if person.beard is not None:
        hairs = _moved(placed, (person.beard - rest.head("head"))[::every])
        thick = BEARD_THICKNESS * thicker
        strands.append((hairs, thick, _dyed(colour, len(hairs), 0.3)))
    if person.scalp is not None:
        grown = _hair(person, person.scalp, look, posed, skin, worn)
        coils = look.hair in STYLES and STYLES[look.hair].coil
        thick = (COIL_THICKNESS if coils else HAIR_THICKNESS) * thicker
        thick *= BUZZED if look.hair is HairStyle.BUZZ else 1.0
        strands += [(hair, thick, _dyed(colour, len(hair), 0.4)) for hair in grown]
        parts.append(_cap(person.scalp, look.hair, placed, colour))
    glasses = eyewear.glasses(look.eyewear, person.face, placed)
    if look.headwear in DRAPES:
        below, dyed = beneath(posed, skin, worn.cut), written(look.headwear_colour)
        scarf = hijab.drape(below, placed, look.headwear, dyed)
        strands = [outside(scarf, *hairs) for hairs in strands]
        skin = uncovered(skin, scarf)
        parts += [*scarf.parts, *(uncovered(glass, scarf) for glass in glasses)]
        return [skin, *parts], strands
    if look.headwear is Headwear.PECI:
        parts.append(peci.peci(rest, placed, written(look.headwear_colour)))
    return [skin, *parts, *glasses], strands


def _moved(placed: Placed, points: Floats) -> Floats:
    """Points of the head bone's frame, where the pose puts them."""
    out: Floats = points @ placed.turn("head").T + placed.at("head")
    return out


def _brow(hair: Floats) -> Floats:
    """Brows are darker than fair or grey hair, and browner."""
    light = max(float(hair @ LUMINANCE), 1e-3)
    brown = hair * min(1.0, (DARK_BROW / light) ** 0.8) * 0.8
    share = min(1.0, light / LIGHT_BEARD) * WARM
    out: Floats = brown * (1 - share) + BROWN * share + 0.006
    return out


def _dyed(colour: Floats, count: int, spread: float) -> Floats:
    """A colour for each hair."""
    rng = np.random.default_rng(2)
    out: Floats = colour * rng.uniform(1 - spread, 1 + spread, (count, 1))
    return out


def _face(features: Face, placed: Placed, how: Expression) -> list[Part]:
    bone = placed.rest.head("head")
    gaze = placed.turn("head").T @ placed.turn("eye.L")
    turned, colour = features.looking(gaze)
    for sign, side in ((1, "left"), (-1, "right")):
        if closed(how, side) == 1:  # what a narrow gap shows is a line of lashes
            colour[np.sign(turned[:, 0]) == sign] = LASHES
    eyes = _moved(placed, turned - bone)
    lower = _moved(placed, features.lashes - bone)
    teeth = _moved(placed, features.teeth - bone)
    return [
        Part(eyes, features.eye_triangles, colour, Stuff.EYE, Segment.EYES),
        Part(lower, features.lash_triangles, LASHES, Stuff.CLOTH, Segment.EYES),
        Part(
            teeth,
            features.teeth_triangles,
            features.teeth_colour,
            Stuff.SHOE,
            Segment.SKIN,
        ),
    ]


def _lashes(
    features: Face, placed: Placed, skin: Floats, how: Expression
) -> tuple[Floats, list[Part]]:
    """The upper lashes and the dark lines at their roots."""
    up = placed.turn("head")[:, 1]
    edges = features.lids
    hairs, lines = [], []
    for side, rows in (("left", edges.left), ("right", edges.right)):
        middle = placed.at(f"eye.{side[0].upper()}")
        curve = lashes.edge(rows, skin)
        lower = closed(how, side)
        hairs.append(lashes.grown(curve, middle, up, edges.length, lower))
        path = curve[::4] + unit(curve[::4] - middle) * edges.line * 0.5
        points, triangles = eyewear.tube(path, edges.line, closed=False)
        lines.append(Part(points, triangles, LASHES, Stuff.CLOTH, Segment.EYES))
    return np.concatenate(hairs), lines


def _cap(roots: scalp.Scalp, style: HairStyle, placed: Placed, colour: Floats) -> Part:
    """What shows between strands near their roots: as bright as they are."""
    points = _moved(placed, roots.cap)
    if style in STYLES and STYLES[style].comb == "out":
        cover = roots.cap_triangles
        return Part(points, cover, colour * 0.6, Stuff.CLOTH, Segment.HAIR)
    if style in gathered.TIES:
        along = gathered.combed(roots, style)
    else:
        along = growth.combed(roots, style)
    return Part(
        points,
        roots.cap_triangles,
        colour * CAP_SHADE,
        Stuff.HAIR,
        Segment.HAIR,
        along @ placed.turn("head").T,
    )


def _hair(
    person: Head,
    roots: scalp.Scalp,
    look: Appearance,
    posed: Posed,
    skin: Part,
    worn: Wear,
) -> list[Floats]:
    """Bundles of strands in the pose."""
    placed = posed.placed
    out = [] if person.still is None else [_moved(placed, person.still)]
    if person.still is None or person.tie is not None:
        ground = obstacle(skin, worn, placed)
        if person.tie is not None:
            out.append(tail(person.tie, placed, ground, person.every))
        else:
            out.append(growth.grow(roots, look.hair, placed, ground, limbs_of(skin)))
    return out
