"""From an appearance to the body's shape at rest.

The macro targets multiply: each is named by the ends it belongs to, and weighs the
product of how near the body is to each of them (the scheme of the CC0 source data).
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lumiku_contracts.scene import Appearance, Expression, Physique
from lumiku_studio.arrays import Floats
from lumiku_studio.body.likeness import expression_shares, feature_shares
from lumiku_studio.body.template import template

YOUNG, OLD = 25.0, 90.0
SMALLEST_SHARE = 1e-3
HEAD_SIZE = 1.06
LEVELS = {
    "muscle": ("minmuscle", "averagemuscle", "maxmuscle"),
    "weight": ("minweight", "averageweight", "maxweight"),
    "height": ("minheight", "maxheight"),
    "proportions": ("uncommonproportions", "idealproportions"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """A body at rest: vertices, and the head of every bone, in metres."""

    points: Floats
    still: Floats
    """The same without an expression."""
    heads: Floats
    height: float
    floor: float

    def head(self, bone: str) -> Floats:
        """Where a bone begins."""
        place: Floats = self.heads[template().bone(bone)]
        return place


def between(value: float, ends: Sequence[str]) -> list[tuple[str, float]]:
    """How much each of evenly spaced ends has of `value` (0-1)."""
    place = float(np.clip(value, 0, 1)) * (len(ends) - 1)
    low = min(int(place), len(ends) - 2)
    share = place - low
    return [(ends[low], 1 - share), (ends[low + 1], share)]


def macro_shares(age: int, body: Physique) -> Iterator[tuple[str, float]]:
    """Names and shares of the macro targets for an age and a physique."""
    sexes = (("male", 1 - body.femininity), ("female", body.femininity))
    ages = between((age - YOUNG) / (OLD - YOUNG), ("young", "old"))
    total = max(body.african + body.asian + body.caucasian, 1e-6)
    origins = [
        (name, getattr(body, name) / total)
        for name in ("african", "asian", "caucasian")
    ]
    muscle, weight, height, proportions = (
        between(getattr(body, name), ends) for name, ends in LEVELS.items()
    )
    for (sex, s), (stage, a) in itertools.product(sexes, ages):
        for origin, share in origins:
            yield f"macrodetails/{origin}-{sex}-{stage}", s * a * share
        for (m, ms), (w, ws) in itertools.product(muscle, weight):
            build, share = f"{sex}-{stage}-{m}-{w}", s * a * ms * ws
            yield f"macrodetails/universal-{build}", share
            for h, hs in height:
                yield f"macrodetails/height/{build}-{h}", share * hs
            for p, ps in proportions:
                yield f"macrodetails/proportions/{build}-{p}", share * ps


def rest_shape(look: Appearance, expression: Expression) -> Rest:
    """The body of an appearance with a face that wears an expression."""
    body = template()
    points = _built(look.age, look.physique).copy()
    _add(points, feature_shares(look))
    _enlarge_head(points)
    still = points[: body.count].copy()
    _add(points, expression_shares(expression))
    skin = points[np.unique(body.faces["body"])]
    floor = float(skin[:, 1].min())
    return Rest(
        points=points[: body.count],
        still=still,
        heads=points[body.count :],
        height=float(skin[:, 1].max()) - floor,
        floor=floor,
    )


@lru_cache(maxsize=4)
def _built(age: int, physique: Physique) -> Floats:
    """The template with the build of an age and a physique; not to be written to."""
    points = template().base.copy()
    _add(points, macro_shares(age, physique))
    return points


def _add(points: Floats, shares: Iterable[tuple[str, float]]) -> None:
    body = template()
    for name, share in shares:
        if abs(share) > SMALLEST_SHARE and name in body.targets:
            body.add_target(name, share, points)


def _enlarge_head(points: Floats) -> None:
    """Make the head a little larger, in place: small pictures read faces better."""
    body = template()
    head = body.influence("head", "eye")
    share = np.r_[head, [float(b.startswith(("head", "eye"))) for b in body.bones]]
    root = points[body.count + body.bone("head")].copy()
    points += (points - root) * (share * (HEAD_SIZE - 1))[:, None]
