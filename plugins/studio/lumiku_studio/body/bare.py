"""The skin of a body at rest, which many parts of a head are placed on."""

from dataclasses import dataclass
from functools import lru_cache

from lumiku_studio.arrays import Floats
from lumiku_studio.body.mesh import normals, surface
from lumiku_studio.body.shape import Rest


@dataclass(frozen=True, slots=True, eq=False)
class Bare:
    """The vertices of the skin's surface; none may be written to."""

    points: Floats
    outward: Floats
    still: Floats
    """The points without an expression."""


@lru_cache(maxsize=2)
def skin_of(rest: Rest) -> Bare:
    """The skin of a body, computed once for all that is placed on it."""
    skin = surface("body", 1)
    points, still = skin.operator @ rest.points, skin.operator @ rest.still
    made = Bare(points, normals(points, skin.triangles), still)
    for kept in (made.points, made.outward, made.still):
        kept.flags.writeable = False
    return made
