"""Resources that several plugins speak of."""

from pydantic import BaseModel, ConfigDict

from lumiku_contracts.scene import Appearance, Expression


class Avatar(BaseModel):
    """A person of the viewer's making, or a preset; the resource `avatar`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    appearance: Appearance
    expression: Expression = Expression.NEUTRAL
    description: str = ""
    preset: bool = False
    picture: str = ""
    """A path on this site where a picture of them is, or nothing."""
