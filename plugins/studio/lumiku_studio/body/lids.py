"""Lids go with the eyes: lower for a look down, higher for a look up."""

import numpy as np

from lumiku_contracts.scene import Expression, Gaze
from lumiku_studio.arrays import Floats
from lumiku_studio.body.likeness import UNITS, closed
from lumiku_studio.body.template import template

LOWERED = (25.0, 0.55)  # degrees the eyes look down, and how far the lids are closed
RAISED = (25.0, 0.40)


def followed(expression: Expression, gaze: Gaze) -> Floats | None:
    """How far each template vertex moves in the head's frame, or None if none does."""
    if gaze.lift == 0:
        return None
    (angle, most), unit = (
        (LOWERED, "closure") if gaze.lift < 0 else (RAISED, "opened-up")
    )
    body = template()
    moved = np.zeros_like(body.base)
    for side in ("left", "right"):
        shut = closed(expression, side)
        share = min(abs(gaze.lift) / angle, 1) * most * (1 - shut)
        body.add_target(f"{UNITS}eye-{side}-{unit}", share, moved)
    return moved[: body.count]
