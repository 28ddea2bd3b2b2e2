"""The studio: a provider that renders clothed people in poses, on a bare CPU.

As a library: `from lumiku_studio import render`. Importing this module loads none of
the heavy libraries; the first use of `render` does.
"""

from typing import TYPE_CHECKING, Any

from lumiku_contracts import Plugin, Provider, hookimpl

if TYPE_CHECKING:
    from lumiku_studio.studio import Render, render

__all__ = ["Render", "lumiku_plugin", "render"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415  the server never needs it

        return getattr(import_module("lumiku_studio.studio"), name)
    raise AttributeError(name)


@hookimpl
def lumiku_plugin() -> Plugin:
    """Declare the studio as a provider of pictures of people."""
    return Plugin(
        id="studio",
        kind="extension",
        name="Studio",
        summary="Renders clothed people in poses on this machine, without a key.",
        providers=(
            Provider(
                name="studio",
                open="lumiku_studio.provider:open_studio",
                offers=("images", "control-maps"),
                cost="cpu",
                better_with=("embreex", "mitsuba-oidn"),
            ),
            Provider(
                name="studio-reader",
                open="lumiku_studio.senses:open_reader",
                offers=("pose-from-text",),
                cost="cpu",
            ),
            Provider(
                name="studio-eye",
                open="lumiku_studio.senses:open_eye",
                offers=("pose-from-photo", "matte"),
                cost="cpu",
            ),
        ),
    )
