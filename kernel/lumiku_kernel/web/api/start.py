"""Ask for a job's price, and start it."""

import pydantic_core
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import space
from lumiku_kernel.jobs.idempotency import find
from lumiku_kernel.jobs.quote import Quote, fingerprint, quote
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.jobs.submit import Accepted, once_for, submit
from lumiku_kernel.ledger.post import holdings
from lumiku_kernel.web.api.jobs import (
    READ,
    WRITE,
    Document,
    JobEnvelope,
    awaited,
    file_of,
)
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint, read_body
from lumiku_kernel.web.idempotency import REPLAYED, key_of


class Price(BaseModel):
    """What a request would cost, in credits."""

    price: int
    items: int
    breakdown: list[Document]
    available: int
    affordable: bool
    code: str | None = None
    """`INSUFFICIENT_CREDITS` (gate 15) if it cannot be paid."""
    topup_url: str | None = None
    """Where there are more credits, if some are lacking."""


async def _body(context: Context) -> Document:
    text = await read_body(context.request, context)
    try:
        body = pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, "json-invalid", f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise Problem(422, "invalid-input", "The body must be a JSON object.")
    return body


async def _understood(context: Context, app: str, worker: str, body: Document) -> Quote:
    host = context.site.host
    return await context.site.lanes.of(app).call(
        lambda: quote(
            store=host.store,
            registry=host.registry,
            snapshot=host.watch.snapshot,
            viewer=context.viewer,
            request_id=context.request_id,
            app=app,
            worker=worker,
            body=body,
        )
    )


async def show_price(context: Context, app: str, worker: str) -> Price:
    """What a job would cost; nothing is written."""
    asked = await _understood(context, app, worker, await _body(context))
    held = await run_in_threadpool(_holdings, context)
    lacks = held < asked.price
    return Price(
        price=asked.price,
        items=len(asked.items),
        breakdown=asked.breakdown(),
        available=held,
        affordable=not lacks,
        code="INSUFFICIENT_CREDITS" if lacks else None,
        topup_url=context.settings.topup_url if lacks else None,
    )


def _holdings(context: Context) -> int:
    with context.store.read() as session:
        return holdings(session, context.account_id)["available"]


async def start(
    context: Context, app: str, worker: str
) -> Answer[JobEnvelope] | Response:
    """Start a job: 202, or 200 if it ends within `Prefer: wait=N`."""
    key = key_of(context)
    body = await _body(context)
    accepted = None
    if key is not None:  # first: what was accepted stays so, whatever has changed since
        accepted = await run_in_threadpool(_replay, context, app, worker, key, body)
    if accepted is None:
        asked = await _understood(context, app, worker, body)
        accepted = await run_in_threadpool(_submit, context, asked, key)
    headers = {"Location": f"/api/jobs/{accepted.job_id}"}
    if accepted.replayed:
        headers |= REPLAYED
    job = await awaited(context, accepted.job_id, headers)
    ended = "Preference-Applied" in headers and job["state"] in ENDED
    if ended and "image/" in context.connection.headers.get("accept", ""):
        return await run_in_threadpool(_picture, context, job, headers)
    return Answer(JobEnvelope(job=job), 200 if ended else 202, headers)


def _replay(
    context: Context, app: str, worker: str, key: str, body: Document
) -> Accepted | None:
    print_ = fingerprint(app, worker, body)
    once = once_for(context.account_id, app, worker, key, print_)
    with context.store.read() as session:
        known = find(session, once)
    return None if known is None else Accepted(known, replayed=True)


def _submit(context: Context, asked: Quote, key: str | None) -> Accepted:
    host = context.site.host
    space.check(host.settings, host.store, context.viewer)
    flags = context.snapshot.configuration.flags
    return submit(
        host.store,
        asked,
        context.viewer,
        version=host.registry.version(asked.app),
        key=key,
        flags=flags.kept(asked.app, context.viewer),
        deadline_seconds=host.settings.job_deadline_seconds,
        request_id=context.request_id,
        payer=context.payer,
    )


def _picture(context: Context, job: Document, headers: dict[str, str]) -> Response:
    pictures = [
        one
        for one in job["artifacts"]
        if one["kind"] == "image" and one["media_type"].startswith("image/")
    ]
    if job["items"]["total"] != 1 or not pictures:
        error = job["error"] or {
            "code": "no-picture",
            "detail": "It made no one picture.",
        }
        raise Problem(
            502 if job["error"] else 406,
            error["code"],
            error["detail"],
            extra={"job": job},
        )
    return file_of(context, pictures[0]["id"], headers)


ENDPOINTS = (
    Endpoint(
        "POST", "/api/apps/{app}/{worker}/quote", show_price, scope=READ, tag="jobs"
    ),
    Endpoint(
        "POST", "/api/apps/{app}/{worker}", start, scope=WRITE, status=202, tag="jobs"
    ),
)
