"""How far joints go: a pose beyond is refused, whoever wrote it.

Ranges follow the American Academy of Orthopaedic Surgeons' normal motion, widened to
what a trained dancer reaches, since yoga and dance are in the library.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Part, Pose

Range = tuple[float, float]
ARM: Mapping[str, Range] = {
    "forward": (-65, 185),
    "away": (-50, 185),
    "rotate": (-100, 100),
    "elbow": (-5, 152),
    "pronate": (-95, 95),
    "wrist": (-75, 85),
    "deviate": (-35, 30),
    "shoulder_up": (-15, 40),
    "shoulder_forward": (-30, 35),
}
LEG: Mapping[str, Range] = {
    "forward": (-50, 150),
    "away": (-35, 90),
    "rotate": (-50, 95),
    "knee": (-5, 160),
    "ankle": (-75, 50),
    "toe": (0, 75),
}
LIMITS: Mapping[str, Mapping[str, Range]] = {
    "torso": {"bend": (-45, 100), "side": (-45, 45), "twist": (-60, 60)},
    "head": {"turn": (-88, 88), "tilt": (-48, 48), "nod": (-60, 60)},
    "left_arm": ARM,
    "right_arm": ARM,
    "left_leg": LEG,
    "right_leg": LEG,
}


@dataclass(frozen=True, slots=True)
class Strain:
    """A joint asked to go beyond its range, in degrees."""

    joint: str
    asked: float
    range: Range

    def __str__(self) -> str:
        """Say it in words."""
        low, high = self.range
        return f"{self.joint} is {self.asked:g}°, of {low:g}° to {high:g}°"


def strains(pose: Pose, *, reserve: float = 0) -> tuple[Strain, ...]:
    """The joints of a pose that leave less than `reserve` degrees of their range."""
    return tuple(_strains(pose, reserve))


def _strains(pose: Pose, reserve: float) -> Iterator[Strain]:
    for part, ranges in LIMITS.items():
        piece: Part = getattr(pose, part)
        for joint, (low, high) in ranges.items():
            asked = float(getattr(piece, joint))
            rested = asked == type(piece).model_fields[joint].default
            slack = 0 if rested else reserve
            if not low + slack <= asked <= high - slack:
                name = f"{part} {joint}".replace("_", " ")
                yield Strain(name, asked, (low, high))


def check_joints(pose: Pose) -> None:
    """Refuse a pose that no body can take."""
    found = strains(pose)
    if found:
        raise Refused(
            "joint-limits",
            "A joint would go beyond what a body can do: "
            + "; ".join(map(str, found[:3]))
            + ".",
            fix="Keep each angle within its range, or lead the hand to an anchor.",
        )
