"""The patterns garments are cut by: plain numbers on the chart of the body."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lumiku_contracts.scene import GarmentKind
from lumiku_studio.arrays import Floats
from lumiku_studio.shading.stage import Segment, Stuff
from lumiku_studio.wardrobe.chart import Chart


@dataclass(frozen=True, slots=True)
class Cut:
    """One pattern. `None` leaves a limb out; lengths are chart values or metres."""

    segment: Segment
    stuff: Stuff
    sleeve: float | None = None
    bottom: float = 0.0
    top: float | None = None
    """Chart `leg` of the waistband, for what is worn below."""
    neck: float = 0.098
    off: float = 0.006
    smooth: int = 12
    hang: float = 0.0
    """How much of the body's hollows cloth spans as it hangs, 0-1."""
    tube: tuple[float, float] | None = None
    """Least radius of trouser legs at knee and hem."""
    cuff: float = 0.0
    """Least radius of sleeves at their end."""
    folds: float = 0.003


CUTS: Mapping[GarmentKind, Cut] = {
    GarmentKind.T_SHIRT: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=0.60, bottom=0.16, neck=0.100, off=0.008,
        smooth=14, hang=0.75, cuff=0.056, folds=0.0046,
    ),
    GarmentKind.SWEATER: Cut(
        Segment.TOP, Stuff.KNIT, sleeve=1.95, bottom=0.17, neck=0.092, off=0.013,
        smooth=18, hang=0.8, cuff=0.040, folds=0.0048,
    ),
    GarmentKind.SHIRT: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.95, bottom=0.20, neck=0.084, off=0.009,
        smooth=14, hang=0.8, cuff=0.040, folds=0.0050,
    ),
    GarmentKind.TUNIC: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.95, bottom=-0.22, neck=0.086, off=0.010,
        smooth=16, hang=0.85, cuff=0.050, folds=0.0050,
    ),
    GarmentKind.ABAYA: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.97, bottom=-0.22, neck=0.086, off=0.011,
        smooth=18, hang=0.9, cuff=0.060, folds=0.0050,
    ),
    GarmentKind.TROUSERS: Cut(
        Segment.BOTTOM, Stuff.CLOTH, bottom=2.0, top=-0.34, off=0.007,
        smooth=12, tube=(0.075, 0.084), folds=0.0040,
    ),
    GarmentKind.JEANS: Cut(
        Segment.BOTTOM, Stuff.DENIM, bottom=1.97, top=-0.34, off=0.006,
        smooth=10, tube=(0.067, 0.072), folds=0.0038,
    ),
}  # fmt: skip
TRUNK_KINDS = frozenset(k for k, c in CUTS.items() if c.segment is Segment.TOP)
PELVIS_KINDS = frozenset(k for k, c in CUTS.items() if c.segment is Segment.BOTTOM)
LONG_KINDS = frozenset({GarmentKind.ABAYA, GarmentKind.TUNIC})
BETWEEN = 0.055
ARM_SCALE, LEG_SCALE = 0.27, 0.40  # metres of one chart unit, near enough for hems


def kept(cut: Cut, at: Chart) -> Floats:
    """Metres inside the pattern's edge at each charted point; negative is cut away."""
    fields = [(cut.bottom - at.leg) * LEG_SCALE]
    if cut.top is not None:
        fields += [(at.leg - cut.top) * LEG_SCALE, 0.3 - at.arm]
    else:
        fields.append(at.neck - cut.neck)
        # A top is one tube: it does not run between the legs.
        inner = ((at.points - at.axis) * at.out).sum(axis=1) - BETWEEN
        fields.append(
            np.where((at.leg > 0) & (np.abs(at.points[:, 0]) < BETWEEN), inner, 1.0)
        )
        if cut.sleeve is not None:
            fields.append(
                np.where(at.limb == 1, (cut.sleeve - at.arm) * ARM_SCALE, 1.0)
            )
    field: Floats = np.minimum.reduce(fields)
    return field
