"""Settings as a table."""

from typing import Any

from pydantic import AliasChoices

from lumiku_kernel.settings import Settings


def described(settings: Settings) -> list[dict[str, Any]]:
    """Each setting: names in the environment, value in force, default, meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names = (
            [str(choice) for choice in alias.choices]
            if isinstance(alias, AliasChoices)
            else [f"LUMIKU_{name.upper()}"]
        )
        rows.append(
            {
                "names": names,
                "value": getattr(settings, name),
                "default": "" if field.default is None else field.default,
                "description": field.description,
            }
        )
    return rows
