"""Contact sheets of the library and the wardrobe."""

import io
from pathlib import Path

import pytest
from PIL import Image

from lumiku_contracts.scene import HairStyle, Headwear
from lumiku_studio.album.chosen import small
from lumiku_studio.album.scenes import FOR_WOMEN, VEILS, heads, wardrobe, whole_library
from lumiku_studio.album.sheets import CAPTION, Layout, pages
from lumiku_studio.album.sources import people, poses
from lumiku_studio.wardrobe.checks import check_covered

ROOT = Path(__file__).parent.parent.parent
POSES = ROOT / "plugins/pose_generator/lumiku_pose_generator/poses.json"
PEOPLE = ROOT / "plugins/avatar_creator/lumiku_avatar_creator/presets.json"


def test_the_whole_library_is_drawn_once_with_everybody() -> None:
    everybody, shown = people(PEOPLE), poses(POSES)

    captions = [words for words, _ in whole_library(everybody, shown)]

    assert [words.split(":")[0] for words in captions] == list(shown)
    assert {words.split(": ")[1] for words in captions} == set(everybody)


def test_the_wardrobe_dresses_everybody_and_shows_every_veil() -> None:
    everybody = people(PEOPLE)
    shown = poses(None)["standing-relaxed"]

    drawn = dict(wardrobe(everybody, shown))

    assert {words.split()[0] for words in drawn} == set(everybody)
    assert {scene.appearance.headwear for scene in drawn.values()} == set(Headwear)
    assert {scene.appearance.hair for scene in drawn.values()} >= {"afro", "bun"}
    for words, scene in drawn.items():
        check_covered(scene.appearance)
        man = everybody[words.split()[0]].appearance.physique.femininity < 0.5
        assert not (man and scene.appearance.headwear in VEILS)
        assert not (man and words.split()[1] in FOR_WOMEN)


def test_heads_show_everybody_with_every_hair_style_and_headwear() -> None:
    somebody = people(None)

    looks = [scene.appearance for _, scene in heads(somebody, poses(None)["waving"])]

    for kinds, field in ((HairStyle, "hair"), (Headwear, "headwear")):
        seen = [getattr(look, field) for look in looks]
        assert all(seen.count(kind) >= len(somebody) for kind in kinds)


def test_a_page_of_pictures_has_captions_and_no_empty_rows() -> None:
    shown = poses(None)["standing-relaxed"]
    some = iter(list(wardrobe(people(None), shown))[:3])

    (page,) = pages(some, Layout(across=2, down=4, size=(48, 64)))

    assert page.size == (96, 2 * (64 + CAPTION))


def test_a_picture_that_cannot_be_small_says_so() -> None:
    noise = Image.effect_noise((640, 640), 90).convert("RGB")

    with pytest.raises(ValueError, match="no quality"):
        small(noise, 9_000)
    with Image.open(io.BytesIO(small(noise.resize((64, 64))))) as made:
        assert made.format == "WEBP"
