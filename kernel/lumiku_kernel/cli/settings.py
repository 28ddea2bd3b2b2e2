"""Settings as a table, and as a file."""

import os
from typing import Any

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from lumiku_kernel.filed import place
from lumiku_kernel.plugins import load
from lumiku_kernel.plugins.settings import prefix
from lumiku_kernel.settings import Settings


def described(settings: Settings) -> list[dict[str, Any]]:
    """Each setting: names in the environment, value in force, default, meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        rows.append(
            {
                "names": _names(field, f"LUMIKU_{name.upper()}"),
                "value": shown(getattr(settings, name)),
                "default": "" if field.default is None else field.default,
                "description": field.description,
            }
        )
    return rows


def shown(value: Any) -> Any:
    """A value as it may be read: of a secret address all but what is secret in it."""
    if not isinstance(value, SecretStr):
        return value
    plain = value.get_secret_value().strip()
    return masked(plain) if "://" in plain else value


def masked(url: str) -> str:
    """An address without its password: scheme, user, host, port and name stay.

    What stands behind a question mark may hold a password too, and is left out.
    """
    scheme, _, rest = url.partition("://")
    where, _, more = rest.partition("?")
    who, at, place = where.rpartition("@")
    user, colon, _ = who.partition(":")
    return f"{scheme}://{user}{colon and ':********'}{at}{place}{'?…' if more else ''}"


IN_USE = {"DATABASE_URL": "database", "REDIS_URL": "redis"}
"""Addresses that are put together of several settings."""


def origin(names: list[str]) -> str:
    """Where a setting's value comes from."""
    for name in names:
        if os.environ.get(name) is not None:
            return f"the environment variable {name}"
    file = place(tuple(names))
    return f"the file {file}" if file else "the default: it is not set"


def in_use(settings: Settings, names: list[str]) -> str | None:
    """What an address that is put together comes to, without its password."""
    made = next((IN_USE[name] for name in names if name in IN_USE), None)
    if made is None:
        return None
    url = getattr(settings, made)
    return masked(url) if url else "none"


def _names(field: FieldInfo, plain: str) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [plain if alias is None else str(alias)]


def example_file() -> str:
    """All settings, the plugins' too, as an env file in which nothing is set."""
    lines = [
        "# All settings, as they are when nothing is said: lumiku config --example"
    ]
    for row in described(Settings.model_construct()):
        lines += ["", f"# {row['description']}", f"#{row['names'][0]}={row['default']}"]
    for plugin in sorted(load(Settings()).ready.values(), key=lambda one: one.id):
        declared: list[Any] = [plugin.settings]
        declared += [one.settings for one in plugin.providers]
        for settings in dict.fromkeys(one for one in declared if one is not None):
            for name, field in settings.model_fields.items():
                (first, *_) = _names(field, prefix(plugin.id) + name.upper())
                needed = "needed" if field.is_required() else "may be set"
                told = field.description or f"Of {plugin.id}; {needed}."
                lines += ["", f"# {told}", f"#{first}="]
    return "\n".join(lines)
