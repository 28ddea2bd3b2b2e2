"""Whether a pose can be believed: what was measured, and what is wrong with it.

The gates of the pose library. Nothing is drawn: figures come from the posed body.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lumiku_contracts.scene import Anchor, Contact, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.body.template import template
from lumiku_studio.skeleton import balance
from lumiku_studio.skeleton.contact import deepest
from lumiku_studio.skeleton.footing import (
    LOWER_LEG,
    ON_THE_BODY,
    REFERENCE_HEIGHT,
    SIDES,
    kneels,
    leg_of,
    shod,
    skin_mask,
)
from lumiku_studio.skeleton.limits import strains
from lumiku_studio.skeleton.posing import Posed
from lumiku_studio.skeleton.rig import skin
from lumiku_studio.skeleton.seated import on_floor

DEEPEST = 0.008
TOUCHING = 0.010
SUNK = 0.005
HALF = 0.5
HAND = ("wrist", "metacarpal", "finger")
Code = Literal[
    "joint-limits",
    "limb-penetration",
    "no-contact",
    "floor-penetration",
    "out-of-balance",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of a posed body; lengths in metres."""

    depth: float
    """How deep a hand, forearm, or lower leg is in the rest of the body."""
    supports: tuple[tuple[str, float], ...]
    """Each part that should touch its ground, and how high it is over it."""
    floor: float
    """The height of the lowest point."""
    overhang: float
    """How far the centre of mass is outside the support; 0 or less is balanced."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    code: Code
    detail: str


def measure(posed: Posed, pose: Pose, sole: float) -> Figures:
    """The figures of a posed body whose soles are `sole` metres thick."""
    placed, body = posed.placed, template()
    feet = skin(placed, shod(placed.rest, sole), body.weights)
    feet = on_floor(feet, pose)
    over = 0.0
    if pose.contact is Contact.STANDING:
        over, _ = balance.overhang(placed, pose, sole)
    return Figures(
        depth=deepest(posed.points),
        supports=tuple(_supports(posed, pose, feet)),
        floor=_lowest(feet, "", ""),
        overhang=over,
    )


def _supports(posed: Posed, pose: Pose, feet: Floats) -> Iterator[tuple[str, float]]:
    for side in SIDES:
        leg = leg_of(pose, side)
        if pose.contact is Contact.JUMPING:
            continue
        if leg.laid and pose.contact in ON_THE_BODY:
            yield f"leg.{side}", _lowest(feet, side, *LOWER_LEG)
        elif leg.planted:
            yield f"foot.{side}", _lowest(feet, side, "foot", "toe")
        elif kneels(pose, side):
            yield f"knee.{side}", _lowest(feet, side, "upperleg02", "lowerleg")
            yield f"foot.{side}", _lowest(feet, side, "foot", "toe")
    for side, arm in (("L", pose.left_arm), ("R", pose.right_arm)):
        if arm.reach is not None and arm.reach.to is Anchor.FLOOR:
            yield f"hand.{side}", _lowest(feet, side, *HAND)
    if pose.contact is Contact.JUMPING:
        high = pose.lift * posed.placed.rest.height / REFERENCE_HEIGHT
        yield "air", _lowest(feet, "", "") - high
    elif pose.contact in ON_THE_BODY:
        yield "body", _lowest(feet, "", "")


def _lowest(points: Floats, side: str, *bones: str) -> float:
    """The height of the lowest skin that these bones move."""
    mask = skin_mask() & (template().influence(*bones, side=side) > HALF)
    return float(points[mask, 1].min())


def faults(pose: Pose, figures: Figures) -> tuple[Fault, ...]:
    """What is wrong with a pose, each with its code; empty for one to be believed."""
    return tuple(_faults(pose, figures))


def _faults(pose: Pose, figures: Figures) -> Iterator[Fault]:
    for strain in strains(pose):
        yield Fault("joint-limits", str(strain))
    if figures.depth >= DEEPEST:
        yield Fault("limb-penetration", f"{figures.depth * 1000:.0f} mm deep")
    for part, height in figures.supports:
        if abs(height) > TOUCHING:
            yield Fault("no-contact", f"{part} is {height * 1000:.0f} mm off")
    if figures.floor < -SUNK:
        yield Fault("floor-penetration", f"{-figures.floor * 1000:.0f} mm deep")
    if figures.overhang > 0:
        yield Fault("out-of-balance", f"{figures.overhang * 1000:.0f} mm outside")
