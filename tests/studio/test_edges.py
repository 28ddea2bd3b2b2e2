"""Edges of garments: even, and close to where they should be."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import (
    Appearance,
    Contact,
    Expression,
    Leg,
    Pelvis,
    Pose,
    Torso,
)
from lumiku_studio.arrays import Floats, Ints, Mask
from lumiku_studio.body.mesh import border_edges, crossed, normals, summed, surface
from lumiku_studio.body.template import template
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.shading.stage import Part
from lumiku_studio.wardrobe.cloth import LIP, Sewn
from lumiku_studio.wardrobe.clothing import Worn, clothing
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.outfits import OUTFITS

LONG = 1.5  # chart `arm` beyond which a sleeve's end is a cuff
CLOSE, FARTHEST = 0.013, 0.018  # metres from the skin, on the whole and anywhere
INSIDE = 0.05  # metres of skin that go on inside a cuff
WORN = ("office", "meeting", "tunic", "knit", "training", "abaya")
FLAT, FOLDED = 0.8, 0.0014
"""Share of its area that crumpled cloth faces one way with, and square metres of it."""
HEM, NEAR = -0.4, 0.03
"""Chart `leg` below which a hem is over trousers, and metres it is from them."""
DIPPING = 0.05  # share of a hem
BENT = {
    "elbow": POSES["arms-crossed"],
    "wrist": POSES["thinking"],
    "seated": POSES["sitting"],
}


def _dressed(look: Appearance, pose: Pose) -> tuple[Worn, Floats, Ints]:
    """What is worn in a pose, the skin's points, and its triangles that are drawn."""
    look, _ = fitted(look, pose)
    person = dressed(look, Expression.NEUTRAL)
    posed = pose_of(person, pose)
    tailored = person.tailored
    worn = clothing(tailored.garments, look.outfit, tailored.hips, posed)
    points = surface("body", 1).operator @ posed.points
    return worn.cut, points, tailored.skin_triangles


def _of_arms() -> Mask:
    """The skin of arms and hands."""
    share = template().influence(
        "upperarm", "lowerarm", "wrist", "metacarpal", "finger"
    )
    out: Mask = surface("body", 1).operator @ share > 0.5
    return out


@pytest.mark.parametrize("who", ["maya", "budi"])
@pytest.mark.parametrize("outfit", WORN)
def test_cuffs_lie_close_to_the_wrist_and_skin_goes_on_inside(
    outfit: str, who: str
) -> None:
    look = AVATARS[who].model_copy(update={"outfit": OUTFITS[outfit]})
    for name, pose in BENT.items():
        worn, skin, drawn = _dressed(look, pose)
        own = np.flatnonzero(_of_arms())
        arms, seen = skin[own], skin[np.intersect1d(own, drawn)]
        cuffs = 0
        for sewn, part in worn:
            rim = np.unique(border_edges(sewn.triangles))
            rim = rim[np.isinf(sewn.leg[rim]) & (sewn.arm[rim] > LONG)]
            if not len(rim):
                continue
            off, _ = cKDTree(skin).query(part.points[rim])
            assert off.mean() < CLOSE, name
            assert off.max() < FARTHEST, name
            within = np.isinf(sewn.leg) & (sewn.hem < INSIDE) & (sewn.arm > LONG)
            shown, _ = cKDTree(seen).query(part.points[: len(sewn.leg)][within])
            whole, _ = cKDTree(arms).query(part.points[: len(sewn.leg)][within])
            assert np.abs(shown - whole).max() < INSIDE / 10, name
            cuffs += 1
        assert cuffs, name


def test_no_shirt_is_folded_into_itself_on_a_bent_trunk() -> None:
    legs = Leg(forward=30, away=10, rotate=10, knee=45, plumb=True)
    pose = Pose(
        torso=Torso(bend=36),
        pelvis=Pelvis(tilt=48),
        left_leg=legs,
        right_leg=legs,
        contact=Contact.CROUCHING,
    )
    for outfit in ("stripes", "office", "knit"):
        look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
        worn, _, _ = _dressed(look, pose)

        assert max(_folded(sewn, part) for sewn, part in worn) < FOLDED, outfit


def _folded(sewn: Sewn, part: Part) -> float:
    """Square metres of a top's trunk whose triangles face all ways."""
    points = part.points[: len(sewn.leg)]
    face = crossed(points, sewn.triangles)
    size = np.linalg.norm(face, axis=0)
    sums = summed(np.vstack([face, size]), sewn.triangles, len(points))
    crumpled = np.linalg.norm(sums[:3], axis=0) < FLAT * sums[3]
    trunk = np.isfinite(sewn.leg) & (sewn.cut.top is None)
    return float(sums[3][crumpled & trunk].sum() / 6)


@pytest.mark.parametrize("outfit", ["weekend", "meeting", "office"])
def test_no_hem_of_a_top_dips_into_what_is_worn_below(outfit: str) -> None:
    look = AVATARS["maya"].model_copy(update={"outfit": OUTFITS[outfit]})
    for name, pose in BENT.items():
        worn, _, _ = _dressed(look, pose)
        lower = [(sewn, part) for sewn, part in worn if sewn.cut.top is not None]
        clouds = [part.points[: len(sewn.leg)] for sewn, part in lower]
        ways = [
            normals(cloud, sewn.triangles)
            for cloud, (sewn, _) in zip(clouds, lower, strict=True)
        ]
        solid, outward = np.concatenate(clouds), np.concatenate(ways)
        tree = cKDTree(solid)
        for sewn, part in worn:
            if sewn.cut.top is not None:
                continue
            hem = np.isfinite(sewn.leg) & (sewn.leg > HEM) & (sewn.hem < 0.001)
            turned = part.points[len(sewn.leg) :]
            own, _ = cKDTree(part.points[: len(sewn.leg)][hem]).query(turned)
            turned = turned[own < 2 * LIP]
            away, near = tree.query(turned)
            over = ((turned - solid[near]) * outward[near]).sum(axis=1)
            assert (over[away < NEAR] < 0).mean() < DIPPING, (name, sewn.kind)
