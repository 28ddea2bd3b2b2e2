"""What of an outfit can be worn in a pose, and what is worn instead."""

from collections.abc import Iterator, Mapping

from lumiku_contracts.scene import (
    Appearance,
    Contact,
    Garment,
    GarmentKind,
    Leg,
    Pattern,
    Pose,
)
from lumiku_contracts.wardrobe import PELVIS
from lumiku_studio.wardrobe.skirt import FALLS

INSTEAD: Mapping[GarmentKind, tuple[GarmentKind, ...]] = {
    GarmentKind.TUNIC: (GarmentKind.SHIRT,),
    GarmentKind.ABAYA: (GarmentKind.TUNIC, GarmentKind.TROUSERS),
    GarmentKind.DRESS: (GarmentKind.TUNIC, GarmentKind.TROUSERS),
    GarmentKind.SKIRT: (GarmentKind.TROUSERS,),
}
"""What covers as much and survives every pose."""
PELVIS_ONLY = PELVIS - {GarmentKind.DRESS}


KNEE = 1.0  # chart `leg` of a hem beyond which both legs must carry what hangs
WIDE = 50.0
"""Degrees that thighs may be apart, ahead or aside, under what hangs to the shins."""

ASTRIDE = 90.0
"""Degrees that thighs may be apart aside under a tunic."""
STRIDE = 65.0
"""Degrees that thighs may be apart ahead under a tunic: beyond it stands off both."""
DEEP = 0.42  # of a dress's colour, that trousers in its place have
RAISED = (75.0, 45.0)
"""Degrees ahead and aside beyond which a leg in the air is raised."""


def allowed(kind: GarmentKind, pose: Pose) -> bool:
    """Whether a garment keeps its shape in a pose."""
    if kind not in FALLS:
        return True
    legs = (pose.left_leg, pose.right_leg)
    if FALLS[kind].hem > KNEE:
        left, right = legs
        apart = max(abs(left.forward - right.forward), left.away + right.away)
        steady = all(leg.planted for leg in legs) and apart <= WIDE
    else:
        drawn_up = pose.contact is Contact.FLOOR and not all(leg.laid for leg in legs)
        astride = sum(leg.away for leg in legs) > ASTRIDE
        far = abs(legs[0].forward - legs[1].forward) > STRIDE
        steady = not (drawn_up or astride or far or any(map(_raised, legs)))
    return steady and pose.contact in FALLS[kind].contacts


def _raised(leg: Leg) -> bool:
    """Whether a leg in the air lifts the hem of a tunic."""
    free = not leg.planted and not leg.laid
    return free and (leg.forward > RAISED[0] or leg.away > RAISED[1])


def fitted(look: Appearance, pose: Pose) -> tuple[Appearance, tuple[str, ...]]:
    """The appearance in garments that survive the pose, and a warning for each change.

    What would break is replaced by what covers as much, in the same colours;
    trousers under a tunic in a deep shade.
    """
    broken = [g for g in look.outfit if not allowed(g.kind, pose)]
    if not broken:
        return look, ()
    outfit = [g for g in look.outfit if g not in broken]
    warnings = []
    for garment in broken:
        others = tuple(_instead(garment.kind, pose))
        below = any(g.kind in PELVIS for g in outfit)
        worn = [k for k in others if not (below and k in PELVIS)]
        outfit = [_as(garment, kind) for kind in worn] + outfit
        names = " and ".join(worn) or "what is worn under it"
        warnings.append(
            f"A {garment.kind} does not go with this {pose.contact} pose: "
            f"{names} instead."
        )
    return look.model_copy(update={"outfit": tuple(outfit)}), tuple(warnings)


def _instead(kind: GarmentKind, pose: Pose) -> Iterator[GarmentKind]:
    """What is worn in place of what a pose would break."""
    for other in INSTEAD[kind]:
        if allowed(other, pose):
            yield other
        else:
            yield from _instead(other, pose)


def _as(garment: Garment, kind: GarmentKind) -> Garment:
    plain = kind in PELVIS and garment.kind not in PELVIS_ONLY
    change: dict[str, object] = {"kind": kind}
    if plain:
        change |= {"pattern": Pattern.PLAIN, "colour": _deep(garment.colour)}
    return garment.model_copy(update=change)


def _deep(colour: str) -> str:
    """A deep shade: trousers as bright as a dress over them look like a part of it."""
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(part * DEEP):02x}" for part in parts)
