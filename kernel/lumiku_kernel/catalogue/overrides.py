"""The operator's word on models, kept apart from what is declared."""

from typing import Any

from sqlalchemy import insert, select, update

from lumiku_contracts import Tier
from lumiku_kernel.errors import not_found
from lumiku_kernel.store import Store
from lumiku_kernel.store.audit import audit
from lumiku_kernel.store.tables import model_overrides, models

_FIELDS = ("enabled", "tier", "price")


def override(
    store: Store,
    key: str,
    *,
    enabled: bool | None = None,
    tier: Tier | None = None,
    price: int | None = None,
    actor: str,
    reason: str,
) -> dict[str, Any]:
    """Set what is given and leave the rest; the override as it now stands.

    Audited in the same transaction. Raises 404 `not-found` for an unknown key.
    """
    change = {
        "enabled": enabled,
        "tier": tier.word if tier is not None else None,
        "price": price,
    }
    change = {name: value for name, value in change.items() if value is not None}
    with store.write() as session:
        known = select(models.c.key).where(models.c.key == key)
        if session.execute(known).first() is None:
            raise not_found("model")
        mine = model_overrides.c.key == key
        columns = (model_overrides.c[name] for name in _FIELDS)
        row = session.execute(select(*columns).where(mine)).mappings().first()
        before = dict(row) if row else None
        after = {**dict.fromkeys(_FIELDS), **(before or {}), **change}
        if before is None:
            session.execute(insert(model_overrides).values(key=key, **after))
        else:
            session.execute(update(model_overrides).where(mine).values(**after))
        audit(
            session,
            actor=actor,
            action="model.set",
            subject=key,
            before=before,
            after=after,
            reason=reason,
        )
    return after
