"""What a viewer sends to `generate`, and the person it describes."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_avatar_creator.outfit import missing
from lumiku_avatar_creator.persona import Age, Name, Persona
from lumiku_avatar_creator.presets import Preset, presets
from lumiku_avatar_creator.reading import Reading, read
from lumiku_avatar_creator.words import (
    AGES,
    BODIES,
    COLOURS,
    ORIGINS,
    OUTFITS,
    PLAIN_COLOUR,
    AgeRange,
    BodyType,
    Origin,
    Style,
)
from lumiku_contracts import ItemSpec, Refused
from lumiku_contracts.scene import (
    Appearance,
    Beard,
    Colour,
    Expression,
    Eyewear,
    FaceShape,
    Garment,
    GarmentKind,
    HairStyle,
    Headwear,
    SkinTone,
    Unit,
)

FIRST: Final = "maya"
NAMELESS: Final = "New avatar"
MOST_WORN: Final = 8
FEMININITY: Final = {"feminine": 0.95, "androgynous": 0.5, "masculine": 0.05}


class Part(BaseModel):
    """The common ground of the request: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Build(Part):
    """The body; each value between the ends that its name spans, 0.0-1.0."""

    height: Unit | None = None
    weight: Unit | None = None
    muscle: Unit | None = None
    proportions: Unit | None = None
    african: Unit | None = None
    asian: Unit | None = None
    caucasian: Unit | None = None


class Attributes(Part):
    """The looks; what is not given stays as it is in the preset, or is plain."""

    gender: Literal["feminine", "masculine", "androgynous"] | None = None
    age: Age | None = None
    age_range: AgeRange | None = Field(None, description="The age in a word.")
    origin: Origin | None = Field(
        None, description="Where the face is from; sets the skin too, unless given."
    )
    body: BodyType | None = Field(None, description="The build in a word.")
    style: Style | None = Field(None, description="An outfit of this kind.")
    build: Build = Build()
    face: FaceShape | None = None
    features: int | None = Field(
        None, ge=0, lt=2**31, description="Picks the small differences of a face."
    )
    skin: SkinTone | None = None
    eyes: Colour | None = None
    hair: HairStyle | None = None
    hair_colour: Colour | None = None
    beard: Beard | None = None
    eyewear: Eyewear | None = None
    headwear: Headwear | None = None
    headwear_colour: Colour | None = None
    makeup: Unit | None = None
    outfit: tuple[Garment, ...] | None = Field(None, max_length=8)


class Generate(Part):
    """A portrait and its avatar; `{}` is the first preset as it stands."""

    name: Name | None = None
    preset: str | None = Field(None, max_length=64, description="Whom to begin with.")
    attributes: Attributes | None = Field(
        None, description="The looks, or how they differ from the preset's."
    )
    text: str | None = Field(
        None,
        min_length=2,
        max_length=2000,
        description="The looks in words, in English or Indonesian.",
    )
    expression: Expression | None = None
    description: str | None = Field(None, max_length=500)
    persona: Persona | None = None
    noise_seed: int = Field(0, ge=0, lt=2**31)


@dataclass(frozen=True, slots=True)
class Design:
    """The person that a request describes; `added` are garments nobody asked for."""

    name: str
    description: str
    persona: Persona
    appearance: Appearance
    expression: Expression
    preset: str | None = None
    added: tuple[Garment, ...] = ()
    understood: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()


def items(request: Generate) -> tuple[ItemSpec, ...]:
    """One portrait; refuses an unknown preset."""
    return (ItemSpec(designed(request).name),)


def designed(request: Generate) -> Design:
    """The person described, dressed; raises `Refused` for an unknown preset."""
    base = _base(request)
    looks = base.appearance
    said: dict[str, Any] = {}
    if request.text is not None:
        reading = read(request.text)
        looks = changed(looks, told(reading))
        said = {
            "understood": reading.understood,
            "not_understood": reading.not_understood,
            "expression": Expression(
                reading.looks.get("expression", base.expression.value)
            ),
        }
    looks = changed(looks, request.attributes)
    added = missing(looks.outfit)
    said |= {
        field: getattr(request, field)
        for field in ("name", "description", "persona", "expression")
        if getattr(request, field) is not None
    }
    return replace(
        base,
        appearance=looks.model_copy(update={"outfit": looks.outfit + added}),
        added=added,
        **said,
    )


def told(reading: Reading) -> Attributes:
    """What a description says, as attributes."""
    looks = {
        name: value
        for name, value in reading.looks.items()
        if name not in {"expression", "height"}
    }
    outfit = tuple(
        Garment.model_validate(
            {"colour": COLOURS.get(GarmentKind(piece["kind"]), PLAIN_COLOUR)} | piece
        )
        for piece in reading.garments
    )
    if outfit:
        looks["outfit"] = outfit[:MOST_WORN]
    if "height" in reading.looks:
        looks["build"] = {"height": reading.looks["height"]}
    return Attributes.model_validate(looks)


def changed(base: Appearance, attributes: Attributes | None) -> Appearance:
    """`base` with the given attributes in place of its own.

    A word stands for several values; a value given for itself goes before it.
    """
    if attributes is None:
        return base
    words = {"gender", "build", "age_range", "origin", "body", "style"}
    given = attributes.model_dump(exclude_none=True, exclude=words)
    said, physique = _worded(attributes)
    physique |= attributes.build.model_dump(exclude_none=True)
    return Appearance.model_validate(
        base.model_dump()
        | said
        | given
        | {"physique": base.physique.model_dump() | physique}
    )


def _worded(attributes: Attributes) -> tuple[dict[str, Any], dict[str, float]]:
    """What the words among the attributes stand for: looks, and the physique."""
    said: dict[str, Any] = {}
    physique: dict[str, float] = {}
    if attributes.gender is not None:
        physique["femininity"] = FEMININITY[attributes.gender]
        if attributes.gender != "masculine":
            said["beard"] = Beard.NONE
    if attributes.age_range is not None:
        said["age"] = AGES[attributes.age_range]
    if attributes.origin is not None:
        shares, said["skin"] = ORIGINS[attributes.origin]
        physique |= shares
    if attributes.body is not None:
        physique |= BODIES[attributes.body]
    if attributes.style is not None:
        said["outfit"] = OUTFITS[attributes.style]
    return said, physique


def _base(request: Generate) -> Design:
    if request.preset is None and (request.attributes or request.text):
        return Design(NAMELESS, "", Persona(), Appearance(), Expression.NEUTRAL)
    preset = _known(request.preset or FIRST)
    base = Design(
        preset.name,
        preset.description,
        preset.persona,
        preset.appearance,
        preset.expression,
        preset.id,
    )
    if request.attributes is None and request.text is None:
        return base
    # What was said of the preset's looks need not be true of the changed ones.
    looks = request.attributes or Attributes()
    age = (
        looks.age
        or (AGES[looks.age_range] if looks.age_range else None)
        or preset.persona.age
    )
    return replace(
        base, description="", persona=preset.persona.model_copy(update={"age": age})
    )


def _known(ident: str) -> Preset:
    preset = presets().get(ident)
    if preset is None:
        raise Refused(
            "unknown-preset",
            f"There is no preset “{ident}”.",
            fix="GET /api/apps/avatar-creator/presets lists them.",
        )
    return preset
