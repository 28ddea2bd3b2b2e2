"""Settings that say how long what is kept, where no tier says it."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class Keeping(BaseSettings):
    """The part of `Settings` that is about forgetting."""

    upload_days: Annotated[int, Field(ge=1)] | None = Field(
        None,
        description="Days until an upload is forgotten, if its tier is not sooner.",
    )
    delivery_days: Annotated[int, Field(ge=1)] = Field(
        30, description="Days until an ended message to a webhook is forgotten."
    )
