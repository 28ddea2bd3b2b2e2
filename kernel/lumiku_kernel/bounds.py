"""Settings that bound what plugins may take and reach."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Bounds(BaseSettings):
    """The part of `Settings` that is about runners and about what goes out."""

    model_config = SettingsConfigDict(env_prefix="LUMIKU_", populate_by_name=True)

    warm_runners: bool = Field(
        True, description="Open the embedded providers before a job asks for them."
    )
    runner_memory_mb: Annotated[int, Field(ge=256)] = Field(
        2500, description="A runner that has grown larger is replaced."
    )
    runner_memory_limit_mb: Annotated[int, Field(ge=256)] = Field(
        3000, description="A runner that grows larger at an item is ended with it."
    )
    runner_disk_mb: Annotated[int, Field(ge=16)] = Field(
        2000, description="What a runner may keep in temporary files."
    )
    runner_start_seconds: Annotated[float, Field(ge=1, le=600)] = Field(
        120.0, description="How long a runner may take to be ready."
    )
    output_max_mb: Annotated[int, Field(ge=1)] = Field(
        100, description="The largest file that a job may make."
    )
    runner_jobs: Annotated[int, Field(ge=1)] = Field(
        50, description="A runner is replaced after as many jobs."
    )
    outbound_private: str = Field(
        "",
        description="Comma-separated HOST:PORT that plugins and webhooks may reach "
        "though they are private, also by http.",
    )

    @field_validator("outbound_private")
    @classmethod
    def _with_ports(cls, said: str) -> str:
        for one in filter(None, (part.strip() for part in said.split(","))):
            host, _, port = one.rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f"“{one}” is not HOST:PORT")
        return said

    @property
    def near(self) -> frozenset[tuple[str, int]]:
        """Private hosts and ports that may be reached."""
        pairs = [
            one.strip().rpartition(":") for one in self.outbound_private.split(",")
        ]
        return frozenset(
            (host.strip("[]").lower(), int(port)) for host, _, port in pairs if host
        )
