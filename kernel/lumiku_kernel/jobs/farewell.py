"""What plugins keep of an account: asked for, and forgotten, each plugin apart."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_contracts import Viewer
from lumiku_kernel.logs import clean
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import plugins

SECONDS = 20.0
LONGEST = 64 * 2**20
"""Bytes of JSON that one plugin may give."""
log = logging.getLogger(__name__)


def keepers(session: Session, registry: Registry) -> list[str]:
    """The plugins that may have rows of an account, whether they are ready or not."""
    known = session.execute(select(plugins.c.id, plugins.c.declaration)).all()
    with_tables = {row.id for row in known if (row.declaration or {}).get("tables")}
    hooked = {one.id for one in registry.found if _has(one, "lumiku_account_deleted")}
    return sorted(with_tables | hooked)


def forgotten_by(
    registry: Registry, store: Store, plugin_id: str, account_id: str
) -> str | None:
    """Have a plugin forget an account; None, or why it could not."""
    found = registry.of(plugin_id)
    if found is None or plugin_id not in registry.ready:
        return "it is not ready"
    if not _has(found, "lumiku_account_deleted"):
        return None  # it has tables, and nothing of accounts in them
    call = _call(registry, store, plugin_id, account_id)

    def act() -> None:
        found.hooks.lumiku_account_deleted(ctx=call, account=account_id)

    _, fault = _apart(act, call)
    return fault


def kept_by(
    registry: Registry, store: Store, account_id: str
) -> Iterator[tuple[str, bytes | None, str | None]]:
    """Of each plugin that keeps something: its id, its JSON, or why there is none."""
    for found in registry.found:
        if found.id not in registry.ready or not _has(found, "lumiku_account_export"):
            continue
        call = _call(registry, store, found.id, account_id)

        def act(hooks: Any = found.hooks, call: PluginCall = call) -> bytes:
            (given,) = hooks.lumiku_account_export(ctx=call, account=account_id)
            text = json.dumps(given, ensure_ascii=False, indent=1, default=str)
            if len(text) > LONGEST:
                raise ValueError(f"more than {LONGEST} bytes")
            return text.encode()

        made, fault = _apart(act, call)
        yield found.id, made, fault


def _has(found: Any, name: str) -> bool:
    hooks = found.hooks
    return hooks is not None and bool(getattr(hooks, name).get_hookimpls())


def _call(
    registry: Registry, store: Store, plugin_id: str, account_id: str
) -> PluginCall:
    plugin = registry.ready[plugin_id]
    return PluginCall(plugin, Viewer(account_id), "", registry, store, {})


def _apart(act: Callable[[], Any], call: PluginCall) -> tuple[Any, str | None]:
    """Do it in a thread of its own, in time; what came of it, or a fault in words."""
    done: list[tuple[Any, str | None]] = []

    def run() -> None:
        try:
            done.append((act(), None))
        except BaseException as error:
            log.exception("plugin %s failed with an account", call.plugin.id)
            done.append((None, clean(f"{type(error).__name__}: {error}")[:300]))
        finally:
            call.close()

    thread = threading.Thread(
        target=run, name=f"farewell {call.plugin.id}", daemon=True
    )
    thread.start()
    thread.join(SECONDS)
    return done[0] if done else (None, f"it took more than {SECONDS:.0f} s")
