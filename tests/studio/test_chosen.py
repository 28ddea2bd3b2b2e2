"""The chosen pictures of the documentation."""

from pathlib import Path

import pytest
from PIL import Image

from lumiku_studio.album.chosen import LARGEST, Chosen, chosen
from lumiku_studio.album.sources import people, poses

ROOT = Path(__file__).parent.parent.parent
POSES = ROOT / "plugins/pose_generator/lumiku_pose_generator/poses.json"
PEOPLE = ROOT / "plugins/avatar_creator/lumiku_avatar_creator/presets.json"
PICTURES = ROOT / "docs" / "pictures"
CHOSEN = chosen(PICTURES / "chosen.json")


@pytest.mark.parametrize("one", CHOSEN, ids=lambda one: one.name)
def test_a_chosen_picture_is_there_small_and_marked(one: Chosen) -> None:
    path = PICTURES / f"{one.name}.webp"

    assert path.stat().st_size <= LARGEST
    with Image.open(path) as picture:
        assert b"digitalCreation" in picture.info["xmp"]
    assert one.scene(people(PEOPLE), poses(POSES)).appearance.outfit


def test_twelve_pictures_are_chosen_of_people_who_differ() -> None:
    assert len(CHOSEN) == 12
    assert len({one.person for one in CHOSEN}) == 12
