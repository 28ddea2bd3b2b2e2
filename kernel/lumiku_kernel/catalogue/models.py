"""Declared models, reconciled into the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from packaging.version import Version
from pydantic import TypeAdapter
from sqlalchemy import insert, select, update
from sqlmodel import Session

from lumiku_contracts import Model, Plugin
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import models

_MODEL = TypeAdapter(Model)
_COMPARED = (
    "plugin_id",
    "position",
    "provider",
    "tier",
    "price",
    "enabled",
    "declaration",
    "version",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was, or would be, written: `insert`, `update` or `retire`."""

    act: str
    key: str


def reconcile(
    store: Store, plugins: Iterable[tuple[Plugin, str]], *, dry_run: bool = False
) -> list[Change]:
    """Make the stored models those that ready plugins declare, at their versions.

    New ones are inserted, gone ones retired; rows of a newer version are left alone,
    and so are those of plugins that are not ready. One write transaction, which a dry
    run takes back.
    """
    changes: list[Change] = []
    with store.write() as session:
        rows = session.execute(select(models)).mappings()
        stored = {row["key"]: dict(row) for row in rows}
        for plugin, version in plugins:
            wanted = {
                f"{plugin.id}:{model.id}": _row(plugin, version, place, model)
                for place, model in enumerate(plugin.models)
            }
            for key, row in wanted.items():
                old = stored.get(key)
                if old is None:
                    changes.append(Change("insert", key))
                    session.execute(insert(models).values(key=key, **row))
                elif _stale(old, row):
                    changes.append(Change("update", key))
                    _set(session, key, {**row, "retired_at": None})
            for key, old in stored.items():
                mine = old["plugin_id"] == plugin.id and old["retired_at"] is None
                if mine and key not in wanted and not _newer(old["version"], version):
                    changes.append(Change("retire", key))
                    _set(session, key, {"retired_at": now()})
        if dry_run:
            session.rollback()
    return changes


def _row(plugin: Plugin, version: str, place: int, model: Model) -> dict[str, Any]:
    return {
        "plugin_id": plugin.id,
        "position": place,
        "provider": model.provider,
        "tier": model.tier.word,
        "price": model.credits,
        "enabled": model.enabled,
        "declaration": _MODEL.dump_python(model, mode="json"),
        "version": version,
    }


def _stale(old: dict[str, Any], row: dict[str, Any]) -> bool:
    if _newer(old["version"], row["version"]):
        return False
    return old["retired_at"] is not None or any(old[c] != row[c] for c in _COMPARED)


def _newer(one: str, other: str) -> bool:
    return Version(one) > Version(other)


def _set(session: Session, key: str, values: dict[str, Any]) -> None:
    session.execute(update(models).where(models.c.key == key).values(**values))
