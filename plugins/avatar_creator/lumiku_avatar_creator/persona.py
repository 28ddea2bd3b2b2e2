"""Who an avatar is meant to be, beside the looks."""

from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from lumiku_contracts import Refused

ADULT: Final = 18

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
"""What an avatar is called, without spaces around it."""


def _adult(age: Any) -> Any:
    if isinstance(age, int | float) and age < ADULT:
        raise Refused(
            "not-adult",
            f"Avatars are adults, of {ADULT} years or more; not of {age:g}.",
            fix=f"Give an age of {ADULT} to 90.",
        )
    return age


Age = Annotated[int, BeforeValidator(_adult), Field(ge=ADULT, le=90)]
"""Years; whoever is younger is refused (`not-adult`)."""


class Persona(BaseModel):
    """A character; `age` in years, adults only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: Age | None = None
    personality: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = Field(
        (), max_length=10
    )
    background: str = Field("", max_length=500)
