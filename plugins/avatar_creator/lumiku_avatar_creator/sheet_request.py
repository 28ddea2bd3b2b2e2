"""What a viewer sends to `sheet`."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_avatar_creator import people
from lumiku_contracts import Call, ItemSpec
from lumiku_contracts.scene import Expression

SIDES: Final[Mapping[str, float]] = {"front": 0, "three-quarter": 40, "side": 90}
"""Degrees that the camera goes around."""


class Sheet(BaseModel):
    """Whom to draw, and how they are to differ between the pictures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    avatar: str = Field(max_length=64, description="A preset, or one of your own.")
    kind: Literal["turnaround", "expressions"] = "turnaround"
    noise_seed: int = Field(0, ge=0, lt=2**31)


def check(call: Call, request: Sheet) -> None:
    """Raise `NotFound` for an avatar that the viewer may not use."""
    people.get(call, request.avatar)


def items(request: Sheet) -> tuple[ItemSpec, ...]:
    """One picture a side, or an expression."""
    names = tuple(SIDES) if request.kind == "turnaround" else tuple(Expression)
    return tuple(ItemSpec(str(name), {"name": str(name)}) for name in names)
