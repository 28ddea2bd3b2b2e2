"""The only reader of this provider's environment, and only when it is made."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class HuggingFaceSettings(BaseSettings):
    """What worker processes need; raises `ValidationError` without the key."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    api_key: SecretStr = Field(validation_alias="HUGGINGFACE_API_KEY", min_length=1)
    flux_model: str = Field(default="", validation_alias="FLUX_MODEL")
    """The upstream for a FLUX model that names none."""
    sdxl_model: str = Field(default="", validation_alias="SDXL_MODEL")
    """The upstream for an SDXL model that names none."""
