"""Programs' keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session

from lumiku_kernel.accounts.tokens import fingerprint, new_key
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.store import changed, new_id, now
from lumiku_kernel.store.tables import api_keys
from lumiku_kernel.store.tables import models as stored

SCOPES = ("jobs:read", "jobs:write", "credits:read", "account:write")
OPERATOR = "operator"
"""The scope that makes an operator's key an operator's hands; by command line only."""


def create_key(
    session: Session,
    account_id: str,
    name: str,
    *,
    scopes: tuple[str, ...] = SCOPES,
    expires_at: float | None = None,
    budget_per_day: int | None = None,
    models: Sequence[str] | None = None,
) -> tuple[str, str]:
    """A new key's id and its secret, which is not kept and shown only now.

    It spends no more than `budget_per_day` credits from midnight to midnight in UTC,
    and on these `models` alone; 422 `unknown-model` if there is none of that key.
    """
    _known_models(session, models or ())
    secret, ident = new_key(), new_id("key")
    session.execute(
        insert(api_keys).values(
            id=ident,
            account_id=account_id,
            name=name,
            hint=secret[:9],
            secret_hash=fingerprint(secret),
            scopes=list(scopes),
            expires_at=expires_at,
            budget_per_day=budget_per_day,
            models=None if models is None else list(models),
            created_at=now(),
        )
    )
    return ident, secret


def _known_models(session: Session, wanted: Sequence[str]) -> None:
    asked = select(stored.c.key).where(stored.c.key.in_(wanted))
    known = set(session.execute(asked).scalars()) if wanted else set()
    for model in wanted:
        if model not in known:
            detail = f"There is no model “{model}”; write it as APP:MODEL."
            raise Problem(422, "unknown-model", detail)


def is_bounded(session: Session, ident: str) -> bool:
    """Whether a key has a budget or a list of models."""
    asked = select(api_keys.c.budget_per_day, api_keys.c.models)
    return any(
        one is not None
        for one in session.execute(asked.where(api_keys.c.id == ident)).one()
    )


def list_keys(session: Session, account_id: str) -> list[dict[str, Any]]:
    """The account's keys, newest first, without their secrets."""
    statement = (
        select(api_keys)
        .where(api_keys.c.account_id == account_id, api_keys.c.revoked_at.is_(None))
        .order_by(api_keys.c.id.desc())
    )
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "hint": row["hint"] + "…",
            "scopes": row["scopes"],
            "budget_per_day": row["budget_per_day"],
            "models": row["models"],
            "expires_at": iso(row["expires_at"]),
            "used_at": iso(row["used_at"]),
            "created_at": iso(row["created_at"]),
        }
        for row in session.execute(statement).mappings()
    ]


def find(session: Session, account_id: str, ident: str) -> dict[str, Any]:
    """A living key of this account, or 404."""
    mine = (api_keys.c.id == ident) & (api_keys.c.account_id == account_id)
    ended = api_keys.c.expires_at <= now()
    alive = api_keys.c.revoked_at.is_(None) & ended.isnot(True)
    row = session.execute(select(api_keys).where(mine, alive)).mappings().first()
    if row is None:
        raise not_found("key")
    return dict(row)


def rotate_key(
    session: Session, key: Mapping[str, Any], *, overlap: float
) -> tuple[str, str]:
    """Another key that may do the same; the old one ends in `overlap` seconds.

    They spend as one: a new key is no new budget.
    """
    secret, ident = new_key(), new_id("key")
    fresh = {**key, "id": ident, "hint": secret[:9], "created_at": now()}
    fresh |= {"secret_hash": fingerprint(secret), "used_at": None}
    fresh |= {"lineage": key["lineage"] or key["id"]}
    session.execute(insert(api_keys).values(fresh))
    old = update(api_keys).where(api_keys.c.id == key["id"])
    ends = now() + overlap
    sooner = api_keys.c.expires_at.is_(None) | (api_keys.c.expires_at > ends)
    session.execute(old.where(sooner).values(expires_at=ends))
    return ident, secret


def revoke_key(session: Session, account_id: str, ident: str) -> None:
    """End a key of this account, or 404."""
    mine = (api_keys.c.id == ident) & (api_keys.c.account_id == account_id)
    ended = update(api_keys).where(mine, api_keys.c.revoked_at.is_(None))
    if changed(session, ended.values(revoked_at=now())) != 1:
        raise not_found("key")
