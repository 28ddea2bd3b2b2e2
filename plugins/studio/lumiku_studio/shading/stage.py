"""Everything a ray can meet, in one triangle mesh with what each point looks like."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np

from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import compact
from lumiku_studio.body.mesh import normals as mesh_normals
from lumiku_studio.shading.glints import Eye, pair
from lumiku_studio.shading.lighting import Softbox

PLAIN = 0.5  # a vertex colour that leaves the skin's picture as it is
SMOOTH = (1.0, 0.0, 1.0)  # far from a hem, without folds of its own
NORMAL, COLOUR, DETAIL = slice(0, 3), slice(3, 6), slice(6, 9)


class Stuff(IntEnum):
    """What a surface is made of; it decides how light leaves it."""

    FLOOR = 0
    SKIN = 1
    CLOTH = 2
    DENIM = 3
    HAIR = 4
    EYE = 5
    SHOE = 6
    PROP = 7
    KNIT = 8
    CARD = 9
    PAINTED = 10
    """Bright by itself; the lights have no effect on it."""


class Segment(IntEnum):
    """What a part belongs to, for the segmentation map."""

    BACKDROP = 0
    SKIN = 1
    HAIR = 2
    EYES = 3
    TOP = 4
    BOTTOM = 5
    SHOES = 6
    HEADWEAR = 7
    PROP = 8


class Order(IntEnum):
    """What is worn over what: the higher over the lower."""

    NONE = 0
    """Takes no part: it is where it is, as hands and things in them are."""
    SKIN = 1
    SOCK = 2
    SHOE = 3
    LOWER = 4
    INNER = 5
    TOP = 6
    COLLAR = 7
    HANGING = 8
    SLEEVE = 9
    COAT = 10
    LAPEL = 11
    SCARF = 12


class Print(Protocol):
    """What is on a surface, by places (n x 2) in the part's own `uv`."""

    def coloured(self, uv: Floats, colour: Floats) -> Floats:
        """Linear RGB at places where the surface alone has `colour` (n x 3)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """A picture as a print: linear RGB, v upwards, tinted by the surface's colour."""

    picture: Floats

    def coloured(self, uv: Floats, colour: Floats) -> Floats:
        """The picture's colours, as they are where the surface has `PLAIN`."""
        out: Floats = texel(self.picture, uv) * (colour / PLAIN)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One mesh; `colour` is linear RGB, one row a vertex or one for all."""

    points: Floats
    triangles: Ints
    colour: Floats
    stuff: Stuff
    segment: Segment
    normals: Floats | None = None
    """For hair the strand's direction instead."""
    detail: Floats | None = None
    """Up to three values a vertex: metres from the nearest hem, the shade of folds, and
    how much of its print's relief shows."""
    uv: Floats | None = None
    """Places in the part's `print`, triangles x 3 x 2."""
    print: Print | None = None
    order: Order | Ints = Order.NONE
    """Of all its triangles, or of each."""
    sheer: bool = False
    """It is so thin that its shadow is not seen."""
    scenery: bool = False
    """It goes on beyond the picture: a camera need not see all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The parts joined; arrays per vertex, but `stuff` and `segment` per triangle."""

    points: Floats
    triangles: Ints
    looks: Floats
    """Normal, colour and detail in one row, `NORMAL`, `COLOUR`, `DETAIL`."""
    stuff: Ints
    segment: Ints
    uv: Floats
    """Triangles x 3 x 2, zero where nothing is printed."""
    prints: tuple[Print, ...]
    printed: Ints
    """Per triangle the number of its print, counted from 1; 0 without."""
    order: Ints
    """Per triangle a `Order`."""
    sheer: Mask
    """Per triangle, whether it is too thin to cast a shadow."""
    boxes: tuple[Softbox, ...]
    """The lights, key first."""
    eyes: tuple[Eye, ...]
    """Where the key light is mirrored."""


def join(parts: list[Part], boxes: tuple[Softbox, ...]) -> Stage:
    """One stage of all parts."""
    offset, triangles = 0, []
    joined = np.empty((sum(len(part.points) for part in parts), 12), np.float32)
    prints: list[Print] = []
    printed, places = [], []
    for part in parts:
        used, corners = _used(part)
        count = len(used)
        triangles.append(corners + offset)
        rows = joined[offset : offset + count]
        offset += count
        shade = part.normals
        if shade is None:
            shade = mesh_normals(part.points, part.triangles)
        rows[:, 0:3], rows[:, 3:6] = part.points[used], shade[used]
        rows[:, 6:9] = part.colour[used] if part.colour.ndim == 2 else part.colour
        rows[:, 9:12] = SMOOTH
        if part.detail is not None:
            rows[:, 9 : 9 + part.detail.shape[1]] = part.detail[used]
        uv = np.zeros((len(part.triangles), 3, 2), np.float32)
        if part.print is not None and part.uv is not None:
            prints.append(part.print)
            uv[: len(part.uv)] = part.uv
        printed.append(len(prints) if part.print is not None else 0)
        places.append(uv)
    counts = [len(part.triangles) for part in parts]
    return Stage(
        points=np.ascontiguousarray(joined[:offset, 0:3]),
        triangles=np.concatenate(triangles).astype(np.int32),
        looks=np.ascontiguousarray(joined[:offset, 3:12]),
        stuff=np.repeat([int(p.stuff) for p in parts], counts).astype(np.uint8),
        segment=np.repeat([int(p.segment) for p in parts], counts).astype(np.uint8),
        uv=np.concatenate(places),
        prints=tuple(prints),
        printed=np.repeat(printed, counts).astype(np.uint8),
        order=np.concatenate(
            [np.broadcast_to(p.order, n) for p, n in zip(parts, counts, strict=True)]
        ).astype(np.uint8),
        sheer=np.repeat([p.sheer for p in parts], counts),
        boxes=boxes,
        eyes=_eyes(parts),
    )


def _used(part: Part) -> tuple[Ints, Ints]:
    """The points of a part that belong to a triangle, and its triangles over them."""
    if part.stuff is Stuff.HAIR:  # ribbons have no other
        return np.arange(len(part.points)), part.triangles
    return compact(part.triangles)


def _eyes(parts: list[Part]) -> tuple[Eye, ...]:
    found: tuple[Eye, ...] = ()
    for part in parts:
        if part.stuff is Stuff.EYE:
            found += pair(part.points, np.broadcast_to(part.colour, part.points.shape))
    return found


def texel(texture: Floats, at: Floats) -> Floats:
    """Colours of a picture (rows x columns x k) at places (n x 2), v upwards."""
    tall, wide = texture.shape[:2]
    x, y = at[:, 0] * wide - 0.5, (1 - at[:, 1]) * tall - 0.5
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    left, right = np.clip(left, 0, wide - 1), np.clip(left + 1, 0, wide - 1)
    top, below = np.clip(top, 0, tall - 1), np.clip(top + 1, 0, tall - 1)
    upper = texture[top, left] * (1 - fx) + texture[top, right] * fx
    lower = texture[below, left] * (1 - fx) + texture[below, right] * fx
    out: Floats = upper * (1 - fy) + lower * fy
    return out
