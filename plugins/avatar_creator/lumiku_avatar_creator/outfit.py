"""What people wear: whatever was asked for, and always enough of it."""

from typing import Final

from lumiku_contracts.scene import Garment, GarmentKind

TORSO: Final = frozenset(
    {
        GarmentKind.ABAYA,
        GarmentKind.DRESS,
        GarmentKind.T_SHIRT,
        GarmentKind.SWEATER,
        GarmentKind.SHIRT,
        GarmentKind.BLAZER,
        GarmentKind.SPORT_TOP,
        GarmentKind.TUNIC,
    }
)
LEGS: Final = frozenset(
    {
        GarmentKind.DRESS,
        GarmentKind.TROUSERS,
        GarmentKind.JEANS,
        GarmentKind.SHORTS,
        GarmentKind.LEGGINGS,
        GarmentKind.SKIRT,
    }
)
"""An abaya is worn over trousers."""

TOP: Final = Garment(kind=GarmentKind.T_SHIRT, colour="#f2f2f0")
BOTTOM: Final = Garment(kind=GarmentKind.TROUSERS, colour="#3b3f4a")
SHOES: Final = Garment(kind=GarmentKind.SHOES, colour="#26262a")


def missing(outfit: tuple[Garment, ...]) -> tuple[Garment, ...]:
    """What must be put on as well, so that torso and legs are covered."""
    kinds = {garment.kind for garment in outfit}
    if not kinds:
        return (TOP, BOTTOM, SHOES)
    needed = ((TORSO, TOP), (LEGS, BOTTOM))
    return tuple(garment for covering, garment in needed if not kinds & covering)
