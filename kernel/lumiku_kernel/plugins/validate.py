"""What a declaration must satisfy beyond its own types."""

import inspect
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin, Worker
from lumiku_kernel.plugins.signature import Signature, SignatureError


def validate(plugin: Plugin, entry_name: str, module: str) -> str | None:
    """The first thing wrong with the declaration, or None."""
    problems = (*_problems(plugin, entry_name), *_pages(plugin, module))
    return next(iter((*problems, *_seeds(plugin))), None)


def _pages(plugin: Plugin, module: str) -> Iterator[str]:
    """Whether each page's template is there, in the package's folder `templates`."""
    if not plugin.pages:
        return
    spec = find_spec(module)
    places = (spec.submodule_search_locations if spec else None) or ()
    for page in plugin.pages:
        folders = [Path(place, "templates").resolve() for place in places]
        files = [(folder, (folder / page.template).resolve()) for folder in folders]
        if not any(f.is_relative_to(folder) and f.is_file() for folder, f in files):
            yield f"Page {page.path}: there is no template “{page.template}”."


def _seeds(plugin: Plugin) -> Iterator[str]:
    """Whether seeds stay in the plugin's own tables."""
    own = f"{plugin.id.replace('-', '_')}__"
    for seed in plugin.seeds:
        name = str(getattr(seed.table, "__tablename__", seed.table))
        if not name.startswith(own):
            yield f"Seed {name}: a plugin's tables are named {own}…"
        elif hasattr(seed.table, "__table__"):
            columns = set(seed.table.__table__.columns.keys())
            named = {*seed.key, *seed.owns, *(n for row in seed.rows for n in row)}
            if named - columns:
                yield f"Seed {name}: there is no column {min(named - columns)}."


def _problems(plugin: Plugin, entry_name: str) -> Iterator[str]:
    if plugin.id != entry_name:
        yield (
            f"The entry point is called “{entry_name}”, the plugin “{plugin.id}”; "
            "they must be the same."
        )
    try:
        TypeAdapter(Plugin).dump_json(plugin)
    except Exception as error:
        yield f"JSON cannot hold the declaration: {error}"
    for worker in plugin.workers:
        yield from _worker(worker)
    for route in plugin.routes:
        where = f"Route {route.method} {route.path}"
        yield from _handler(where, route.handler, route.path)
    for page in plugin.pages:
        if page.load is not None:
            yield from _handler(f"Page {page.path}", page.load, page.path)
    for settings in [plugin.settings, *(p.settings for p in plugin.providers)]:
        if settings is not None and not issubclass(settings, BaseSettings):
            yield "`settings` must be a pydantic-settings class."


def _worker(worker: Worker) -> Iterator[str]:
    where = f"Worker {worker.name}"
    if not issubclass(worker.accepts, BaseModel):
        yield f"{where}: `accepts` must be a pydantic model."
        return
    if "model" in worker.accepts.model_fields:
        yield f"{where}: the field “model” is the kernel's own."
    yield from _described(where, TypeAdapter(worker.accepts), "validation")
    for name in ("items", "price", "check"):
        yield from _synchronous(f"{where}.{name}", getattr(worker, name))


def _handler(where: str, function: Any, path: str) -> Iterator[str]:
    yield from _synchronous(where, function)
    try:
        read = Signature.read(function, path)
    except SignatureError as error:
        yield f"{where}: {error}"
        return
    yield from _described(where, read.query, "validation")
    yield from _described(where, read.body, "validation")
    yield from _described(where, read.answer, "serialization")


def _described(
    where: str, adapter: TypeAdapter[Any] | None, mode: JsonSchemaMode
) -> Iterator[str]:
    """Whether the API's document can say what this is."""
    try:
        if adapter is not None:
            adapter.json_schema(mode=mode)
    except Exception as error:
        yield f"{where}: JSON Schema cannot describe it: {error}"


def _synchronous(where: str, function: Any) -> Iterator[str]:
    if function is not None and inspect.iscoroutinefunction(function):
        yield f"{where}: write `def`, not `async def`; the kernel runs it in a thread."
