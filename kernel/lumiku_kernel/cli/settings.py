"""Settings as a table, and as a file."""

from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

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
                "value": getattr(settings, name),
                "default": "" if field.default is None else field.default,
                "description": field.description,
            }
        )
    return rows


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
