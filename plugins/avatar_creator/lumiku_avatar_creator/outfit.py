"""What people wear: whatever was asked for, and always enough of it."""

from typing import Final

from lumiku_contracts.wardrobe import Garment, GarmentKind, uncovered

TOP: Final = Garment(kind=GarmentKind.T_SHIRT, colour="#f2f2f0")
BOTTOM: Final = Garment(kind=GarmentKind.TROUSERS, colour="#3b3f4a")
SHOES: Final = Garment(kind=GarmentKind.SHOES, colour="#26262a")
COVERING: Final = {"torso": TOP, "pelvis": BOTTOM}


def missing(outfit: tuple[Garment, ...]) -> tuple[Garment, ...]:
    """What must be put on as well, so that torso and legs are covered."""
    if not outfit:
        return (TOP, BOTTOM, SHOES)
    return tuple(COVERING[part] for part in uncovered(outfit))
