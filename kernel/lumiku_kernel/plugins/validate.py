"""What a declaration must satisfy beyond its own types."""

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic_settings import BaseSettings

from lumiku_contracts import Plugin
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
    for worker in plugin.workers:
        if not issubclass(worker.accepts, BaseModel):
            yield f"Worker {worker.name}: `accepts` must be a pydantic model."
        for name in ("items", "price", "check"):
            yield from _synchronous(
                f"Worker {worker.name}.{name}", getattr(worker, name)
            )
    for route in plugin.routes:
        where = f"Route {route.method} {route.path}"
        yield from _synchronous(where, route.handler)
        try:
            Signature.read(route.handler, route.path)
        except SignatureError as error:
            yield f"{where}: {error}"
    for page in plugin.pages:
        yield from _synchronous(f"Page {page.path}", page.load)
    for settings in [plugin.settings, *(p.settings for p in plugin.providers)]:
        if settings is not None and not issubclass(settings, BaseSettings):
            yield "`settings` must be a pydantic-settings class."


def _synchronous(where: str, function: Any) -> Iterator[str]:
    if function is not None and inspect.iscoroutinefunction(function):
        yield f"{where}: write `def`, not `async def`; the kernel runs it in a thread."
