"""The patterns garments are cut by: plain numbers on the chart of the body."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from lumiku_contracts.scene import Colour, Garment, GarmentKind, Pattern
from lumiku_studio.arrays import Floats, Mask, Sparse
from lumiku_studio.body.shape import Rest
from lumiku_studio.body.template import template
from lumiku_studio.shading.stage import Order, Segment, Stuff
from lumiku_studio.wardrobe.chart import Chart, arm_shares, chart


@dataclass(frozen=True, slots=True)
class Cut:
    """One pattern. `None` leaves a limb out; lengths are chart values or metres."""

    segment: Segment
    stuff: Stuff
    order: Order = Order.TOP
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
    """Least radius of sleeves at their end; of long ones before they are drawn in."""
    wrist: float | None = None
    """Metres off the suit to which the ends of long sleeves are drawn in."""
    folds: float = 1.0
    """How deep its folds are against the usual."""
    open: bool = False
    """Whether its front is open."""


CUTS: Mapping[GarmentKind, Cut] = {
    GarmentKind.T_SHIRT: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=0.63, bottom=0.0, neck=0.100, off=0.009,
        smooth=14, hang=0.80, cuff=0.060, folds=0.9,
    ),
    GarmentKind.SWEATER: Cut(
        Segment.TOP, Stuff.KNIT, sleeve=1.92, bottom=0.06, neck=0.092, off=0.014,
        smooth=18, hang=0.85, cuff=0.043, folds=0.8, wrist=0.005,
    ),
    GarmentKind.SHIRT: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.92, bottom=0.07, neck=0.082, off=0.010,
        smooth=14, hang=0.85, cuff=0.043, folds=1.0, wrist=0.005,
    ),
    GarmentKind.BLAZER: Cut(
        Segment.TOP, Stuff.CLOTH, Order.COAT, sleeve=1.89, bottom=0.10, neck=0.100,
        off=0.017, smooth=24, hang=0.9, cuff=0.052, folds=0.45, open=True, wrist=0.007,
    ),
    GarmentKind.SPORT_TOP: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.93, bottom=0.06, neck=0.088, off=0.005,
        smooth=8, hang=0.35, folds=0.3, wrist=0.004,
    ),
    GarmentKind.TUNIC: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.93, bottom=-0.22, neck=0.086, off=0.010,
        smooth=16, hang=0.85, cuff=0.050, folds=0.9, wrist=0.007,
    ),
    GarmentKind.ABAYA: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=1.94, bottom=-0.22, neck=0.086, off=0.011,
        smooth=18, hang=0.9, cuff=0.060, folds=0.9, wrist=0.008,
    ),
    GarmentKind.DRESS: Cut(
        Segment.TOP, Stuff.CLOTH, sleeve=0.85, bottom=-0.22, neck=0.096, off=0.008,
        smooth=14, hang=0.55, cuff=0.058, folds=0.6,
    ),
    GarmentKind.TROUSERS: Cut(
        Segment.BOTTOM, Stuff.CLOTH, Order.LOWER, bottom=2.0, top=-0.34, off=0.007,
        smooth=12, tube=(0.077, 0.084), folds=0.7,
    ),
    GarmentKind.JEANS: Cut(
        Segment.BOTTOM, Stuff.DENIM, Order.LOWER, bottom=1.97, top=-0.34, off=0.006,
        smooth=10, tube=(0.069, 0.073), folds=0.9,
    ),
    GarmentKind.SHORTS: Cut(
        Segment.BOTTOM, Stuff.CLOTH, Order.LOWER, bottom=0.86, top=-0.34, off=0.008,
        smooth=12, tube=(0.098, 0.1), folds=0.8,
    ),
    GarmentKind.LEGGINGS: Cut(
        Segment.BOTTOM, Stuff.CLOTH, Order.LOWER, bottom=1.90, top=-0.36, off=0.0035,
        smooth=3, folds=0.12,
    ),
}  # fmt: skip
TUCKED = -0.27  # chart `leg` at which a top that is tucked in ends
INNER = Cut(
    Segment.TOP, Stuff.CLOTH, Order.INNER, sleeve=0.25, bottom=TUCKED, neck=0.108,
    off=0.006, smooth=12, hang=0.5, folds=0.4,
)  # fmt: skip
SLIP = Cut(
    Segment.BOTTOM, Stuff.CLOTH, Order.LOWER, bottom=0.70, top=-0.34, off=0.004,
    smooth=6, folds=0,
)  # fmt: skip
ASIDE = 0.055
BETWEEN, BETWEEN_BEHIND = 0.080, 0.015
"""Metres from the trunk's axis within which a top does not run between the legs."""
OPEN_LEG = 0.12  # metres that one can look into a trouser leg
OPEN_SLEEVE = 0.08  # metres that one can look into a sleeve
ARM_SCALE, LEG_SCALE = 0.27, 0.40  # metres of one chart unit, near enough for hems
# Half the width of an open front by chart `leg`, in metres.
FRONT = ((-1.40, -1.15, -0.35, 0.0, 0.4), (0.080, 0.074, 0.030, 0.036, 0.062))


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing to be sewn for a garment, and its place among the others."""

    garment: Garment
    cut: Cut
    colour: Colour
    pattern: Pattern
    over: tuple[Cut, ...] = ()
    """What is worn over it, from the same chart."""


def layers(outfit: tuple[Garment, ...]) -> list[Layer]:
    """What to sew for an outfit: each garment, and what it brings along under it."""
    skirted = any(g.kind is GarmentKind.SKIRT for g in outfit)
    out: list[Layer] = []
    for garment in outfit:
        own = CUTS.get(garment.kind)
        if garment.kind is GarmentKind.BLAZER:
            out.append(Layer(garment, INNER, garment.second, Pattern.PLAIN))
        if garment.kind in {GarmentKind.DRESS, GarmentKind.SKIRT}:
            out.append(Layer(garment, SLIP, garment.colour, Pattern.PLAIN))
        if own is None:
            continue
        if skirted and own.segment is Segment.TOP:
            own = replace(own, bottom=TUCKED)
        out.append(Layer(garment, own, garment.colour, garment.pattern))
    tops = tuple(layer.cut for layer in out if layer.cut.segment is Segment.TOP)
    coats = tuple(cut for cut in tops if cut.open)
    return [
        replace(layer, over=tops if layer.cut.segment is Segment.BOTTOM else coats)
        if not layer.cut.open
        else layer
        for layer in out
    ]


def kept(cut: Cut, at: Chart) -> Floats:
    """Metres inside the pattern's edge at each charted point; negative is cut away."""
    fields = [(cut.bottom - at.leg) * LEG_SCALE]
    if cut.top is not None:
        fields += [(at.leg - cut.top) * LEG_SCALE, 0.3 - at.arm]
    else:
        fields.append(at.neck - cut.neck)
        # A top is one tube: it does not run between the legs.
        radius = ((at.points - at.axis) * at.out).sum(axis=1)
        front = at.points[:, 2] > at.axis[:, 2]
        inner = radius - np.where(front, BETWEEN, BETWEEN_BEHIND)
        fields.append(
            np.where((at.leg > 0) & (np.abs(at.points[:, 0]) < ASIDE), inner, 1.0)
        )
        if cut.sleeve is not None:
            fields.append(
                np.where(at.limb == 1, (cut.sleeve - at.arm) * ARM_SCALE, 1.0)
            )
        if cut.open:
            aside = np.abs(at.points[:, 0]) - np.interp(at.leg, *FRONT)
            before = (at.limb != 1) & (at.points[:, 2] > at.axis[:, 2])
            fields.append(np.where(before, aside, 1.0))
    field: Floats = np.minimum.reduce(fields)
    return field


def hidden(rest: Rest, sewn: Iterable[Layer], points: Floats, operator: Sparse) -> Mask:
    """Which of the body's points lie well under the garments."""
    at = chart(rest, points, arm_shares(operator))
    under = np.zeros(len(points), bool)
    for layer in sewn:
        cut = layer.cut
        deep = kept(cut, at) > (0.03 if cut.top is None else 0.02)
        if cut.tube is not None:
            deep &= (cut.bottom - at.leg) * LEG_SCALE > OPEN_LEG
        if cut.sleeve is not None:
            into = (cut.sleeve - at.arm) * ARM_SCALE > OPEN_SLEEVE
            deep &= (at.limb != 1) | into
        under |= deep
    head = operator @ template().influence("head", "neck02", "neck03", "eye")
    out: Mask = under & (head < 0.2)
    return out
