"""Hair styles: how long hair is, how it is combed, and how it falls."""

from collections.abc import Mapping
from dataclasses import dataclass

from lumiku_contracts.scene import HairStyle

Lengths = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Style:
    """How hair grows; lengths in metres, shares 0-1."""

    steps: int
    gravity: float
    lift: float
    hug: float
    end: float | None = None
    """Height over the eyes at which long hair ends."""
    lengths: Lengths = ((0.0, 1.0), (0.0, 0.0))
    """Of short hair: by height (eyes 0, crown 1), metres."""
    comb: str = "parted"
    points: int = 15
    lock: float = 0.35
    """How far strands are drawn to their guide."""
    loose: float = 0.0018
    wave: tuple[float, float] = (0.001, 1.4)
    """Metres aside, and turns along a strand."""
    coil: bool = False
    """Whether strands wind for themselves instead of waving together."""
    shortest: float = 0.8
    """Share of its length that the shortest strand has."""
    tips: int = 0
    """How many tips strands run together into, or none."""
    drawn: float = 0.7
    """How far they do."""
    count: float = 1.0
    """Share of the scalp's strands that are drawn."""
    off: float | None = None
    """Metres that guides keep from what they lie on; by chance where it isn't said."""

    @property
    def falls(self) -> bool:
        """Whether it must be grown anew in every pose."""
        return self.end is not None


STYLES: Mapping[HairStyle, Style] = {
    HairStyle.BUZZ: Style(
        3, 0.02, 0.5, 0.4, lengths=((-0.5, 0.1, 0.9), (0.003, 0.005, 0.007)),
        comb="down", points=3, lock=0, loose=0.001, wave=(0, 1),
    ),
    HairStyle.SHORT: Style(
        9, 0.05, 0.55, 0.75, comb="forward", lock=0.2, loose=0.002,
        lengths=((-0.5, 0.1, 0.55, 0.95), (0.008, 0.014, 0.034, 0.052)),
    ),
    HairStyle.SIDE_PART: Style(
        11, 0.05, 0.55, 0.85, comb="side", lock=0.3, loose=0.0015,
        lengths=((-0.5, 0.15, 0.42, 0.6, 0.95), (0.006, 0.010, 0.024, 0.062, 0.082)),
    ),
    HairStyle.CURLY: Style(
        8, 0.03, 0.9, 0.3, comb="out", points=17, lock=0.45, loose=0.006,
        lengths=((-0.5, 0.1, 0.55, 0.95), (0.010, 0.018, 0.040, 0.050)),
        wave=(0.0075, 1.6), coil=True, count=0.8,
    ),
    HairStyle.AFRO: Style(
        8, 0.0, 1.0, 0.0, comb="out", points=20, lock=0.25, loose=0.007,
        lengths=((-0.5, 0.1, 0.5, 0.95), (0.035, 0.055, 0.060, 0.062)),
        wave=(0.0042, 3.2), coil=True,
    ),
    HairStyle.BOB: Style(22, 0.20, 0.25, 1.0, end=-0.115, tips=420, shortest=0.92,
        drawn=0.5),
    HairStyle.LONG: Style(30, 0.20, 0.25, 1.0, end=-0.225, tips=300),
    HairStyle.WAVY: Style(
        30, 0.20, 0.32, 0.9, end=-0.215, points=24, lock=0.45, wave=(0.0085, 3.0),
        tips=260,
    ),
}  # fmt: skip
TAIL = Style(24, 0.22, 0.0, 0.6, end=-0.2, points=16, off=0.017)
