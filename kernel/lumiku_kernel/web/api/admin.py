"""What operators see and change; every change has a reason and is audited."""

from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import select

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.catalogue.overrides import override
from lumiku_kernel.clock import iso
from lumiku_kernel.doctor import examine, page_of
from lumiku_kernel.errors import not_found
from lumiku_kernel.flags.change import switch
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.jobs.retention import retention as kept
from lumiku_kernel.plugins import quarantine
from lumiku_kernel.store.tables import audits, processes
from lumiku_kernel.visibility.census import BEST, census, orphans
from lumiku_kernel.visibility.snapshot import ALIVE_SECONDS
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.web.api.auth import Input
from lumiku_kernel.web.api.lists import Listing, Paging
from lumiku_kernel.web.api.waiting import Waiting, adopted
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

Document = dict[str, Any]
TierWord = Literal["free", "basic", "pro", "enterprise"]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class Why(Input):
    """A reason."""

    reason: Reason


class ModelChange(Why):
    """What is to be set; the rest stays."""

    enabled: bool | None = None
    tier: TierWord | None = None
    price: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


def list_plugins(context: Context) -> Listing[Document]:
    """Every plugin found, with its state, code, reason and fix."""
    found = []
    operator = Viewer(context.account_id, Tier.ENTERPRISE)
    flags = context.snapshot.configuration.flags
    for one in context.snapshot.configuration.plugins.values():
        verdict = judge(context.snapshot, operator, one.id)
        first = verdict.blocking[0] if verdict.blocking and one.is_app else None
        found.append(
            {
                "id": one.id,
                "dist": one.dist,
                "version": one.version,
                "kind": one.declaration.get("kind", "app"),
                "state": one.state,
                "enabled": True in flags.outcomes(enabled_key(one.id), True),
                "code": one.code or (first.code if first else None),
                "reason": one.reason or (first.detail if first else None),
                "fix": first.fix.document() if first and first.fix else None,
                "models": len(context.snapshot.configuration.models.get(one.id, ())),
            }
        )
    return Listing[Document](items=found)


def _switch(
    context: Context, ident: str, query: Waiting, why: Why, *, on: bool
) -> Document:
    if ident not in context.snapshot.configuration.plugins:
        raise not_found("plugin")
    key = enabled_key(ident)
    by = context.account_id
    done = switch(context.store, key, on=on, actor=by, reason=why.reason)
    return {"id": ident, "enabled": on, **adopted(context, done.epoch, query)}


def enable(context: Context, ident: str, query: Waiting, body: Why) -> Document:
    """Switch a plugin on."""
    return _switch(context, ident, query, body, on=True)


def disable(context: Context, ident: str, query: Waiting, body: Why) -> Document:
    """Switch a plugin off."""
    return _switch(context, ident, query, body, on=False)


def release(context: Context, ident: str, body: Why) -> Document:
    """Let a plugin out of quarantine before its time."""
    actor, why = context.account_id, body.reason
    quarantine.release(context.store, ident, actor=actor, why=why)
    context.site.host.watch.refresh()
    return {"id": ident, "state": "ready"}


class Models(Listing[Document]):
    """Stored models, and how many there are of which kind."""

    counts: dict[str, int]


def list_models(context: Context) -> Models:
    """Every stored model as it stands, with its verdict for the highest tier."""
    known = context.snapshot.configuration
    lost = orphans(known)
    found = [
        {
            **one.document(),
            "tier": one.model.tier.word,
            "price": one.model.price,
            "enabled": one.model.enabled,
            "provider": one.model.provider,
            "orphaned": app in lost,
        }
        for app in known.models
        for one in judge(context.snapshot, BEST, app).models
    ]
    return Models(items=found, counts=census(context.snapshot).document())


def set_model(
    context: Context, key: str, query: Waiting, body: ModelChange
) -> Document:
    """Override a model's state, tier or price."""
    after = override(
        context.store,
        key,
        enabled=body.enabled,
        tier=Tier[body.tier.upper()] if body.tier else None,
        price=body.price,
        actor=context.account_id,
        reason=body.reason,
    )
    epoch = context.site.host.watch.refresh().configuration.epoch
    return {"key": key, "override": after, **adopted(context, epoch, query)}


def list_processes(context: Context) -> Listing[Document]:
    """Processes and what they attest."""
    with context.store.read() as session:
        rows = [dict(row) for row in session.execute(select(processes)).mappings()]
    at = context.store.now()
    found = [
        {
            **row,
            "alive": row["seen_at"] > at - ALIVE_SECONDS,
            "started_at": iso(row["started_at"]),
            "seen_at": iso(row["seen_at"]) if row["seen_at"] else None,
        }
        for row in rows
    ]
    return Listing[Document](items=found)


def list_audit(context: Context, query: Paging) -> Listing[Document]:
    """Operators' changes, newest first."""
    statement = select(audits).order_by(audits.c.id.desc()).limit(query.limit)
    cursor = query.cursor or ""
    if cursor.isdecimal() and len(cursor) < 19:  # noqa: PLR2004 (digits of 2**63)
        statement = statement.where(audits.c.id < int(cursor))
    with context.store.read() as session:
        rows = [dict(row) for row in session.execute(statement).mappings()]
    found = [{**row, "at": iso(row["at"])} for row in rows]
    after = str(found[-1]["id"]) if len(found) == query.limit else None
    return Listing[Document](items=found, next_cursor=after)


def doctor(context: Context) -> Listing[Document]:
    """Every check, with cause and cure."""
    host = context.site.host
    found = [
        {"check": one.check, "level": one.level, "cause": one.cause, "fix": one.fix}
        | {"see": page_of(one.check)}
        for one in examine(host.settings, host.store)
    ]
    return Listing[Document](items=found)


def retention(context: Context) -> Listing[Document]:
    """What is kept for how long, and what is due to go."""
    host = context.site.host
    found = [one.document() for one in kept(host.store, host.settings)]
    return Listing[Document](items=found)


def operators(method: str, path: str, handler: Any) -> Endpoint:
    """An endpoint for operators alone."""
    return Endpoint(
        method, f"/api/admin{path}", handler, "operator", "operator", tag="operator"
    )


ENDPOINTS = (
    operators("GET", "/plugins", list_plugins),
    operators("POST", "/plugins/{ident}/enable", enable),
    operators("POST", "/plugins/{ident}/disable", disable),
    operators("POST", "/plugins/{ident}/release", release),
    operators("GET", "/models", list_models),
    operators("PATCH", "/models/{key}", set_model),
    operators("GET", "/processes", list_processes),
    operators("GET", "/audit", list_audit),
    operators("GET", "/doctor", doctor),
    operators("GET", "/retention", retention),
)
