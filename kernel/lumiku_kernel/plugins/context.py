"""What a plugin's functions see of the kernel: their own rows, others' resources."""

import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from lumiku_contracts import Plugin, Resource, Viewer
from lumiku_kernel.errors import Problem
from lumiku_kernel.plugins.registry import Registry
from lumiku_kernel.plugins.settings import settings_of
from lumiku_kernel.store import Store


def resolve(dotted: str) -> Any:
    """The thing at `module:name`; imports the module."""
    module, _, name = dotted.partition(":")
    thing: Any = importlib.import_module(module)
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


@dataclass(frozen=True, slots=True)
class PluginCall:
    """A call into a plugin, on behalf of a viewer."""

    plugin: Plugin
    viewer: Viewer
    request_id: str
    registry: Registry
    store: Store
    flags: Mapping[str, bool]

    @property
    def settings(self) -> Any:
        """The plugin's settings, or None if it declares none."""
        return settings_of(self.plugin)

    def flag(self, key: str) -> bool:
        """Whether one of the plugin's flags is on."""
        default = {flag.key: flag.default for flag in self.plugin.flags}
        full = f"{self.plugin.id}.{key}"
        return self.flags.get(full, default.get(key, False))

    def session(self) -> AbstractContextManager[Session]:
        """A short write transaction."""
        return self.store.write()

    def read(self) -> AbstractContextManager[Session]:
        """A read-only session."""
        return self.store.read()

    def resource(self, kind: str) -> "Door":
        """The resources of a kind that the plugin declares to use, or its own."""
        declared = {use.name for use in self.plugin.uses}
        own = {one.kind for one in self.plugin.resources}
        if f"resource:{kind}" not in declared and kind not in own:
            raise Problem(
                500,
                "use-undeclared",
                f"{self.plugin.id} does not declare resource:{kind}.",
            )
        if kind not in self.registry.resources:
            raise Problem(503, "resource-missing", f"No plugin offers “{kind}” now.")
        owner, resource = self.registry.resources[kind]
        call = PluginCall(
            owner, self.viewer, self.request_id, self.registry, self.store, self.flags
        )
        return Door(call, resource)


@dataclass(frozen=True, slots=True)
class Door:
    """The things of one kind, through their keeper's functions."""

    call: PluginCall
    resource: Resource

    def get(self, ident: str) -> Any:
        """The thing, or `NotFound`."""
        return resolve(self.resource.get)(self.call, ident)

    def list(self) -> tuple[Any, ...]:
        """All that the viewer may use."""
        return tuple(resolve(self.resource.list)(self.call))
