"""A person dressed at rest: all that does not depend on the pose."""

from dataclasses import dataclass

from lumiku_contracts.scene import Appearance, Expression
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.shape import Rest, rest_shape
from lumiku_studio.keeping import Kept
from lumiku_studio.scene.head import Head, head
from lumiku_studio.wardrobe import cloth, shoes, trim
from lumiku_studio.wardrobe.checks import check_adult, check_covered
from lumiku_studio.wardrobe.cut import hidden, layers
from lumiku_studio.wardrobe.room import room
from lumiku_studio.wardrobe.shoes import FOOTWEAR
from lumiku_studio.wardrobe.skirt import FALLS, Hips, hips
from lumiku_studio.wardrobe.upper import COLLAR

SOCK = 0.17  # metres over the foot's lowest point


@dataclass(frozen=True, slots=True, eq=False)
class Tailored:
    """An outfit cut for a body; a face and its expression have no part in it."""

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
class Dressed:
    """A body with its head, and what it wears."""

    rest: Rest
    head: Head
    tailored: Tailored


_people: Kept[tuple[Rest, Head]] = Kept(48 * 2**20)
_wardrobe: Kept[Tailored] = Kept(96 * 2**20)


def dressed(look: Appearance, expression: Expression, every: int = 1) -> Dressed:
    """The person at rest with one of `every` hairs, remembered by content."""
    check_adult(look)
    check_covered(look)
    unclothed = look.model_copy(update={"outfit": ()})
    faceless = Appearance(age=look.age, physique=look.physique, outfit=look.outfit)
    person = _people.get(
        f"{every} {expression} {unclothed.model_dump_json()}",
        lambda: _person(unclothed, expression, every),
    )
    tailored = _wardrobe.get(faceless.model_dump_json(), lambda: _tailored(faceless))
    return Dressed(*person, tailored)


def _person(look: Appearance, expression: Expression, every: int) -> tuple[Rest, Head]:
    rest = rest_shape(look, expression)
    return rest, head(rest, look, every)


def _tailored(look: Appearance) -> Tailored:
    rest = rest_shape(look, Expression.NEUTRAL)
    cut = layers(look.outfit)
    feet = next((g for g in look.outfit if g.kind in FOOTWEAR), None)
    skin = surface("body", 1)
    points = skin.operator @ rest.points
    under = hidden(rest, cut, points, skin.operator)
    lines = () if feet is None else shoes.toplines(rest, feet, points)
    if feet is not None:
        under |= points[:, 1] < rest.floor + COLLAR - 0.03
    for line in lines:
        under |= line.over(points)
    seen = ~under[skin.triangles].all(axis=1)
    low = (points[skin.triangles, 1] < rest.floor + SOCK).all(axis=1)
    low &= feet is not None and FOOTWEAR[feet.kind].socks
    sewn = tuple(cloth.sew(rest, layer) for layer in cut)
    return Tailored(
        garments=sewn,
        trims=tuple((piece, t) for piece in sewn for t in trim.trims(rest, piece)),
        shoes=None if feet is None else shoes.pair(rest, feet, lines),
        hips=hips(rest) if {g.kind for g in look.outfit} & set(FALLS) else None,
        room=room(rest, look.outfit, sewn),
        skin_triangles=skin.triangles[seen & ~low],
        skin_uv=skin.uv[skin.uv_triangles[seen & ~low]],
        socks=skin.triangles[seen & low],
    )
