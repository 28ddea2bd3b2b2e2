"""Standing still: the centre of mass over the feet."""

import numpy as np

from lumiku_contracts.scene import Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.skeleton import mass
from lumiku_studio.skeleton.footing import SIDES, leg_of, soles
from lumiku_studio.skeleton.rig import Placed

MARGIN = 0.02  # metres inside the support's outline where a body stands well
STANDS = 0.025  # metres over the floor below which a sole bears


def support(placed: Placed, pose: Pose, sole: float) -> Floats | None:
    """The outline of the planted soles in the plane of x and z, or None."""
    planted = [side for side in SIDES if leg_of(pose, side).planted]
    if not planted:
        return None
    points = np.concatenate([soles(placed, side, sole) for side in planted])
    low = points[points[:, 1] < STANDS][:, [0, 2]]
    return mass.hull(low) if len(low) > len(SIDES) else None


def overhang(placed: Placed, pose: Pose, sole: float) -> tuple[float, Floats]:
    """Metres that the centre of mass is outside the support, and the way back.

    Negative inside; zero where nothing stands.
    """
    outline = support(placed, pose, sole)
    if outline is None:
        return 0.0, np.zeros(2)
    return mass.outside(mass.centre(placed)[[0, 2]], outline)


def step(placed: Placed, pose: Pose, sole: float) -> Floats:
    """How far the feet must be moved so that the body stands well over them."""
    over, way = overhang(placed, pose, sole)
    need = max(0.0, over + min(MARGIN, _half_width(placed)))
    return np.array([-way[0] * need, 0.0, -way[1] * need])


def _half_width(placed: Placed) -> float:
    """Half the width of a foot, roughly: no single sole allows more margin."""
    rest = placed.rest
    toes = rest.head("toe1-1.L") - rest.head("toe5-1.L")
    return float(np.linalg.norm(toes)) * 0.4
