"""What of a head is seen that wears a hijab: the face within its opening."""

from dataclasses import replace
from functools import lru_cache

from lumiku_studio.arrays import Floats, Mask
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.template import template
from lumiku_studio.hair.hijab import Hijab
from lumiku_studio.shading.stage import Part, Segment

BROWS_WITHIN = 0.002  # metres within a scarf's opening that hairs of a face end
OF_HEAD = 0.5  # share of head and neck in what a scarf may hide
Strands = tuple[Floats, float, Floats]
"""Hairs (n x k x 3), their radius in metres, and their colours (n x 3)."""


def uncovered(part: Part, scarf: Hijab) -> Part:
    """A part of the head without what a scarf hides."""
    hidden = scarf.covers(part.points)
    if part.segment is Segment.SKIN:
        hidden &= _of_head()
    shown = ~hidden[part.triangles].all(axis=1)
    uv = None if part.uv is None else part.uv[shown]
    return replace(part, triangles=part.triangles[shown], uv=uv)


def outside(scarf: Hijab, hairs: Floats, thick: float, colours: Floats) -> Strands:
    """The hairs of a face that end within the opening of a scarf."""
    covered = scarf.face.beyond(hairs.reshape(-1, 3)).reshape(hairs.shape[:2])
    shown = covered.max(axis=1) < -BROWS_WITHIN
    return hairs[shown], thick, colours[shown]


@lru_cache(maxsize=1)
def _of_head() -> Mask:
    skin = surface("body", 1)
    share = skin.operator @ template().influence("head", "neck")
    out: Mask = share > OF_HEAD
    return out
