"""What a photograph does not say for sure, for people to look at before they pay."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from lumiku_contracts.pose import Contact
from lumiku_contracts.senses import Doubt
from lumiku_studio.arrays import Floats
from lumiku_studio.photo.bearing import Bearing
from lumiku_studio.photo.frame import MARKS, SIDES, Frame
from lumiku_studio.photo.people import Person

LEGS = Doubt("legs-unseen", "The legs cannot be seen well: how they are is a guess.")
ARM = Doubt("arm-unseen", "An arm is out of sight: where it is, is a guess.")
SITS_OR_STANDS = Doubt("sits-or-stands", "It is not sure that this person stands.")
SITS_OR_SQUATS = Doubt("sits-or-squats", "They may sit on something, or squat.")
UNLIKE = Doubt("unlike", "The pose that was read differs from the photo.")
KNEES_SEEN, ANKLES_SEEN, ARM_SEEN = 0.5, 0.3, 0.1
"""How surely a joint is seen, from 0 to 1."""
HALF_SUNK, HALF_BENT = 0.9, 40.0
"""How much of the thighs' direction is down, and degrees of both knees, from which who
seems to stand may sit."""
LEANS = 0.18
"""How much the front of who sits looks down: who squats leans forwards."""
APART: Final = 0.17
"""The mean distance of joints from where they were seen, in sizes of the body."""
ERECT = {Contact.STANDING, Contact.STRIDING}
LOW = {Contact.SEATED, Contact.CROUCHING}


def doubts(frame: Frame, bearing: Bearing, person: Person) -> tuple[Doubt, ...]:
    """What is not sure of a reading."""
    return tuple(_doubts(frame, bearing, person.visible))


def _doubts(frame: Frame, bearing: Bearing, visible: Floats) -> Iterator[Doubt]:
    knees, ankles = (
        float(visible[list(MARKS[name])].min()) for name in ("knee", "ankle")
    )
    if knees < KNEES_SEEN or ankles < ANKLES_SEEN:
        yield LEGS
    if visible[[*MARKS["elbow"], *MARKS["wrist"]]].min() < ARM_SEEN:
        yield ARM
    sunk = [frame.between(f"hip{side}", f"knee{side}")[1] for side, _ in SIDES]
    bends = [frame.bend(f"hip{s}", f"knee{s}", f"ankle{s}") for s, _ in SIDES]
    half = np.mean(sunk) > -HALF_SUNK and min(bends) > HALF_BENT
    if bearing.contact in ERECT and half:
        yield SITS_OR_STANDS
    if bearing.contact in LOW and min(bends) > HALF_BENT and frame.front[1] < -LEANS:
        yield SITS_OR_SQUATS


def unlike(seen: Floats, drawn: Floats) -> bool:
    """Whether joints (n x 2) of a picture and a pose differ, up to size and place."""
    off = np.linalg.norm(_sized(seen) - _sized(drawn), axis=1)
    return bool(off.mean() > APART)


def _sized(points: Floats) -> Floats:
    here = points - points.mean(axis=0)
    out: Floats = here / max(float(np.sqrt((here**2).sum(axis=1).mean())), 1e-9)
    return out
