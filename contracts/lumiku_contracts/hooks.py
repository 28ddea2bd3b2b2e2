"""The one hook a plugin implements, and where the host looks for it."""

from typing import Final

import pluggy

from lumiku_contracts.plugin import Plugin

ENTRY_POINTS: Final = "lumiku.plugins"
"""The entry-point group; the entry's name is the plugin's id, its value a module."""

hookspec: Final = pluggy.HookspecMarker("lumiku")
hookimpl: Final = pluggy.HookimplMarker("lumiku")


@hookspec(firstresult=True)
def lumiku_plugin() -> Plugin:  # type: ignore[empty-body]
    """Return what the plugin declares; do no work."""
