"""Plugins' own routes, behind the kernel's guard."""

from collections.abc import Callable, Iterator

from lumiku_contracts import Plugin, Tier, Viewer
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

ANYBODY = Viewer("usr_", Tier.ENTERPRISE)
"""Through whose eyes a public route's app must be visible."""


def plugin_endpoints(registry: Registry) -> Iterator[Endpoint]:
    """An endpoint for each declared route of each ready plugin."""
    for plugin in registry.ready.values():
        for route in plugin.routes:
            read_only = route.method == "GET"
            yield Endpoint(
                route.method,
                f"/api/apps/{plugin.id}{route.path}",
                route.handler,
                route.auth,
                "jobs:read" if read_only else "jobs:write",
                summary=(route.handler.__doc__ or "").strip().split("\n")[0],
                tag=plugin.id,
                before=_guard(plugin, route.auth),
                plugin=plugin.id,
            )


def _guard(plugin: Plugin, auth: str) -> Callable[[Context], PluginCall]:
    def enter(context: Context) -> PluginCall:
        reach(context, plugin, public=auth == "public")
        return call_of(context, plugin)

    return enter


def reach(context: Context, plugin: Plugin, *, public: bool = False) -> None:
    """Raise 404 unless the plugin may be reached by this viewer."""
    if plugin.kind == "app":
        viewer = ANYBODY if public else context.viewer
        there = judge(context.snapshot, viewer, plugin.id).visible
    else:
        flags = context.snapshot.configuration.flags
        on = flags.judge(enabled_key(plugin.id), context.viewer, True).value
        fact = context.snapshot.configuration.plugins.get(plugin.id)
        there = on and fact is not None and fact.state == "ready"
    if not there:
        detail = f"There is no app “{plugin.id}” for you."
        raise Problem(404, "app-not-available", detail)


def call_of(context: Context, plugin: Plugin) -> PluginCall:
    """What the plugin's function is given for this request."""
    host = context.site.host
    return PluginCall(
        plugin,
        context.viewer,
        context.request_id,
        host.registry,
        host.store,
        host.tally.of(context.snapshot.configuration.flags.of(context.viewer)),
    )
