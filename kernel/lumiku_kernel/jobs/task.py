"""The task that a worker's function is given, inside a runner process."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import httpx
from pydantic import BaseModel
from sqlmodel import Session

from lumiku_contracts import (
    Model,
    Permanent,
    Plugin,
    Provider,
    TaskCancelled,
    Viewer,
)
from lumiku_contracts.images import (
    ArtifactId,
    ImageRequest,
    ImageResult,
    Made,
    Picture,
    UploadId,
)
from lumiku_kernel import outbound, traces
from lumiku_kernel.flags.tally import Tally
from lumiku_kernel.jobs import given
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.context import Door, PluginCall, resolve
from lumiku_kernel.plugins.settings import read
from lumiku_kernel.store import Store

Say = Callable[[dict[str, Any]], None]
PROGRESS_EVERY = 0.1
"""Seconds between two words of progress that leave the runner."""


class NotOpened(Exception):
    """A provider did not open; what it said is for the log, not for viewers."""

    code = "provider-not-opened"

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(f"The provider “{name}” did not open: {type(cause).__name__}.")


class Engines:
    """Providers, opened once for each runner and kept warm."""

    def __init__(self, registry: Registry) -> None:
        """None is open yet."""
        self._registry = registry
        self._open: dict[str, Any] = {}

    def named(self, name: str) -> Any:
        """The provider of this name, opened."""
        if name not in self._open:
            if name not in self._registry.providers:
                raise Permanent("provider-missing", f"There is no provider “{name}”.")
            plugin, provider = self._registry.providers[name]
            try:
                self._open[name] = _opened(plugin, provider)
            except Permanent:
                raise  # it says for viewers too what it lacks
            except Exception as error:
                raise NotOpened(name, error) from error
        return self._open[name]

    def capable(self, capability: str) -> Any:
        """The only provider that offers a capability, opened."""
        found = self._registry.capable(capability)
        if found is None:
            detail = f"There is not one provider of “{capability}”."
            raise Permanent("capability-missing", detail)
        return self.named(found[1].name)


def _opened(plugin: Plugin, provider: Provider) -> Any:
    settings = None
    if provider.settings is not None:
        settings = read(provider.settings, plugin.id)
    return resolve(provider.open)(settings)


class RunningTask:
    """Implements `lumiku_contracts.Task` for one item of one job."""

    def __init__(
        self,
        *,
        order: Mapping[str, Any],
        call: PluginCall,
        asked: BaseModel,
        model: Model,
        engines: Engines,
        say: Say,
        is_cancelled: Callable[[], bool],
        shelf: Shelf,
        near: outbound.Near = (),
    ) -> None:
        """`order` is what the supervisor asked for."""
        self._order = order
        self._call = call
        self._engines = engines
        self._say = say
        self._is_cancelled = is_cancelled
        self._shelf = shelf
        self._near = near
        self._told = 0.0
        self.input = asked
        self.model = model

    @property
    def key(self) -> str:
        """The same for every call with this item."""
        return f"{self._order['job']}:{self._order['item']['index']}"

    @property
    def job(self) -> str:
        """The id of the job."""
        return str(self._order["job"])

    @property
    def viewer(self) -> Viewer:
        """Whose job it is."""
        return self._call.viewer

    @property
    def settings(self) -> Any:
        """The plugin's settings."""
        return self._call.settings

    @property
    def cancelled(self) -> bool:
        """Whether the job is no longer wanted."""
        return self._is_cancelled()

    @cached_property
    def http(self) -> httpx.Client:
        """A client for public addresses, and those that the operator allows."""
        return outbound.client(self._near)

    def flag(self, key: str) -> bool:
        """As it was when the job was accepted."""
        return self._call.flag(key)

    def progress(self, fraction: float, note: str = "") -> None:
        """Say how far this item is; words that come too fast are left out."""
        moment = time.monotonic()
        if moment - self._told < PROGRESS_EVERY and fraction < 1:
            return
        self._told = moment
        whole = min(max(fraction, 0.0), 1.0)
        self._say({"op": "progress", "fraction": whole, "note": str(note)[:200]})

    def generate(self, request: ImageRequest) -> ImageResult:
        """Have the chosen model's provider make a picture."""
        if self.cancelled:
            raise TaskCancelled
        provider = self.model.provider
        model = f"{self._order['plugin']}:{self.model.id}"
        with traces.span("generate", "client", model=model, provider=provider):
            result: ImageResult = self._engines.named(provider).generate(
                request, progress=self.progress, cancelled=self._is_cancelled
            )
        return result

    def upload(self, ident: UploadId) -> Picture:
        """A picture that the viewer has sent."""
        return given.picture(self._call.store, self._shelf, ident, self.viewer.id)

    def artifact(self, ident: ArtifactId) -> Made:
        """A picture that was made for the viewer before."""
        return given.made(self._call.store, self._shelf, ident, self.viewer.id)

    def provider(self, capability: str) -> Any:
        """The provider of another capability."""
        return self._engines.capable(capability)

    def resource(self, kind: str) -> Door:
        """The resources of a kind that the plugin declared to use."""
        return self._call.resource(kind)

    def session(self) -> AbstractContextManager[Session]:
        """A short write transaction on the plugin's own tables."""
        return self._call.session()


def call_for(
    order: Mapping[str, Any],
    registry: Registry,
    store: Store,
    viewer: Viewer,
    tally: Tally,
) -> PluginCall:
    """The plugin's door into the kernel, for this job's viewer."""
    return PluginCall(
        registry.ready[order["plugin"]],
        viewer,
        order["request_id"],
        registry,
        store,
        tally.of(order["flags"]),
    )
