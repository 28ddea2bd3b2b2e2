"""What a viewer sends to `generate`, and the person it describes."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_avatar_creator.outfit import missing
from lumiku_avatar_creator.persona import Name, Persona
from lumiku_avatar_creator.presets import Preset, presets
from lumiku_contracts import ItemSpec, Refused
from lumiku_contracts.scene import (
    Appearance,
    Colour,
    Expression,
    Garment,
    HairStyle,
    Headwear,
    SkinTone,
    Unit,
)

FIRST: Final = "maya"
NAMELESS: Final = "New avatar"
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
    age: int | None = Field(None, ge=18, le=90)
    build: Build = Build()
    skin: SkinTone | None = None
    eyes: Colour | None = None
    hair: HairStyle | None = None
    hair_colour: Colour | None = None
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


def items(request: Generate) -> tuple[ItemSpec, ...]:
    """One portrait; refuses an unknown preset."""
    return (ItemSpec(designed(request).name),)


def designed(request: Generate) -> Design:
    """The person described, dressed; raises `Refused` for an unknown preset."""
    base = _base(request)
    looks = changed(base.appearance, request.attributes)
    added = missing(looks.outfit)
    said = {
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


def changed(base: Appearance, attributes: Attributes | None) -> Appearance:
    """`base` with the given attributes in place of its own."""
    if attributes is None:
        return base
    given = attributes.model_dump(exclude_none=True, exclude={"gender", "build"})
    physique = base.physique.model_dump() | attributes.build.model_dump(
        exclude_none=True
    )
    if attributes.gender is not None:
        physique["femininity"] = FEMININITY[attributes.gender]
    return Appearance.model_validate(base.model_dump() | given | {"physique": physique})


def _base(request: Generate) -> Design:
    if request.preset is None and request.attributes is not None:
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
    if request.attributes is None:
        return base
    # What was said of the preset's looks need not be true of the changed ones.
    age = request.attributes.age or preset.persona.age
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
