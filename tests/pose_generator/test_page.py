"""The page is there for whoever an avatar is."""

from itertools import product

import pytest

from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import Appearance, HairStyle, Headwear, SkinTone
from lumiku_pose_generator.page import drawn


@pytest.mark.parametrize("skin", SkinTone)
def test_every_person_has_a_picture_or_a_drawing(skin: SkinTone) -> None:
    for hair, headwear in product(HairStyle, Headwear):
        looks = Appearance(skin=skin, hair=hair, headwear=headwear)
        one = drawn(Avatar(id="avt_1", name="Somebody", appearance=looks))

        assert one["skin"].startswith("#")
        assert one["hair"] in {"none", "short", "bob", "long"}
        covers = headwear not in {Headwear.NONE, Headwear.PECI}
        assert bool(one["scarf"]) == covers
