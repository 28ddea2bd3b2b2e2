"""Which bones carry cloth: what ends above a joint moves with the bone above it."""

from collections.abc import Iterator

import scipy.sparse as sp

from lumiku_studio.arrays import Sparse
from lumiku_studio.body.template import template
from lumiku_studio.wardrobe.cut import Cut

KNEE = 0.95  # chart `leg` of a hem above which no shin carries cloth
ELBOW = 0.95  # chart `arm` of a cuff above which no forearm carries cloth
Names = tuple[str, ...]
SHINS: Names = ("lowerleg",)
FEET: Names = ("foot", "toe")
FOREARMS: Names = ("lowerarm",)
HANDS: Names = ("wrist", "metacarpal", "finger")


def borne(weights: Sparse, cut: Cut) -> Sparse:
    """Weights (vertices x bones) of cloth as the body's suit has them, by its cut.

    Trousers end at the ankle: a foot that bends does not drag their hems along, nor a
    bent knee the hems of shorts, nor a hand a cuff.
    """
    body = template()
    to = list(range(len(body.bones)))
    for number, other in _passed(cut):
        to[number] = other
    ones = [1.0] * len(to)
    change = sp.csr_matrix((ones, (range(len(to)), to)), shape=(len(to), len(to)))
    return (weights @ change).tocsr()


def _passed(cut: Cut) -> Iterator[tuple[int, int]]:
    """Pairs of bones: one that does not carry, and the one that does in its place."""
    body = template()
    lower, upper = FEET, "lowerleg02"
    if cut.top is None:
        lower, upper = HANDS, "lowerarm02"
        if (cut.sleeve or 0) < ELBOW:
            lower, upper = FOREARMS + HANDS, "upperarm02"
    elif cut.bottom < KNEE:
        lower, upper = SHINS + FEET, "upperleg02"
    for number, bone in enumerate(body.bones):
        if bone.startswith(lower):
            yield number, body.bone(f"{upper}.{bone[-1]}")
