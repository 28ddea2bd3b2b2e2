"""How far apart poses are: a library holds no pose twice."""

import numpy as np

from lumiku_studio.arrays import Floats
from lumiku_studio.skeleton.posing import Posed

LIMBS = (
    "upperarm01", "lowerarm01", "wrist", "finger3-1",
    "upperleg01", "lowerleg01", "foot",
)  # fmt: skip
JOINTS = ("head", *(f"{bone}.{side}" for side in "LR" for bone in LIMBS))
SWAPPED = (0, *range(8, 15), *range(1, 8))


def spread(posed: Posed) -> Floats:
    """Fifteen joints about the root, in body heights: 15 x 3."""
    placed = posed.placed
    places = np.array([placed.at(joint) for joint in JOINTS]) - placed.at("root")
    out: Floats = places / placed.rest.height
    return out


def distances(spreads: Floats) -> Floats:
    """How far each pose (n x 15 x 3) is from each other or its mirror image: n x n.

    The mean over the joints, in body heights; infinite on the diagonal.
    """
    mirrored = spreads[:, SWAPPED] * [-1, 1, 1]
    plain, turned = (
        np.linalg.norm(spreads[:, None] - other[None], axis=3).mean(axis=2)
        for other in (spreads, mirrored)
    )
    out: Floats = np.minimum(plain, turned)
    np.fill_diagonal(out, np.inf)
    return out
