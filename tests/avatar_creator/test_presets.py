"""The presets are adults, dressed, told in two languages, and open to everybody."""

from collections import Counter
from typing import Any

import pytest

from lumiku_avatar_creator import presets as people
from lumiku_avatar_creator.gallery import (
    PresetQuery,
    list_presets,
    show_preset,
    show_thumbnail,
)
from lumiku_avatar_creator.outfit import missing
from lumiku_avatar_creator.presets import presets
from lumiku_contracts import NotFound, Refused
from lumiku_contracts.scene import Headwear

EVERYBODY = sorted(presets())


@pytest.fixture
def call(caller: Any) -> Any:
    return caller("usr_test")


def test_the_first_three_are_there() -> None:
    assert set(presets()) >= {"maya", "aisyah", "budi"}
    assert presets()["aisyah"].appearance.headwear is Headwear.HIJAB


@pytest.mark.parametrize("preset_id", EVERYBODY)
def test_a_preset_is_a_dressed_adult_with_a_character(preset_id: str) -> None:
    preset = presets()[preset_id]

    assert preset.persona.age == preset.appearance.age
    assert missing(preset.appearance.outfit) == ()
    assert preset.persona.personality
    assert preset.persona.background
    assert preset.description != preset.description_id


def test_there_are_as_many_of_each_group_as_promised() -> None:
    groups = Counter(preset.category for preset in presets().values())

    assert groups == {
        "professional": 5,
        "casual": 5,
        "sports": 3,
        "fashion": 3,
        "traditional": 3,
    }


def test_no_two_presets_look_the_same() -> None:
    assert len({preset.digest for preset in presets().values()}) == len(presets())


def test_a_preset_is_an_avatar_that_says_it_is_one() -> None:
    maya = presets()["maya"]

    assert maya.avatar.preset
    assert maya.avatar.appearance == maya.appearance


def test_all_presets_are_listed_with_their_pictures(call: Any) -> None:
    page = list_presets(call, PresetQuery())

    assert [card.id for card in page.items] == list(presets())
    assert page.next_cursor is None
    assert page.items[0].thumbnail_url == (
        f"/api/apps/avatar-creator/presets/{page.items[0].id}/thumbnail"
    )


def test_a_category_leaves_its_own(call: Any) -> None:
    page = list_presets(call, PresetQuery(category="traditional"))

    assert {card.category for card in page.items} == {"traditional"}


def test_a_preset_is_shown_with_its_looks(call: Any) -> None:
    assert show_preset(call, "budi").appearance == presets()["budi"].appearance


@pytest.mark.parametrize("route", [show_preset, show_thumbnail])
def test_an_unknown_preset_is_not_found(call: Any, route: Any) -> None:
    with pytest.raises(NotFound):
        route(call, "../presets")


def test_a_missing_thumbnail_is_said_to_be_missing(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "thumbnail", lambda _: None)

    with pytest.raises(Refused) as refused:
        show_thumbnail(call, "maya")

    assert (refused.value.code, refused.value.status) == ("thumbnail-missing", 404)


@pytest.mark.parametrize("preset_id", EVERYBODY)
def test_a_preset_has_a_thumbnail_of_what_it_is_now(call: Any, preset_id: str) -> None:
    file = show_thumbnail(call, preset_id)

    assert (file.content[:4], file.content[8:12]) == (b"RIFF", b"WEBP")
    assert file.cache_seconds > 0
    assert people.baked()[preset_id]["digest"] == presets()[preset_id].digest
