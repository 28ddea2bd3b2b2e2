"""What the studio refuses to draw, whatever validation came before."""

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Appearance
from lumiku_contracts.wardrobe import uncovered

ADULT = 18


def check_adult(look: Appearance) -> None:
    """Refuse anybody below adult age, also where validation was bypassed."""
    if look.age < ADULT:
        raise Refused(
            "not-adult",
            f"The studio draws adults, of {ADULT} years or more.",
            fix=f"Give an age of {ADULT} or more.",
        )


def check_covered(look: Appearance) -> None:
    """Refuse an appearance that does not cover trunk and pelvis."""
    bare = uncovered(look.outfit)
    if bare:
        raise Refused(
            "uncovered",
            f"The outfit leaves the {' and the '.join(bare)} uncovered.",
            fix="Add a top, and trousers, shorts or a skirt, to the outfit.",
        )
