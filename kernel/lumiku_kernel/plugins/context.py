"""What a plugin's functions see of the kernel: their own rows, others' resources."""

import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from types import TracebackType
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


class LeftOpen(Exception):
    """A session that a plugin has opened and not closed."""


class Kept(AbstractContextManager[Session]):
    """A session that is closed at the latest when the call is over."""

    def __init__(
        self, door: AbstractContextManager[Session], opened: "list[Kept]"
    ) -> None:
        """Not open yet."""
        self._door = door
        self._opened = opened

    def __enter__(self) -> Session:
        """Open it."""
        session = self._door.__enter__()
        self._opened.append(self)
        return session

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Commit, or roll back on an exception."""
        if self in self._opened:
            self._opened.remove(self)
        return self._door.__exit__(kind, error, trace)

    def abandon(self) -> None:
        """Roll back."""
        with suppress(LeftOpen):
            self._door.__exit__(LeftOpen, LeftOpen(), None)


@dataclass(frozen=True, slots=True)
class PluginCall:
    """A call into a plugin, on behalf of a viewer."""

    plugin: Plugin
    viewer: Viewer
    request_id: str
    registry: Registry
    store: Store
    flags: Mapping[str, bool]
    opened: "list[Kept]" = field(default_factory=list, compare=False)

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
        return Kept(self.store.write(), self.opened)

    def read(self) -> AbstractContextManager[Session]:
        """A read-only session."""
        return Kept(self.store.read(), self.opened)

    def close(self) -> None:
        """Roll back what the plugin has left open."""
        while self.opened:
            self.opened.pop().abandon()

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
            owner,
            self.viewer,
            self.request_id,
            self.registry,
            self.store,
            self.flags,
            self.opened,
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
