"""The ways to wear a hijab."""

from collections.abc import Mapping
from dataclasses import dataclass

from lumiku_contracts.scene import Headwear


@dataclass(frozen=True, slots=True)
class Drape:
    """A way to wear it; lengths in metres, shares 0-1."""

    front: float
    """How far it reaches from the neck's root."""
    back: float
    side: float
    hold: float
    """How far it spans hollows: 0 as the skin, 1 taut."""
    cheeks: float = 0.55
    """The share of that beside the face."""
    off: float = 0.008
    on_chest: float = 0.010
    swags: float = 0.0065
    """Depth of the folds below the chin."""
    pleats: float = 0.002
    """Depth of the folds that fall from the head."""
    laid: float = 0.003
    """Thickness of an end laid over the chest."""
    point: float = 1.5
    """How pointed the front is."""
    end: float = 0.0
    """How much farther one end hangs in front."""
    pin: bool = False


DRAPES: Mapping[Headwear, Drape] = {
    Headwear.HIJAB: Drape(0.27, 0.24, 0.185, 0.70, point=1.2, pin=True),
    Headwear.PASHMINA: Drape(
        0.20, 0.21, 0.175, 0.65, swags=0.0065, end=0.13, laid=0.003
    ),
    Headwear.KHIMAR: Drape(
        0.47, 0.45, 0.36, 0.97, cheeks=0.65, on_chest=0.014, swags=0.003,
        pleats=0.006, laid=0, point=0.6,
    ),
    Headwear.SPORT_HIJAB: Drape(
        0.195, 0.175, 0.150, 0.45, off=0.005, on_chest=0.004, swags=0.001,
        pleats=0.0005, laid=0,
    ),
}  # fmt: skip
