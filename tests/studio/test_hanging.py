"""Skirts hang near level, whatever legs and seats are under them."""

import numpy as np
import pytest

from lumiku_contracts.scene import Contact, Expression, GarmentKind, Leg, Pose
from lumiku_studio.arrays import Floats
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.wardrobe.clothing import clothing
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.skirt import AROUND, FALLS, RINGS

ASKEW = 0.045  # metres between the highest and the lowest place of a hem
OFF_FLOOR = 0.01  # metres
CROSSED = Pose(
    left_leg=Leg(away=1, rotate=6, plumb=True),
    right_leg=Leg(forward=12, away=-9, rotate=12, knee=16, toe=20, plumb=True),
)
WALKING = Pose(
    contact=Contact.STRIDING,
    left_leg=Leg(forward=22),
    right_leg=Leg(forward=-14, knee=18, toe=32),
)


def _hung(outfit: str, pose: Pose) -> Floats:
    whole = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    look, _ = fitted(whole, pose)
    assert {g.kind for g in look.outfit} & set(FALLS)
    person = dressed(look, Expression.NEUTRAL)
    cut, posed = person.tailored, pose_of(person, pose)
    (hung,) = clothing(cut.garments, look.outfit, cut.hips, posed).hanging
    return hung.points[: RINGS * AROUND].reshape(RINGS, AROUND, 3)


@pytest.mark.parametrize("outfit", ["abaya", "dress", "skirt", "tunic"])
@pytest.mark.parametrize("pose", [CROSSED, WALKING], ids=["crossed", "walking"])
def test_a_hem_hangs_near_level_though_one_leg_is_bent(outfit: str, pose: Pose) -> None:
    hem = _hung(outfit, pose)[-1]

    assert np.ptp(hem[:, 1]) < ASKEW


def test_who_kneels_has_the_hem_of_a_tunic_over_the_knees_and_off_the_floor() -> None:
    shin = Leg(forward=40, knee=140, ankle=-40, planted=False)
    kneeling = Pose(contact=Contact.KNEELING, left_leg=shin, right_leg=shin)

    hem = _hung("tunic", kneeling)[-1]

    assert hem[:, 1].min() > OFF_FLOOR


def test_trousers_in_the_place_of_a_dress_are_of_a_deep_shade() -> None:
    whole = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["dress"]})
    astride = Pose(left_leg=Leg(away=30), right_leg=Leg(away=30))

    worn = {g.kind: g.colour for g in fitted(whole, astride)[0].outfit}

    assert worn[GarmentKind.TROUSERS] == "#471d1a"
    assert worn[GarmentKind.TUNIC] == OUTFITS["dress"][0].colour
