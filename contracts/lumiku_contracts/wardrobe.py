"""What is worn; part of `lumiku.scene/1`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from lumiku_contracts.ground import Colour, Part
from lumiku_contracts.sets import Decal


class GarmentKind(StrEnum):
    """What can be worn."""

    T_SHIRT = "t-shirt"
    SHIRT = "shirt"
    SWEATER = "sweater"
    BLAZER = "blazer"
    """Open in front, over a plain top of its own."""
    SPORT_TOP = "sport-top"
    TUNIC = "tunic"
    ABAYA = "abaya"
    DRESS = "dress"
    """To the calf, with shorts under it."""
    TROUSERS = "trousers"
    JEANS = "jeans"
    SHORTS = "shorts"
    LEGGINGS = "leggings"
    SKIRT = "skirt"
    """Long, the top tucked in, with shorts under it."""
    SHOES = "shoes"
    """Sneakers."""
    LOAFERS = "loafers"
    BOOTS = "boots"


class Pattern(StrEnum):
    """What is printed on or woven into cloth."""

    PLAIN = "plain"
    STRIPES = "stripes"
    PINSTRIPES = "pinstripes"
    CHECKS = "checks"
    DOTS = "dots"
    BATIK = "batik"


class Garment(Part):
    """One piece of clothing."""

    kind: GarmentKind
    colour: Colour
    pattern: Pattern = Pattern.PLAIN
    second: Colour = "#f4f1ea"
    """The pattern's other colour; a blazer's top; a sole."""
    decal: Decal | None = None
    """A picture on the front of a top."""


TORSO: Final = frozenset(
    {
        GarmentKind.T_SHIRT,
        GarmentKind.SHIRT,
        GarmentKind.SWEATER,
        GarmentKind.BLAZER,
        GarmentKind.SPORT_TOP,
        GarmentKind.TUNIC,
        GarmentKind.ABAYA,
        GarmentKind.DRESS,
    }
)
PELVIS: Final = frozenset(
    {
        GarmentKind.DRESS,
        GarmentKind.TROUSERS,
        GarmentKind.JEANS,
        GarmentKind.SHORTS,
        GarmentKind.LEGGINGS,
        GarmentKind.SKIRT,
    }
)
"""A tunic and an abaya are worn over trousers."""


def uncovered(outfit: Iterable[Garment]) -> tuple[str, ...]:
    """What an outfit leaves bare and nobody draws: `torso`, `pelvis`, or nothing."""
    kinds = {garment.kind for garment in outfit}
    return tuple(
        part
        for part, covering in (("torso", TORSO), ("pelvis", PELVIS))
        if not kinds & covering
    )
