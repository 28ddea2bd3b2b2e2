"""Plugins' settings: read from the environment here and nowhere else."""

from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin
from lumiku_kernel import filed
from lumiku_kernel.logs import learn, secrets_of


def prefix(plugin_id: str) -> str:
    """The environment prefix of a plugin's settings."""
    return f"LUMIKU_{plugin_id.replace('-', '_').upper()}__"


def read(settings: type[BaseSettings], plugin_id: str) -> BaseSettings:
    """The settings as the environment has them, or a pydantic `ValidationError`.

    Secrets that lie in files are read again each time: they may have changed.
    """
    secrets = filed.given(settings, prefix(plugin_id), strict=False)
    return _made(settings, plugin_id, tuple(secrets.items()))


@lru_cache
def _made(
    settings: type[BaseSettings], plugin_id: str, secrets: tuple[tuple[str, str], ...]
) -> BaseSettings:
    given: dict[str, Any] = dict(secrets)
    found = settings(_env_prefix=prefix(plugin_id), **given)
    learn(secrets_of(found))
    return found


def of_files(plugin: Plugin) -> int:
    """A number that differs once a file holds another secret of this plugin's."""
    owners = (plugin.settings, *(one.settings for one in plugin.providers))
    return hash(
        tuple(
            tuple(filed.given(one, prefix(plugin.id), strict=False).items())
            for one in owners
            if one is not None
        )
    )


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
        field = prefix(plugin_id) + field.upper()
    return field if filed.place((field,)) is None else field + filed.SUFFIX
