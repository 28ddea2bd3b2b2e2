"""What a process says of itself, so that others know it without asking."""

import os
import socket
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from sqlalchemy import delete, insert, update

from lumiku_contracts import Plugin, Provider
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.settings import missing
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.tables import processes

EVERY = 5.0
"""Seconds between two signs of life."""
FORGOTTEN = 3600.0
"""A silent process's row is dropped after so long, once another speaks in its role."""


class Presence:
    """A process's row."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        role: str,
        registry: Registry,
        queues: frozenset[str] | None,
    ) -> None:
        """Not written yet."""
        self.id = new_id("prc")
        self._store = store
        serves = role == "worker"
        self._row: Mapping[str, Any] = {
            "id": self.id,
            "role": role,
            "name": _name(settings) if serves else settings.url,
            "pid": os.getpid(),
            "plugins": {ident: registry.version(ident) for ident in registry.ready},
            "providers": attest(registry) if serves else {},
            "slots": {
                slot: count
                for slot, count in settings.slots.items()
                if serves and (queues is None or slot in queues)
            },
        }

    def appear(self) -> None:
        """Write the row; drop those of processes long silent in the same role."""
        old = (processes.c.role == self._row["role"]) & (
            processes.c.seen_at < now() - FORGOTTEN
        )
        with self._store.write() as session:
            session.execute(delete(processes).where(old))
            session.execute(
                insert(processes).values(**self._row, started_at=now(), seen_at=now())
            )

    def live(self) -> None:
        """Say that we are still here."""
        self._seen(now())

    def leave(self) -> None:
        """Say that we go; what we attested stays known."""
        self._seen(0.0)

    def _seen(self, at: Any) -> None:
        mine = update(processes).where(processes.c.id == self.id)
        with self._store.write() as session:
            session.execute(mine.values(seen_at=at))


def _name(settings: Settings) -> str:
    return settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"


def attest(registry: Registry) -> dict[str, dict[str, Any]]:
    """For each provider: ready, or which settings it lacks, or what is not there."""
    return {
        name: _word(plugin, provider)
        for name, (plugin, provider) in registry.providers.items()
    }


def _word(plugin: Plugin, provider: Provider) -> dict[str, Any]:
    if provider.settings is not None:
        lacking = missing(provider.settings, plugin.id)
        if lacking:
            return {"state": "not_configured", "settings": list(lacking)}
    module = provider.open.partition(":")[0]
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return {"state": "not_installed", "reason": f"there is no module {module}"}
    return {"state": "ready"}
