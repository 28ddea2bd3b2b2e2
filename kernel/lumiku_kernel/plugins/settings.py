"""Plugins' settings: read from the environment here and nowhere else."""

from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin


def prefix(plugin_id: str) -> str:
    """The environment prefix of a plugin's settings."""
    return f"LUMIKU_{plugin_id.replace('-', '_').upper()}__"


@lru_cache
def read(settings: type[BaseSettings], plugin_id: str) -> BaseSettings:
    """The settings as the environment has them, or a pydantic `ValidationError`."""
    return settings(_env_prefix=prefix(plugin_id))


def settings_of(plugin: Plugin) -> Any:
    """A plugin's settings, or None if it declares none."""
    return None if plugin.settings is None else read(plugin.settings, plugin.id)


def missing(settings: type[BaseSettings], plugin_id: str) -> tuple[str, ...]:
    """The names of variables that must be set and are not, or are not valid."""
    try:
        read(settings, plugin_id)
    except ValidationError as problem:
        return tuple(
            _variable(settings, plugin_id, str(error["loc"][0]))
            for error in problem.errors()
        )
    return ()


def _variable(settings: type[BaseSettings], plugin_id: str, field: str) -> str:
    if field in settings.model_fields:
        return prefix(plugin_id) + field.upper()
    return field
