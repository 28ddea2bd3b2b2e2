"""What a declaration must satisfy beyond its own types."""

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin, Worker
from lumiku_kernel.plugins.signature import Signature, SignatureError


def validate(plugin: Plugin, entry_name: str) -> str | None:
    """The first thing wrong with the declaration, or None."""
    return next(_problems(plugin, entry_name), None)


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
