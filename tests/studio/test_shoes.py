"""Shoes open along one even, padded line, and no foot comes through them."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Expression
from lumiku_studio.body.mesh import surface
from lumiku_studio.scene.dressing import dressed
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.wardrobe import shoes
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.topline import ABOUT, AROUND
from lumiku_studio.wardrobe.upper import above

TURN = 22.0  # degrees from one step of the line to the next
MEETS = 0.002  # metres between skin and an upper that cross
BESIDE = 0.006  # metres from the padded edge that hides where they cross, aslant


@pytest.mark.parametrize("who", AVATARS)
def test_skin_leaves_a_shoe_only_under_its_padded_edge(who: str) -> None:
    look = AVATARS[who].model_copy(update={"outfit": OUTFITS["office"]})
    worn = dressed(look, Expression.NEUTRAL)
    skin = surface("body", 1).operator @ worn.rest.points
    shown = skin[np.unique(worn.tailored.skin_triangles)]
    (garment,) = (g for g in look.outfit if g.kind in shoes.FOOTWEAR)
    for line, (side, sign) in zip(
        shoes.toplines(worn.rest, garment, skin), shoes.SIDES, strict=True
    ):
        edge = line.edge()[0].reshape(AROUND, ABOUT, 3).mean(axis=1)
        steps = np.diff(np.concatenate([edge, edge[:2]]), axis=0)
        steps /= np.linalg.norm(steps, axis=1)[:, None]
        assert np.degrees(np.arccos((steps[1:] * steps[:-1]).sum(axis=1))).max() < TURN

        near = (shown[:, 0] * sign > 0) & (shown[:, 1] < worn.rest.floor + 0.11)
        own = shown[near]
        crossing = np.abs(above(worn.rest, side, own)) < MEETS
        assert crossing.any()
        assert cKDTree(line.edge()[0]).query(own[crossing])[0].max() < BESIDE
