"""What of an outfit can be worn in a pose, and what is worn instead."""

from collections.abc import Mapping

from lumiku_contracts.scene import Appearance, Garment, GarmentKind, Pattern, Pose
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


def allowed(kind: GarmentKind, pose: Pose) -> bool:
    """Whether a garment keeps its shape in a pose."""
    return kind not in FALLS or pose.contact in FALLS[kind].contacts


def fitted(look: Appearance, pose: Pose) -> tuple[Appearance, tuple[str, ...]]:
    """The appearance in garments that survive the pose, and a warning for each change.

    What would break is replaced by what covers as much, in the same colours.
    """
    broken = [g for g in look.outfit if not allowed(g.kind, pose)]
    if not broken:
        return look, ()
    outfit = [g for g in look.outfit if g not in broken]
    warnings = []
    for garment in broken:
        others = INSTEAD[garment.kind]
        below = any(g.kind in PELVIS for g in outfit)
        worn = [k for k in others if not (below and k in PELVIS)]
        outfit = [_as(garment, kind) for kind in worn] + outfit
        names = " and ".join(worn) or "what is worn under it"
        warnings.append(
            f"A {garment.kind} does not go with a {pose.contact} pose: {names} instead."
        )
    return look.model_copy(update={"outfit": tuple(outfit)}), tuple(warnings)


def _as(garment: Garment, kind: GarmentKind) -> Garment:
    plain = kind in PELVIS and garment.kind not in PELVIS_ONLY
    change = {"kind": kind} | ({"pattern": Pattern.PLAIN} if plain else {})
    return garment.model_copy(update=change)
