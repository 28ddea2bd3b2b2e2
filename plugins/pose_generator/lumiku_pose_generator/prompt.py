"""A scene in words, for models that cannot read one."""

from lumiku_contracts.resources import Avatar
from lumiku_contracts.scene import (
    BackdropKind,
    Expression,
    Headwear,
    Light,
    Scene,
)

NEGATIVE = "deformed hands, extra limbs, nudity, child, text, watermark"
FEMININE, MASCULINE = 0.6, 0.4
MUCH = 0.3
"""From which a light is worth a word, of one."""
USUAL = -35
"""Where the main light stands if nothing is said, in degrees."""


def prompt(
    described: str, avatar: Avatar, scene: Scene, behind: str | None = None
) -> str:
    """One paragraph: the person, the clothes, the pose, what is behind."""
    look = scene.appearance
    clothes = ", ".join(
        f"{garment.kind.value} in {garment.colour}" for garment in look.outfit
    )
    told = (
        f"Fashion photograph of {_person(scene)}, {look.age} years old",
        f"{look.skin.value} skin",
        _hair(scene),
        f"wearing {clothes}" if clothes else "fully dressed",
        avatar.description,
        described,
        _face(scene.expression),
        behind or _behind(scene),
        _light(scene.light),
    )
    return ". ".join(text.rstrip(".") for text in told if text) + "."


def _person(scene: Scene) -> str:
    femininity = scene.appearance.physique.femininity
    if femininity >= FEMININE:
        return "a woman"
    return "a man" if femininity <= MASCULINE else "an androgynous person"


def _hair(scene: Scene) -> str:
    look = scene.appearance
    if look.headwear is not Headwear.NONE:
        return f"{look.headwear.value} in {look.headwear_colour}"
    return f"{look.hair.value} hair in {look.hair_colour}"


def _face(expression: Expression) -> str:
    return "" if expression is Expression.NEUTRAL else f"{expression.value} expression"


def _behind(scene: Scene) -> str:
    if scene.backdrop.kind is BackdropKind.TRANSPARENT:
        return "plain white background"
    return f"studio background in {scene.backdrop.colour}, soft light"


def _light(light: Light) -> str:
    if light == Light():
        return ""
    side = "left" if USUAL + light.turn < 0 else "right"
    warm = "warm " if light.warmth > MUCH else "cool " if light.warmth < -MUCH else ""
    hard = "hard " if light.contrast > MUCH else ""
    return f"{hard or 'soft '}{warm}light from the {side}"
