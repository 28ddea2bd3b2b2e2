"""Turning a flag on or off, with a reason, audited."""

from sqlalchemy import insert, select, update

from lumiku_kernel.store import Store, now
from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.tables import flags


def enabled_key(plugin_id: str) -> str:
    """The flag that is a plugin's off switch."""
    return f"{plugin_id}.enabled"


def switch(store: Store, key: str, *, on: bool, actor: str, reason: str) -> None:
    """Set `key`; the change and its audit row are one transaction."""
    with store.write() as session:
        mine = flags.c.key == key
        stored = session.execute(select(flags.c.enabled).where(mine))
        before = stored.scalar_one_or_none()
        values = {"enabled": on, "reason": reason, "at": now()}
        if before is None:
            session.execute(insert(flags).values(key=key, **values))
        else:
            session.execute(update(flags).where(mine).values(**values))
        audit(
            session,
            actor=actor,
            action="flag.set",
            subject=key,
            before=None if before is None else {"enabled": before},
            after={"enabled": on},
            reason=reason,
        )
