"""A request describes one dressed adult, from a preset, from attributes, or both."""

from typing import Any

import pytest
from pydantic import ValidationError

from lumiku_avatar_creator.presets import presets
from lumiku_avatar_creator.request import NAMELESS, Design, Generate, designed, items
from lumiku_contracts import Refused
from lumiku_contracts.scene import Expression, GarmentKind, SkinTone
from lumiku_contracts.wardrobe import PELVIS, TORSO


def design(**wanted: Any) -> Design:
    return designed(Generate.model_validate(wanted))


def test_an_empty_request_is_the_first_preset_as_it_stands() -> None:
    maya = presets()["maya"]

    person = design()

    assert (person.name, person.preset) == ("Maya", "maya")
    assert person.appearance == maya.appearance
    assert person.persona == maya.persona


def test_a_preset_can_be_changed_by_attributes() -> None:
    person = design(
        preset="budi", attributes={"skin": "dark", "build": {"height": 0.9}}
    )

    budi = presets()["budi"].appearance
    assert person.appearance.skin is SkinTone.DARK
    assert person.appearance.physique.height == 0.9
    assert person.appearance.physique.muscle == budi.physique.muscle
    assert person.appearance.outfit == budi.outfit


def test_what_was_said_of_a_presets_looks_is_not_said_of_changed_ones() -> None:
    person = design(preset="budi", attributes={"age": 60, "hair": "long"})

    assert person.description == ""
    assert person.persona.age == person.appearance.age == 60
    assert person.persona.background == presets()["budi"].persona.background


def test_attributes_alone_begin_with_nobody() -> None:
    person = design(attributes={"gender": "masculine", "age": 40})

    assert (person.name, person.preset) == (NAMELESS, None)
    assert person.appearance.age == 40
    assert person.appearance.physique.femininity < 0.2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gender", "androgynous"),
        ("age", 61),
        ("skin", "fair"),
        ("eyes", "#123456"),
        ("hair", "long"),
        ("hair_colour", "#123456"),
        ("headwear", "hijab"),
        ("headwear_colour", "#123456"),
        ("makeup", 0.9),
        ("face", "square"),
        ("features", 12),
        ("beard", "goatee"),
        ("eyewear", "round"),
        ("age_range", "senior"),
        ("origin", "african"),
        ("body", "muscular"),
        ("style", "formal"),
        ("outfit", [{"kind": "abaya", "colour": "#123456"}]),
        *(
            ("build", {slider: 0.99})
            for slider in (
                "height", "weight", "muscle", "proportions",
                "african", "asian", "caucasian",
            )
        ),
    ],
)  # fmt: skip
def test_every_attribute_changes_the_looks(field: str, value: Any) -> None:
    plain = design(preset="maya")

    changed = design(preset="maya", attributes={field: value})

    assert changed.appearance != plain.appearance


def test_a_value_given_for_itself_goes_before_a_word() -> None:
    person = design(
        attributes={
            "origin": "african",
            "skin": "fair",
            "age_range": "senior",
            "age": 30,
        }
    )

    assert person.appearance.skin is SkinTone.FAIR
    assert person.appearance.age == 30
    assert person.appearance.physique.african == 1


def test_what_is_said_of_the_person_is_kept() -> None:
    person = design(
        name="Rani",
        description="Sells tea.",
        expression="serious",
        persona={"age": 50, "personality": ["patient"], "background": "Grew up here."},
    )

    assert person.name == "Rani"
    assert person.description == "Sells tea."
    assert person.expression is Expression.SERIOUS
    assert person.persona.personality == ("patient",)


@pytest.mark.parametrize("kind", list(GarmentKind))
def test_any_outfit_ends_up_covering(kind: GarmentKind) -> None:
    person = design(attributes={"outfit": [{"kind": kind.value, "colour": "#222222"}]})

    worn = {garment.kind for garment in person.appearance.outfit}
    assert worn & TORSO
    assert worn & PELVIS
    assert kind in worn


def test_nothing_to_wear_becomes_something_to_wear_and_is_said() -> None:
    person = design(attributes={"outfit": []})

    assert person.added
    assert person.appearance.outfit == person.added


def test_nothing_is_added_to_an_outfit_that_covers() -> None:
    assert design(preset="maya").added == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"attributes": {"age": 91}},
        {"persona": {"personality": ["x" * 51]}},
        {"persona": {"personality": ["kind"] * 11}},
        {"persona": {"background": "x" * 501}},
        {"attributes": {"makeup": 1.1}},
        {"attributes": {"outfit": [{"kind": "bikini", "colour": "#222222"}]}},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 101},
        {"prompt": "anything"},
        {"text": "x"},
        {"text": "x" * 2001},
    ],
)
def test_a_wrong_field_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Generate.model_validate(wrong)


@pytest.mark.parametrize("young", ["attributes", "persona"])
def test_somebody_below_adult_age_is_refused_by_a_word_of_its_own(young: str) -> None:
    with pytest.raises(Refused, match=r"18 years or more; not of 17\.$") as refused:
        Generate.model_validate({young: {"age": 17}})

    assert refused.value.code == "not-adult"


def test_there_is_one_portrait_to_pay_for() -> None:
    (item,) = items(Generate(name="Rani"))

    assert item.label == "Rani"


def test_an_unknown_preset_is_refused_before_anything_is_paid() -> None:
    with pytest.raises(Refused) as refused:
        items(Generate(preset="nobody"))

    assert refused.value.code == "unknown-preset"
    assert "nobody" in refused.value.detail


def test_a_request_survives_being_stored() -> None:
    request = Generate.model_validate(
        {"preset": "budi", "attributes": {"build": {"height": 0.9}}, "persona": {}}
    )

    again = Generate.model_validate_json(request.model_dump_json())

    assert again == request
    assert designed(again) == designed(request)
