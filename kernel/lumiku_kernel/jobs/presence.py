"""What a process says of itself, so that others know it without asking."""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from lumiku_contracts import Plugin, Provider
from lumiku_kernel.accounts.pepper import mark_of, pepper
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.fingerprint import code_of
from lumiku_kernel.plugins.settings import missing
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.sentinel import mark, written
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
        self._epoch = 0
        self._saying = threading.Lock()
        self.idle_for: Callable[[], float] | None = None
        """Seconds since the claim loop last went round, if there is one."""
        self.unopened: Callable[[], Mapping[str, Mapping[str, str]]] = dict
        """The providers that runners could not open, with `reason` and `fix`."""
        self._store = store
        self._registry = registry
        serves = role == "worker"
        self._row: dict[str, Any] = {
            "id": self.id,
            "role": role,
            "name": _name(settings) if serves else settings.url,
            "pid": os.getpid(),
            "plugins": {ident: registry.version(ident) for ident in registry.ready},
            "rejected": {
                one.id: {"code": one.code, "reason": one.reason}
                for one in registry.found
                if one.state == "rejected"
            },
            "providers": attest(registry) if serves else {},
            "slots": {
                slot: count
                for slot, count in settings.slots.items()
                if serves and (queues is None or slot in queues)
            },
        }
        self._settings = settings
        self._folder = settings.data_dir.resolve()
        pepper(settings)  # made now, so that its mark can be told
        self._attested = {
            "release": version("lumiku-kernel"),
            "code": dict(code_of({p.id: p.module for p in registry.found if p.module})),
            "folder": str(self._folder),
            **self._movable(),
        }

    def appear(self) -> None:
        """Write the row; drop those of processes long silent in the same role.

        Which providers have ever been ready is handed on from row to row.
        """
        old = (processes.c.role == self._row["role"]) & (
            processes.c.seen_at < now() - FORGOTTEN
        )
        with self._store.write() as session:
            if self._row["role"] == "worker":
                self._attested["once"] = sorted(_once_ready(session))
            session.execute(delete(processes).where(old))
            session.execute(
                insert(processes).values(
                    **self._row,
                    attested=self._attested,
                    started_at=now(),
                    seen_at=now(),
                )
            )

    def adopt(self, epoch: int) -> None:
        """Say which configuration we go by now."""
        with self._saying:  # or an older word could come last
            self._epoch = max(epoch, self._epoch)
            self._say(epoch=self._epoch)

    def live(self) -> None:
        """Say that we are still here."""
        self._seen(now())

    def attest_again(self) -> None:
        """Say anew which providers are ready, at once: their secrets may have come."""
        with self._saying:
            self._row["providers"] = attest(self._registry)
            self._say(aloud=True, epoch=self._epoch, **self._looked())

    def leave(self) -> None:
        """Say that we go; what we attested stays known."""
        self._seen(0.0)

    def _seen(self, at: Any) -> None:
        with self._saying:
            self._say(seen_at=at, epoch=self._epoch, **self._looked())

    def _looked(self) -> dict[str, Any]:
        here, fresh = {**self._attested, **self._movable()}, dict[str, Any]()
        if here != self._attested:  # mounted, lost, or turned over since
            self._attested = here
            fresh = {"attested": here}
        if self.idle_for is None:
            return fresh
        reasons = self.unopened()
        attested = self._row["providers"] | {
            name: {"state": "not_opened", **why} for name, why in reasons.items()
        }
        looked = {"looked_at": now() - self.idle_for(), "providers": attested}
        return looked | fresh

    def _movable(self) -> dict[str, Any]:
        folder, key = self._folder, mark_of(self._settings)
        return {"root": written(folder), "mark": mark(folder), "key": key}

    def _say(self, *, aloud: bool = False, **values: Any) -> None:
        mine = update(processes).where(processes.c.id == self.id)
        with self._store.write(quiet=not aloud) as session:
            session.execute(mine.values(**values))


def _once_ready(session: Session) -> set[str]:
    """The providers that some worker process has said to be ready."""
    columns = (processes.c.providers, processes.c.attested)
    once: set[str] = set()
    for row in session.execute(select(*columns).where(processes.c.role == "worker")):
        once |= {
            name for name, said in row.providers.items() if said["state"] == "ready"
        }
        once |= set((row.attested or {}).get("once", ()))
    return once


def _name(settings: Settings) -> str:
    return settings.worker_name or f"{socket.gethostname()}:{os.getpid()}"


def attest(registry: Registry) -> dict[str, dict[str, Any]]:
    """For each provider: ready, and without what; or what it lacks to be so."""
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
    absent = [name for name in provider.better_with if not _installed(name)]
    return {"state": "ready"} | ({"without": absent} if absent else {})


def _installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
