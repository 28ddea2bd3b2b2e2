"""What is sewn on a garment is as neat as a tailor's."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from lumiku_contracts.scene import Expression, GarmentKind
from lumiku_studio.body.mesh import surface
from lumiku_studio.body.shape import rest_shape
from lumiku_studio.scene.samples import AVATARS
from lumiku_studio.wardrobe.cloth import sew
from lumiku_studio.wardrobe.cut import layers
from lumiku_studio.wardrobe.outfits import OUTFITS
from lumiku_studio.wardrobe.trim import ALONG, trims
from lumiku_studio.wardrobe.weave import woven

TURN = 12.0  # degrees from one step of a collar's edge to the next
UNLIKE = 0.002  # metres between its left and its right half
LEAST_OFF, OFF_NECK = 0.004, 0.018  # metres from the neck to a collar's edge
CORNERS = 8  # steps at each end, where the leaf has its point


@pytest.mark.parametrize("who", AVATARS)
def test_a_shirt_s_collar_is_even_and_alike_on_both_sides(who: str) -> None:
    rest = rest_shape(AVATARS[who], Expression.NEUTRAL)
    (shirt,) = (
        sew(rest, one)
        for one in layers(OUTFITS["office"])
        if one.garment.kind is GarmentKind.SHIRT
    )
    edge = trims(rest, shirt)[0].points[-ALONG:]
    assert np.abs(edge - edge[::-1] * [-1, 1, 1]).max() < UNLIKE
    steps = np.diff(edge[CORNERS:-CORNERS], axis=0)
    steps /= np.linalg.norm(steps, axis=1)[:, None]
    turns = np.degrees(np.arccos(np.clip((steps[1:] * steps[:-1]).sum(axis=1), -1, 1)))
    assert turns.max() < TURN, turns.round(1)


@pytest.mark.parametrize("who", AVATARS)
def test_a_shirt_s_collar_stands_close_to_the_neck_and_not_in_it(who: str) -> None:
    rest = rest_shape(AVATARS[who], Expression.NEUTRAL)
    (shirt,) = (
        sew(rest, one)
        for one in layers(OUTFITS["office"])
        if one.garment.kind is GarmentKind.SHIRT
    )
    edge = trims(rest, shirt)[0].points[2 * ALONG : 3 * ALONG]
    skin = surface("body", 1).operator @ rest.points
    distance, _ = cKDTree(skin).query(edge)
    assert distance[CORNERS:-CORNERS].min() > LEAST_OFF
    assert distance[CORNERS:-CORNERS].max() < OFF_NECK, distance.round(4)


def test_cloth_in_the_very_middle_has_places_like_the_cloth_beside_it() -> None:
    rest = rest_shape(AVATARS["maya"], Expression.NEUTRAL)
    middle = np.stack([np.zeros(40), np.linspace(0.2, 0.9, 40), np.full(40, 0.1)]).T
    beside = middle + np.array([1e-9, 0, 0])
    np.testing.assert_allclose(woven(rest, middle), woven(rest, beside), atol=1e-6)
