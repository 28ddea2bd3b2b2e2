"""`deploy/compose.yaml` as an engine would read it: services and their environment."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

COMPOSE = Path(__file__).parent.parent.parent / "deploy" / "compose.yaml"
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<word>[^}]*))?\}")


def raw() -> dict[str, Any]:
    """The file as YAML, merge keys resolved."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def filled(word: str, known: Mapping[str, str]) -> str:
    """A word with its variables; `KeyError` with the file's own words if one lacks."""

    def value(match: re.Match[str]) -> str:
        given = known.get(match["name"], "")
        if given:
            return given
        if match["how"] == ":?":
            raise KeyError(f"{match['name']}: {match['word']}")
        return match["word"] or ""

    return _VARIABLE.sub(value, word)


def dotenv(text: str) -> dict[str, str]:
    """The lines NAME=VALUE of an env file."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def environment(service: str, known: Mapping[str, str]) -> dict[str, str]:
    """What a service's process is told: the env file's lines, then its own."""
    said = raw()["services"][service]
    base = dict(known) if "env_file" in said else {}
    own = {name: filled(str(word), known) for name, word in said["environment"].items()}
    return base | own


def command(service: str) -> list[str]:
    """Its words, after the entry point."""
    return str(raw()["services"][service]["command"]).split()
