"""Edges of garments: even, and close to where they should be."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Appearance, Expression, Pose
from lumiku_studio.arrays import Floats, Ints
from lumiku_studio.body.mesh import border_edges, surface
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.figure import pose_of
from lumiku_studio.scene.samples import AVATARS, POSES
from lumiku_studio.wardrobe.clothing import Worn, clothing
from lumiku_studio.wardrobe.fitting import fitted
from lumiku_studio.wardrobe.outfits import OUTFITS

LONG = 1.5  # chart `arm` beyond which a sleeve's end is a cuff
CLOSE, FARTHEST = 0.013, 0.018  # metres from the skin, on the whole and anywhere
INSIDE = 0.05  # metres of skin that go on inside a cuff
WORN = ("office", "meeting", "tunic", "knit", "training", "abaya")
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


@pytest.mark.parametrize("who", ["maya", "budi"])
@pytest.mark.parametrize("outfit", WORN)
def test_cuffs_lie_close_to_the_wrist_and_skin_goes_on_inside(
    outfit: str, who: str
) -> None:
    look = AVATARS[who].model_copy(update={"outfit": OUTFITS[outfit]})
    for name, pose in BENT.items():
        worn, skin, drawn = _dressed(look, pose)
        seen = skin[np.unique(drawn)]
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
            whole, _ = cKDTree(skin).query(part.points[: len(sewn.leg)][within])
            assert np.abs(shown - whole).max() < INSIDE / 10, name
            cuffs += 1
        assert cuffs, name
