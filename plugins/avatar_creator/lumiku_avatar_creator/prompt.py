"""A person in words, for models that cannot read a scene."""

from lumiku_avatar_creator.request import Design
from lumiku_contracts.scene import Expression, Headwear

NEGATIVE = "deformed hands, extra limbs, nudity, child, text, watermark"
FEMININE, MASCULINE = 0.6, 0.4
HEAVY, LIGHT = 0.65, 0.35


def prompt(design: Design) -> str:
    """One paragraph: the person, the looks, the clothes."""
    look = design.appearance
    clothes = ", ".join(
        f"{piece.kind.value} in {piece.colour}" for piece in look.outfit
    )
    told = (
        f"Half-body studio portrait of {_person(design)}, {look.age} years old",
        _build(design),
        f"{look.skin.value} skin, eyes in {look.eyes}",
        _hair(design),
        f"wearing {clothes}",
        design.description,
        ", ".join(design.persona.personality),
        _face(design.expression),
    )
    return ". ".join(text.rstrip(".") for text in told if text) + "."


def _person(design: Design) -> str:
    femininity = design.appearance.physique.femininity
    if femininity >= FEMININE:
        return "a woman"
    return "a man" if femininity <= MASCULINE else "an androgynous person"


def _build(design: Design) -> str:
    body = design.appearance.physique
    words = (
        ("tall", body.height >= HEAVY),
        ("short", body.height <= LIGHT),
        ("heavy", body.weight >= HEAVY),
        ("slim", body.weight <= LIGHT),
        ("muscular", body.muscle >= HEAVY),
    )
    said = [word for word, true in words if true]
    return f"{' and '.join(said)} build" if said else ""


def _hair(design: Design) -> str:
    look = design.appearance
    if look.headwear is not Headwear.NONE:
        return f"{look.headwear.value} in {look.headwear_colour}"
    return f"{look.hair.value} hair in {look.hair_colour}"


def _face(expression: Expression) -> str:
    return "" if expression is Expression.NEUTRAL else f"{expression.value} expression"
