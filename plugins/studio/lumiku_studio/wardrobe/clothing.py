"""All clothes of a posed body, in the order in which they are put on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lumiku_contracts.scene import Garment
from lumiku_studio.body.mesh import normals
from lumiku_studio.shading.stage import Part
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.skeleton.seated import FLESH, HANGING
from lumiku_studio.wardrobe import cloth
from lumiku_studio.wardrobe.hitched import hitched
from lumiku_studio.wardrobe.layering import Solids, bent
from lumiku_studio.wardrobe.skirt import FALLS, Hips, skirt
from lumiku_studio.wardrobe.under import Under

KNEE = 1.0  # chart `leg` of a hem beyond which a lap is hidden by what hangs
UNDER_SKIRT = 0.16  # chart units above a skirt's hem from which trousers are left out
Worn = list[tuple[cloth.Sewn, Part]]


@dataclass(frozen=True, slots=True, eq=False)
class Clothing:
    """What is cut to the body, and what hangs from it."""

    cut: Worn
    hanging: list[Part]


def clothing(
    sewn: Sequence[cloth.Sewn],
    outfit: Sequence[Garment],
    hips: Hips | None,
    posed: Posed,
) -> Clothing:
    """The clothes of a posed body, what is worn below first."""
    placed = posed.placed
    hem = max((FALLS[g.kind].hem for g in outfit if g.kind in FALLS), default=-1.0)
    skirt_to = hem - UNDER_SKIRT
    if bent(placed):
        skirt_to = skirt_to if hem > KNEE else -1.0
        sewn = [hitched(piece) for piece in sewn]
    lower = [
        (s, on_seat(cloth.worn(s, placed, skirt_to), posed))
        for s in sewn
        if s.cut.top is not None
    ]
    below = _solids(lower) if lower else None
    worn = lower + [
        (s, on_seat(cloth.worn(s, placed, below=below), posed))
        for s in sewn
        if s.cut.top is None
    ]
    under = [
        Under(part.points[: len(s.leg)], s.leg, s.points[:, 0] > 0, s.triangles)
        for s, part in worn
    ]
    hanging = [
        on_seat(skirt(garment, hips, posed, under), posed, HANGING)
        for garment in outfit
        if hips is not None and garment.kind in FALLS
    ]
    return Clothing(worn, hanging)


def on_seat(part: Part, posed: Posed, deep: float = FLESH) -> Part:
    """What is worn, flat where it is sat upon."""
    if posed.seat is None:
        return part
    return replace(part, points=posed.seat.bears(part.points, deep))


def _solids(worn: Worn) -> Solids:
    clouds = [part.points[: len(sewn.leg)] for sewn, part in worn]
    ways = [
        normals(cloud, sewn.triangles)
        for cloud, (sewn, _) in zip(clouds, worn, strict=True)
    ]
    return Solids(np.concatenate(clouds), np.concatenate(ways))
