"""The templates: the kernel's own, and each plugin's under the plugin's id."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)

from lumiku_kernel.doctor.palette import COLOURS, ICONS
from lumiku_kernel.plugins import Registry

WEB = Path(__file__).parent.parent
STATIC = WEB / "static"
COVER = "card.webp"
"""Of a plugin's static files, the picture on its card."""


def environment(registry: Registry, *, metered: bool) -> Environment:
    """Jinja with autoescape; `<plugin id>/<name>` is a plugin's template.

    `metered` says in every template, and in every part, whether jobs cost credits.
    """
    own = {
        ident: FileSystemLoader(folder)
        for ident, folder in folders(registry, "templates")
    }
    found = Environment(
        loader=ChoiceLoader([FileSystemLoader(WEB / "templates"), PrefixLoader(own)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    covers = {
        ident: f"/static/apps/{ident}/{COVER}"
        for ident, folder in folders(registry, "static")
        if (folder / COVER).is_file()
    }
    found.globals["cover"] = covers.get
    found.globals["icon_name"] = lambda name: name if name in ICONS else "puzzle"
    found.globals["colour_name"] = lambda name: name if name in COLOURS else "slate"
    found.globals["metered"] = metered
    found.filters["readable"] = readable
    return found


def readable(value: Any) -> str:
    """JSON for people; autoescape makes it safe."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def folders(registry: Registry, name: str) -> Iterator[tuple[str, Path]]:
    """The folder `name` in the package of each ready plugin that has one, by id."""
    for one in registry.found:
        if one.id not in registry.ready:
            continue
        spec = find_spec(one.module)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            folder = Path(place) / name
            if folder.is_dir():
                yield one.id, folder
