"""Traces of what is done for a request, from the server to a provider's door.

Off without `LUMIKU_OTLP_ENDPOINT`: then a span is nothing, and nothing is imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lumiku_kernel.settings import Settings

if TYPE_CHECKING:
    from lumiku_kernel.otlp import Kind, Traces, Word

_on: list["Traces"] = []
"""The one of this process, or none."""


def check(settings: Settings) -> None:
    """Raise 503 `library-missing` if traces are wanted and cannot be made."""
    if settings.otlp_endpoint is not None:
        import lumiku_kernel.otlp  # noqa: F401, PLC0415 (an extra's library)


def start(process: str, settings: Settings) -> None:
    """Tell of this process from now on, if that is wanted; raises as `check`."""
    if settings.otlp_endpoint is not None and not _on:
        from lumiku_kernel.otlp import Traces  # noqa: PLC0415 (an extra's library)

        _on.append(Traces(process, settings.otlp_endpoint))


def stop() -> None:
    """Send what has not been sent, for a moment at most."""
    while _on:
        _on.pop().stop()


@contextmanager
def span(
    name: str,
    kind: "Kind" = "internal",
    parent: str | None = None,
    **words: "Word",
) -> Iterator[None]:
    """What happens within has a name, a beginning and an end.

    It is part of `parent`, a `traceparent` of W3C's Trace Context, or of what this
    thread is in. `words` say what it is about.
    """
    if not _on:
        yield
        return
    with _on[0].span(name, kind, parent, words):
        yield


def note(name: str | None = None, **words: "Word") -> None:
    """Say more of the span that this thread is in, or name it anew."""
    if _on:
        _on[0].note(name, words)


def here() -> str | None:
    """The `traceparent` of the span that this thread is in."""
    return _on[0].here() if _on else None
