"""Accepts a job: its rows, credits, first event and key in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lumiku_contracts.work import Viewer
from lumiku_kernel import traces
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import events, states
from lumiku_kernel.jobs.funding import NOBODYS, Payer, fund
from lumiku_kernel.jobs.idempotency import Once, find, keep
from lumiku_kernel.jobs.quote import Quote
from lumiku_kernel.jobs.turn import rank_of, turn_of
from lumiku_kernel.store import Store, new_id, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import job_items, jobs


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job of a request; `replayed` if an earlier request had made it."""

    job_id: str
    replayed: bool = False


def submit(
    store: Store,
    quote: Quote,
    viewer: Viewer,
    *,
    version: str,
    key: str | None,
    flags: dict[str, bool],
    deadline_seconds: float,
    request_id: str = "",
    payer: Payer = NOBODYS,
) -> Accepted:
    """Write the job, or raise 402; after the return it is not lost.

    `key` is the request's idempotency key: the same key with the same request gives
    the same job, with another request 422 `idempotency-key-reused`.
    """
    account_id = viewer.id or ""
    rank = rank_of(viewer.tier, interactive=quote.worker.interactive)
    job_id = new_id("job")
    once = None
    if key is not None:
        worker = quote.worker.name
        once = once_for(account_id, quote.app, worker, key, quote.fingerprint)

    def accept(session: Session) -> None:
        job = {
            "id": job_id,
            "account_id": account_id,
            "rank": rank,
            "turn": turn_of(account_id, quote.slot, rank),
            "key_id": payer.key_id,
            "plugin_version": version,
            "deadline_at": now() + deadline_seconds,
            "request_id": request_id,
            "traceparent": traces.here(),
        }
        _insert(session, quote, job, flags)
        traces.note(job=job_id, app=quote.app, model=quote.model.key)
        model, first = quote.model.key, (job_id, 1)
        fund(session, account_id, quote.price, payer, model=model, job=first)
        data = {"items": len(quote.items), "price": quote.price}
        events.append(session, job_id, 1, states.QUEUED, data)

    return _done_once(store, once, job_id, accept)


def once_for(account_id: str, app: str, worker: str, key: str, print_: str) -> Once:
    """One account's requests to one worker, by key and by the request's fingerprint."""
    return Once(f"{account_id} POST /api/apps/{app}/{worker}", key, print_)


def _done_once(
    store: Store, once: Once | None, job_id: str, act: Callable[[Session], None]
) -> Accepted:
    """Do it, unless an earlier request with this key has."""
    try:
        with store.write() as session:
            if once is not None:
                known = find(session, once)
                if known is not None:
                    return Accepted(known, replayed=True)
                keep(session, once, job_id)
            act(session)
    except IntegrityError:
        # Two requests with one key at once: the other has committed first.
        if once is None:
            raise
        with store.read() as session:
            known = find(session, once)
        if known is None:
            raise
        return Accepted(known, replayed=True)
    return Accepted(job_id)


def _insert(
    session: Session, quote: Quote, job: dict[str, Any], flags: dict[str, bool]
) -> None:
    session.execute(
        insert(jobs).values(
            **job,
            plugin_id=quote.app,
            worker=quote.worker.name,
            model=quote.model.key,
            provider=quote.model.provider,
            slot=quote.slot,
            interactive=quote.worker.interactive,
            input=quote.input.model_dump(mode="json", by_alias=True),
            snapshot={
                "model": {**quote.model.declaration, "price": quote.model.price},
                "breakdown": quote.breakdown(),
                "flags": flags,
            },
            price=quote.price,
            state=states.QUEUED,
            funding=1,
            attempts=quote.worker.attempts,
            not_before=0.0,
            items_total=len(quote.items),
            next_seq=2,
            created_at=now(),
        )
    )
    session.execute(
        insert(job_items),
        [
            {
                "job_id": job["id"],
                "index": index,
                "label": item.label,
                "data": dict(item.data),
                "price": quote.price_of(index),
                "state": "queued",
            }
            for index, item in enumerate(quote.items)
        ],
    )


def retry(
    store: Store,
    job_id: str,
    account_id: str | None,
    *,
    deadline_seconds: float,
    by: By | None = None,
    payer: Payer = NOBODYS,
    once: Once | None = None,
    last: int | None = None,
) -> Accepted:
    """Fund and queue the items an ended job still lacks, or raise 402, 404 or 409.

    `account_id` is the owner who asks; None for an operator, whom `by` names. With
    `once`, a request sent again changes nothing. With `last`, only if that is still
    its last funding.
    """

    def again(session: Session) -> None:
        mine = select(jobs).where(jobs.c.id == job_id).with_for_update()
        row = session.execute(mine).mappings().first()
        if row is None or account_id not in (None, row["account_id"]):
            raise not_found("job")
        if row["discarded_at"] is not None:
            raise Problem(409, "job-discarded", "An operator has discarded this job.")
        may = row["state"] in states.MOVES["retry"].before
        if not may or last not in (None, row["funding"]):
            detail = f"A job that is {row['state']} has nothing to retry."
            raise Problem(409, "job-not-retryable", detail)
        lacking = (job_items.c.job_id == job_id) & (job_items.c.state != "done")
        priced = (
            session.execute(select(job_items.c.price).where(lacking)).scalars().all()
        )
        funding, price = row["funding"] + 1, 0 if payer.free else sum(priced)
        fresh = update(job_items).where(lacking)
        if payer.free:
            fresh = fresh.values(price=0)
        session.execute(
            fresh.values(state="queued", error_code=None, error_detail=None)
        )
        session.execute(
            update(jobs)
            .where(jobs.c.id == job_id)
            .values(
                state=states.QUEUED,
                funding=funding,
                price=jobs.c.price + price,
                epoch=jobs.c.epoch + 1,
                attempt=0,
                rescues=0,
                turn=turn_of(row["account_id"], row["slot"], row["rank"]),
                items_failed=0,
                cancel_requested_at=None,
                error_code=None,
                error_detail=None,
                ended_at=None,
                not_before=0.0,
                deadline_at=now() + deadline_seconds,
                next_seq=jobs.c.next_seq + 1,
            )
        )
        model, job = row["model"], (job_id, funding)
        fund(session, row["account_id"], price, payer, model=model, job=job)
        data = {"items": len(priced), "price": price, "funding": funding}
        events.append(session, job_id, row["next_seq"], states.QUEUED, data)
        if by is not None:
            before, after = {"state": row["state"]}, {"state": states.QUEUED, **data}
            by.write(session, "job.retry", job_id, before=before, after=after)

    return _done_once(store, once, job_id, again)
