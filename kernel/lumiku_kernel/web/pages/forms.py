"""A form from a worker's JSON Schema, for apps that bring no page of their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 4
LONG = 200
"""A text that may be longer is given several lines."""
LIMITS = {
    "minimum": "min",
    "maximum": "max",
    "minLength": "minlength",
    "maxLength": "maxlength",
}
Schema = dict[str, Any]
PLAIN = {"boolean": "yesno", "integer": "integer", "number": "number"}


@dataclass(frozen=True, slots=True)
class Field:
    """One input; `path` is where its value goes, `kind` how it is asked for."""

    path: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    default: Any = None
    options: tuple[str, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple["Field", ...] = ()


def fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The inputs of an object's schema, in the author's order."""
    return tuple(_fields(_plain(schema, schema.get("$defs", {}), 0), ""))


def _plain(part: Mapping[str, Any], defs: Mapping[str, Any], depth: int) -> Schema:
    """`part` without references; of several choices the first that is not null."""
    if depth > DEEPEST:
        return {}
    found: Schema = dict(part)
    while "$ref" in found:
        target = defs.get(found.pop("$ref").rsplit("/", 1)[-1], {})
        found = {**target, **found}
    for word in ("anyOf", "oneOf", "allOf"):
        choices = [one for one in found.pop(word, ()) if one.get("type") != "null"]
        if choices:
            found = {**_plain(choices[0], defs, depth), **found}
    if "items" in found:
        found["items"] = _plain(found["items"], defs, depth + 1)
    below = found.get("properties", {})
    found["properties"] = {k: _plain(v, defs, depth + 1) for k, v in below.items()}
    return found


def _fields(schema: Schema, above: str) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        if "const" in part:
            continue  # there is nothing to choose
        kind, path = _kind(part), above + name
        group = kind == "group"
        yield Field(
            path,
            name.replace("_", " ").capitalize(),
            kind,
            str(part.get("description", "")).split("\n")[0],
            name in required,
            None if group else part.get("default"),
            tuple(map(str, part.get("enum") or part.get("items", {}).get("enum", ()))),
            {ours: part[theirs] for theirs, ours in LIMITS.items() if theirs in part},
            tuple(_fields(part, f"{path}.")) if group else (),
        )


def _kind(part: Schema) -> str:
    kind = str(part.get("type"))
    if "enum" in part:
        return "choice"
    if kind == "string":
        colour = "[0-9a-fA-F]{6}" in part.get("pattern", "")
        long = part.get("maxLength", 0) > LONG
        return "colour" if colour else "long" if long else "text"
    if kind == "array":
        item = part.get("items", {})
        listed = "list" if item.get("type") == "string" else "json"
        return "choices" if "enum" in item else listed
    if kind == "object" and part["properties"]:
        return "group"
    return PLAIN.get(kind, "json")
