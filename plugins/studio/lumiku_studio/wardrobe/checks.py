"""What the studio refuses to draw, whatever validation came before."""

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Appearance
from lumiku_studio.wardrobe.cut import PELVIS_KINDS, TRUNK_KINDS

ADULT = 18


def check_adult(look: Appearance) -> None:
    """Refuse anybody below adult age, also where validation was bypassed."""
    if look.age < ADULT:
        raise Refused(
            "not-adult", f"The studio draws adults, of {ADULT} years or more."
        )


def check_covered(look: Appearance) -> None:
    """Refuse an appearance that does not cover trunk and pelvis."""
    kinds = {garment.kind for garment in look.outfit}
    missing = [
        name
        for name, kinds_for in (("torso", TRUNK_KINDS), ("pelvis", PELVIS_KINDS))
        if not kinds & kinds_for
    ]
    if missing:
        raise Refused(
            "uncovered",
            f"The outfit leaves the {' and the '.join(missing)} uncovered.",
            fix="Add a top and trousers or jeans to the outfit.",
        )
