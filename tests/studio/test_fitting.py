"""What is worn covers, and gives way to something else where a pose would break it."""

import itertools

import pytest

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Contact, Garment, GarmentKind, Leg, Pose
from lumiku_contracts.wardrobe import PELVIS, TORSO
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.wardrobe.checks import check_covered
from lumiku_studio.wardrobe.cut import CUTS
from lumiku_studio.wardrobe.fitting import INSTEAD, allowed, fitted
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.skirt import FALLS

STEP = Leg(forward=-14, knee=18, toe=32)


@pytest.mark.parametrize(
    ("top", "bottom"),
    list(itertools.product(sorted(TORSO), sorted(PELVIS))),
)
def test_every_top_with_every_bottom_covers_trunk_and_pelvis(
    top: GarmentKind, bottom: GarmentKind
) -> None:
    pieces = (
        Garment(kind=top, colour="#888888"),
        Garment(kind=bottom, colour="#444444"),
    )

    check_covered(AVATARS["maya"].model_copy(update={"outfit": pieces}))

    for alone in pieces[: 1 if top is not GarmentKind.DRESS else 0]:
        bare = AVATARS["maya"].model_copy(update={"outfit": (alone,)})
        with pytest.raises(Refused):
            check_covered(bare)


@pytest.mark.parametrize("outfit", OUTFITS)
@pytest.mark.parametrize("pose", POSES)
def test_an_outfit_fitted_to_a_pose_covers_and_survives_it(
    outfit: str, pose: str
) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})

    worn, warnings = fitted(look, POSES[pose])

    check_covered(worn)
    assert all(allowed(g.kind, POSES[pose]) for g in worn.outfit)
    assert bool(warnings) == (worn != look)


@pytest.mark.parametrize("outfit", ["abaya", "dress", "skirt"])
def test_what_hangs_to_the_shins_is_worn_with_both_feet_down_and_not_far_apart(
    outfit: str,
) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    walking = Pose(contact=Contact.STRIDING, left_leg=Leg(forward=22), right_leg=STEP)
    kicking = Pose(contact=Contact.STRIDING, left_leg=Leg(planted=False))
    astride = Pose(left_leg=Leg(away=30), right_leg=Leg(away=30))

    assert fitted(look, walking)[0] == look
    for pose in (kicking, astride):
        worn, (warning, *_) = fitted(look, pose)

        assert GarmentKind.TROUSERS in {g.kind for g in worn.outfit}
        assert "instead" in warning


def test_a_tunic_goes_with_laid_legs_but_not_astride_in_kicks_or_long_strides() -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS["tunic"]})
    up, laid = Leg(forward=128, knee=118), Leg(forward=82, planted=False, laid=True)

    drawn = Pose(contact=Contact.FLOOR, left_leg=up, right_leg=up)
    crossed = Pose(contact=Contact.FLOOR, left_leg=laid, right_leg=laid)

    kick = Leg(forward=88, knee=10, planted=False)
    kicking = Pose(contact=Contact.STRIDING, right_leg=kick)
    far = Leg(forward=82, away=52, planted=False, laid=True)
    lotus = Pose(contact=Contact.FLOOR, left_leg=far, right_leg=far)

    ahead, behind = Leg(forward=58, planted=False), Leg(forward=-26, toe=46)
    running = Pose(contact=Contact.STRIDING, left_leg=ahead, right_leg=behind)

    for pose in (drawn, kicking, lotus, running):
        assert GarmentKind.SHIRT in {g.kind for g in fitted(look, pose)[0].outfit}
    assert fitted(look, crossed)[0] == look


def test_every_garment_that_may_break_has_something_to_be_worn_instead() -> None:
    assert set(INSTEAD) == set(FALLS)
    assert all(kind in CUTS for kinds in INSTEAD.values() for kind in kinds)
