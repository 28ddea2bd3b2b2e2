"""The hooks a plugin may implement, and where the host looks for it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import pluggy

from lumiku_contracts.plugin import Plugin

ENTRY_POINTS: Final = "lumiku.plugins"
"""The entry-point group; the entry's name is the plugin's id, its value a module."""

hookspec: Final = pluggy.HookspecMarker("lumiku")
hookimpl: Final = pluggy.HookimplMarker("lumiku")


class PluginContext(Protocol):
    """What setup and teardown are given: the plugin's own things, and no viewer."""

    @property
    def settings(self) -> Any:
        """The plugin's settings."""
        ...

    def flag(self, key: str) -> bool:
        """Whether one of the plugin's flags is on, for everybody."""
        ...

    def session(self) -> AbstractContextManager[Any]:
        """A short write transaction on the plugin's own tables."""
        ...

    def read(self) -> AbstractContextManager[Any]:
        """A read-only session on the plugin's own tables."""
        ...


@dataclass(frozen=True, slots=True)
class JobEvent:
    """What has happened to a job of the plugin's own; `seq` counts from 1.

    `type` and `data` are those of the job's public events; `at` is seconds since 1970.
    """

    job: str
    seq: int
    type: str
    worker: str
    account: str
    data: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0


@hookspec(firstresult=True)
def lumiku_plugin() -> Plugin:  # type: ignore[empty-body]
    """Return what the plugin declares; do no work."""


@hookspec
def lumiku_setup(ctx: PluginContext) -> None:
    """Prepare, once, in each server process; at most 5 s.

    `Transient` says that it is to be tried again later; until then the app is not
    seen. Any other exception, or being late, means that the plugin cannot be used.
    """


@hookspec
def lumiku_teardown(ctx: PluginContext) -> None:
    """Clean up before a server process ends; at most 5 s."""


@hookspec
def lumiku_account_export(ctx: PluginContext, account: str) -> Any:
    """Return what the plugin keeps of an account, as JSON; at most 20 s and 64 MiB."""


@hookspec
def lumiku_account_deleted(ctx: PluginContext, account: str) -> None:
    """Forget an account; at most 20 s.

    It is called again, by and by, until it returns: also when the account, or some of
    it, is gone already.
    """


@hookspec
def lumiku_job_event(event: JobEvent) -> None:
    """Hear of what happens to the plugin's jobs, after it has happened.

    Each event comes to one server process, in the order of its job; at most 250 ms a
    call: after three late ones the plugin hears no more. An event may be lost when
    the process ends.
    """
