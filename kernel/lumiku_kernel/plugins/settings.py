"""Plugins' settings: read from the environment here and nowhere else."""

from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin
from lumiku_kernel.logs import learn, secrets_of


def prefix(plugin_id: str) -> str:
    """The environment prefix of a plugin's settings."""
    return f"LUMIKU_{plugin_id.replace('-', '_').upper()}__"


@lru_cache
def read(settings: type[BaseSettings], plugin_id: str) -> BaseSettings:
    """The settings as the environment has them, or a pydantic `ValidationError`."""
    found = settings(_env_prefix=prefix(plugin_id))
    learn(secrets_of(found))
    return found


def settings_of(plugin: Plugin) -> Any:
    """A plugin's settings, or None if it declares none."""
    return None if plugin.settings is None else read(plugin.settings, plugin.id)


def missing(settings: type[BaseSettings], plugin_id: str) -> tuple[str, ...]:
    """The names of variables that must be set and are not, or are not valid."""
    return tuple(name for name, _ in _faults(settings, plugin_id))


def fault(plugin: Plugin) -> tuple[str, str] | None:
    """Code and reason, if what the plugin cannot do without is not set, or not valid.

    The reason names the variables and never has their values.
    """
    faults = _faults(plugin.settings, plugin.id) if plugin.settings else []
    lacking = [name for name, kind in faults if kind == "missing"]
    if lacking:
        return "SETTINGS_MISSING", f"{', '.join(lacking)} must be set."
    if faults:
        wrong = ", ".join(f"{name} ({kind})" for name, kind in faults)
        return "SETTINGS_INVALID", f"What is set is not valid: {wrong}."
    return None


def _faults(settings: type[BaseSettings], plugin_id: str) -> list[tuple[str, str]]:
    """The variables at fault, and pydantic's word for each fault."""
    try:
        read(settings, plugin_id)
    except ValidationError as problem:
        return [
            (
                _variable(settings, plugin_id, str(next(iter(error["loc"]), "?"))),
                error["type"],
            )
            for error in problem.errors(include_input=False, include_url=False)
        ]
    return []


def _variable(settings: type[BaseSettings], plugin_id: str, field: str) -> str:
    if field in settings.model_fields:
        return prefix(plugin_id) + field.upper()
    return field
