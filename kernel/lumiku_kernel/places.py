"""Where an installation keeps its data, and who rings when it changes."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

DATABASES = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
"""Schemes of database URLs, and what SQLAlchemy calls them."""


class Places(BaseSettings):
    """The settings of these, as hosts name them too."""

    data_dir: Path = Field(Path(".lumiku"), description="Where all data lives.")
    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_DATABASE_URL", "DATABASE_URL"),
        description="postgresql://… or sqlite:///…; without it, in the data folder.",
    )
    database_password: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_DATABASE_PASSWORD", "DATABASE_PASSWORD"),
        description="The password for DATABASE_URL, if that has none.",
    )
    redis_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_REDIS_URL", "REDIS_URL"),
        description="Redis by which the processes of many machines ring each other.",
    )
    redis_host: str | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_REDIS_HOST", "REDIS_HOST"),
        description="Where Redis is, if REDIS_URL does not say it.",
    )
    redis_port: Annotated[int, Field(ge=1, le=65535)] = Field(
        6379,
        validation_alias=AliasChoices("LUMIKU_REDIS_PORT", "REDIS_PORT"),
        description="The port of REDIS_HOST.",
    )
    redis_password: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_REDIS_PASSWORD", "REDIS_PASSWORD"),
        description="The password of REDIS_HOST.",
    )

    @field_validator("database_url")
    @classmethod
    def _of_two_kinds(cls, url: SecretStr | None) -> SecretStr | None:
        """PostgreSQL's addresses as hosts give them get the driver's name."""
        if url is None or not url.get_secret_value().strip():
            return None
        return SecretStr(known_url(url.get_secret_value().strip()))

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        if self.database_url is not None:
            url = self.database_url.get_secret_value()
            return _with_password(url, self.database_password)
        return f"sqlite:///{self.data_dir.resolve() / 'lumiku.db'}"

    @property
    def redis(self) -> str | None:
        """The URL of Redis, if there is one."""
        if self.redis_url is not None:
            return self.redis_url.get_secret_value().strip() or None
        if not self.redis_host:
            return None
        secret = self.redis_password.get_secret_value() if self.redis_password else ""
        who = f":{quote(secret, safe='')}@" if secret else ""
        return f"redis://{who}{self.redis_host}:{self.redis_port}/0"


def _with_password(url: str, secret: SecretStr | None) -> str:
    """A PostgreSQL URL that names a user and no password gets this one."""
    scheme, _, rest = url.partition("://")
    who, at, where = rest.partition("@")
    if secret is None or not at or ":" in who or scheme == "sqlite":
        return url
    return f"{scheme}://{who}:{quote(secret.get_secret_value(), safe='')}@{where}"


def known_url(url: str) -> str:
    """A database's address with the driver's name; `ValueError` if of no known kind."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in DATABASES:
        raise ValueError("a postgresql:// or sqlite:/// URL")
    return f"{DATABASES[scheme]}://{rest}"
