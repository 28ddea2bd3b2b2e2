"""Start jobs, follow them, end them, fetch what they made."""

import re
from typing import Annotated, Any, Literal

import pydantic_core
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs import cancel as cancelling
from lumiku_kernel.jobs import events, read
from lumiku_kernel.jobs.quote import Quote, fingerprint, quote
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.jobs.submit import Accepted, replay, retry, scope_of, submit
from lumiku_kernel.ledger.post import holdings
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint, read_body

LONGEST_WAIT = 60.0
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

Document = dict[str, Any]


class JobEnvelope(BaseModel):
    """A job."""

    job: Document


class Price(BaseModel):
    """What a request would cost, in credits."""

    price: int
    items: int
    breakdown: list[Document]
    available: int
    affordable: bool


class Filter(Paging):
    """Which jobs."""

    app: str | None = None
    state: (
        Literal[
            "queued",
            "running",
            "retry_wait",
            "succeeded",
            "partial",
            "failed",
            "canceled",
            "expired",
        ]
        | None
    ) = None


class After(BaseModel):
    """Which events."""

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 100


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
    return await run_in_threadpool(
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
    return Price(
        price=asked.price,
        items=len(asked.items),
        breakdown=asked.breakdown(),
        available=held,
        affordable=held >= asked.price,
    )


def _holdings(context: Context) -> int:
    with context.store.read() as session:
        return holdings(session, context.account_id)["available"]


async def start(
    context: Context, app: str, worker: str
) -> Answer[JobEnvelope] | Response:
    """Start a job: 202, or 200 if it ends within `Prefer: wait=N`."""
    key = _idempotency_key(context)
    body = await _body(context)
    accepted = None
    if key is not None:  # first: what was accepted stays so, whatever has changed since
        accepted = await run_in_threadpool(_replay, context, app, worker, key, body)
    if accepted is None:
        asked = await _understood(context, app, worker, body)
        accepted = await run_in_threadpool(_submit, context, asked, key)
    headers = {"Location": f"/api/jobs/{accepted.job_id}"}
    if accepted.replayed:
        headers["Idempotency-Replayed"] = "true"
    job = await _awaited(context, accepted.job_id, headers)
    ended = job["state"] in ENDED
    if ended and "image/" in context.connection.headers.get("accept", ""):
        return await run_in_threadpool(_picture, context, job, headers)
    return Answer(JobEnvelope(job=job), 200 if ended else 202, headers)


def _replay(
    context: Context, app: str, worker: str, key: str, body: Document
) -> Accepted | None:
    scope = scope_of(context.account_id, app, worker)
    with context.store.read() as session:
        return replay(session, scope, key, fingerprint(app, worker, body))


def _submit(context: Context, asked: Quote, key: str | None) -> Accepted:
    host = context.site.host
    flags = {
        name: on
        for name, on in host.watch.snapshot.configuration.flags.items()
        if name.startswith(f"{asked.app}.")
    }
    return submit(
        host.store,
        asked,
        context.viewer,
        version=host.registry.version(asked.app),
        key=key,
        flags=flags,
        deadline_seconds=host.settings.job_deadline_seconds,
        request_id=context.request_id,
    )


def _idempotency_key(context: Context) -> str | None:
    key = context.connection.headers.get("idempotency-key")
    if key is None:
        if context.identity.by_key:
            detail = (
                "Programs send the header Idempotency-Key with a request that spends."
            )
            fix = "Add a header such as Idempotency-Key: 4f8b2c, new for each request."
            raise Problem(400, "idempotency-key-missing", detail, fix=fix)
        return None
    if not _KEY.fullmatch(key):
        detail = "An Idempotency-Key is 1 to 255 visible ASCII characters."
        raise Problem(400, "idempotency-key-invalid", detail)
    return key


async def _awaited(context: Context, job_id: str, headers: dict[str, str]) -> Document:
    """The job now, or when it has ended, if the caller prefers to wait."""
    wanted = re.search(
        r"\bwait=(\d{1,4})\b", context.connection.headers.get("prefer", "")
    )
    if wanted is not None:
        seconds = min(float(wanted[1]), LONGEST_WAIT)
        headers["Preference-Applied"] = f"wait={seconds:.0f}"
        await context.site.hub.ended(job_id, seconds)
    return await run_in_threadpool(_document, context, job_id)


def _document(context: Context, job_id: str) -> Document:
    with context.store.read() as session:
        return read.one(session, job_id, context.account_id)


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
    return _file(context, pictures[0]["id"], headers)


async def show(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """One job; `Prefer: wait=N` answers when it has ended."""
    await run_in_threadpool(_document, context, job_id)
    headers: dict[str, str] = {}
    job = await _awaited(context, job_id, headers)
    return Answer(JobEnvelope(job=job), headers=headers)


def list_jobs(context: Context, query: Filter) -> Listing[Document]:
    """The viewer's jobs, newest first."""
    with context.store.read() as session:
        found = read.many(
            session,
            context.account_id,
            limit=query.limit,
            before=query.cursor,
            app=query.app,
            state=query.state,
        )
    return Listing[Document].model_validate(page(found, query.limit))


def cancel(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """Ask for the end of a job; what was delivered stays delivered and paid."""
    cancelling.cancel(context.store, job_id, context.account_id)
    return Answer(JobEnvelope(job=_document(context, job_id)), 202)


def retry_job(context: Context, job_id: str) -> Answer[JobEnvelope]:
    """Pay for, and make, what an ended job still lacks."""
    seconds = context.settings.job_deadline_seconds
    retry(context.store, job_id, context.account_id, deadline_seconds=seconds)
    return Answer(JobEnvelope(job=_document(context, job_id)), 202)


def list_events(context: Context, job_id: str, query: After) -> Listing[Document]:
    """What happened to a job, after an event's number."""
    with context.store.read() as session:
        read.one(session, job_id, context.account_id)
        found = events.after(session, job_id, query.after, limit=query.limit)
    more = len(found) == query.limit
    cursor = str(found[-1]["seq"]) if more else None
    return Listing[Document](items=found, next_cursor=cursor)


def show_artifact(context: Context, ident: str) -> Response:
    """A file made, for its owner."""
    return _file(context, ident, {})


def _file(context: Context, ident: str, headers: dict[str, str]) -> Response:
    with context.store.read() as session:
        row = read.artifact(session, ident, context.account_id)
    path = context.site.host.shelf.path(row["key"])
    if not path.is_file():
        raise not_found("file; it was removed from the storage")
    suffix = path.suffix
    download = "download" in context.connection.query_params
    return FileResponse(
        path,
        headers={
            **headers,
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
        media_type=row["media_type"],
        filename=f"{row['kind']}-{row['item'] + 1}{suffix}",
        content_disposition_type="attachment" if download else "inline",
    )


READ, WRITE = "jobs:read", "jobs:write"
STARTING = (
    Endpoint(
        "POST", "/api/apps/{app}/{worker}/quote", show_price, scope=READ, tag="jobs"
    ),
    Endpoint(
        "POST", "/api/apps/{app}/{worker}", start, scope=WRITE, status=202, tag="jobs"
    ),
)
ENDPOINTS = (
    Endpoint("GET", "/api/jobs", list_jobs, scope=READ, tag="jobs"),
    Endpoint("GET", "/api/jobs/{job_id}", show, scope=READ, tag="jobs"),
    Endpoint(
        "POST", "/api/jobs/{job_id}/cancel", cancel, scope=WRITE, status=202, tag="jobs"
    ),
    Endpoint(
        "POST",
        "/api/jobs/{job_id}/retry",
        retry_job,
        scope=WRITE,
        status=202,
        tag="jobs",
    ),
    Endpoint("GET", "/api/jobs/{job_id}/events", list_events, scope=READ, tag="jobs"),
    Endpoint("GET", "/api/artifacts/{ident}", show_artifact, scope=READ, tag="jobs"),
)
