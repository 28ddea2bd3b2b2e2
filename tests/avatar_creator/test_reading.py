"""A description in two languages says looks, and what it does not say is told."""

import pytest

from lumiku_avatar_creator.reading import read
from lumiku_avatar_creator.request import Generate, designed
from lumiku_contracts import Refused
from lumiku_contracts.scene import Expression, GarmentKind, Headwear


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a woman with long black hair", {"gender": "feminine", "hair": "long"}),
        ("perempuan berambut panjang hitam", {"gender": "feminine", "hair": "long"}),
        (
            "red hijab, blue eyes",
            {"headwear_colour": "#b3262e", "eyes": "#4f7fae"},
        ),
        (
            "hijab merah, mata biru",
            {"headwear_colour": "#b3262e", "eyes": "#4f7fae"},
        ),
        ("pria 45 tahun berkumis", {"age": 45, "beard": "moustache"}),
        ("tall athletic african man", {"body": "athletic", "origin": "african"}),
        ("kulit sawo matang", {"skin": "medium"}),
        ("very dark skin", {"skin": "deep"}),
        ("berpeci, tertawa", {"headwear": "peci", "expression": "laugh"}),
    ],
)
def test_words_become_looks(text: str, said: dict[str, object]) -> None:
    looks = read(text).looks

    assert {name: looks.get(name) for name in said} == said


@pytest.mark.parametrize(
    "text", ["a man in a blue shirt and black trousers", "kemeja biru dan celana hitam"]
)
def test_colours_belong_to_their_garments_in_both_languages(text: str) -> None:
    shirt, trousers = read(text).garments

    assert shirt == {"kind": "shirt", "colour": "#2f5ea8"}
    assert trousers == {"kind": "trousers", "colour": "#1a1a1c"}


def test_what_is_not_understood_is_told() -> None:
    reading = read("a woman with curly hair and a dragon tattoo")

    assert reading.not_understood == ("dragon", "tattoo")
    assert reading.looks["hair"] == "curly"


@pytest.mark.parametrize(
    "text", ["a 12 year old girl", "anak kecil", "gadis berusia 16 tahun", "a teenager"]
)
def test_a_description_of_somebody_below_adult_age_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        designed(Generate(text=text))

    assert refused.value.code == "not-adult"


def test_a_description_alone_makes_a_dressed_adult() -> None:
    person = designed(Generate(text="perempuan berjilbab, gamis hijau, tersenyum"))

    assert person.appearance.headwear is Headwear.HIJAB
    kinds = [piece.kind for piece in person.appearance.outfit]
    assert kinds == [GarmentKind.ABAYA, GarmentKind.TROUSERS]
    assert person.expression is Expression.SMILE
    assert person.appearance.physique.femininity > 0.9


def test_attributes_go_before_the_description() -> None:
    request = {"text": "old man", "attributes": {"age": 30}}

    assert designed(Generate.model_validate(request)).appearance.age == 30
