"""What all requests of this app stand on."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a request: frozen, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
