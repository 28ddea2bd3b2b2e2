"""Garments cover, stay out of the body, and give way where a pose would break them."""

import itertools

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.errors import Refused
from lumiku_contracts.scene import Expression, Garment, GarmentKind
from lumiku_contracts.wardrobe import PELVIS, TORSO
from lumiku_studio.body.mesh import normals, triangles_of
from lumiku_studio.body.template import template
from lumiku_studio.scene.figure import dressed, pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.wardrobe import cloth
from lumiku_studio.wardrobe.checks import check_covered
from lumiku_studio.wardrobe.cut import CUTS
from lumiku_studio.wardrobe.fitting import INSTEAD, allowed, fitted
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.skirt import FALLS

DEEPEST = 0.003
CREASE = 0.3  # of a thigh or shin
TESTED = ("standing-relaxed", "walking", "sitting", "lunge")


@pytest.mark.parametrize("outfit", ["weekend", "office", "meeting", "training"])
def test_no_cloth_lies_deeper_than_three_millimetres_in_the_body(outfit: str) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    person = dressed(look, Expression.NEUTRAL)
    skin = np.unique(template().faces["body"])
    limbs = template().influence(
        "upperarm", "lowerarm", "wrist", "finger", "shoulder01"
    )
    skin = skin[limbs[skin] < 0.02]
    triangles = triangles_of(template().faces["body"])

    for pose in TESTED:
        posed = pose_of(person, POSES[pose])
        outward = normals(posed.points, triangles)[skin]
        tree = cKDTree(posed.points[skin])
        for sewn in person.garments:
            points = cloth.worn(sewn, posed.placed).points[: len(sewn.under)]
            distance, near = tree.query(points)
            depth = -((points - posed.points[skin][near]) * outward[near]).sum(axis=1)
            # In the creases of groin and knee, skin presses on skin, cloth between.
            crease = np.minimum(np.abs(sewn.leg), np.abs(sewn.leg - 1)) < CREASE
            lone = (distance < 0.03) & (sewn.arm < 0.02) & ~crease
            assert depth[lone].max() <= DEEPEST, (pose, sewn.kind)


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


def test_every_garment_that_may_break_has_something_to_be_worn_instead() -> None:
    assert set(INSTEAD) == set(FALLS)
    assert all(kind in CUTS for kinds in INSTEAD.values() for kind in kinds)
