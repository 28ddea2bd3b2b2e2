"""Everybody's jobs, as operators find them, try them again and let them go."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from lumiku_kernel.jobs import cancel as cancelling
from lumiku_kernel.jobs import events, failed, read
from lumiku_kernel.jobs.funding import Payer
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.jobs.which import Which
from lumiku_kernel.store.audit import By
from lumiku_kernel.web.api.admin import Document, Reason, Why, operators
from lumiku_kernel.web.api.auth import Input
from lumiku_kernel.web.api.jobs import JobEnvelope, StateWord
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context

Word = Annotated[str, Field(max_length=200)]
Age = Annotated[float, Field(ge=0, le=1e9)]


class Chosen(BaseModel):
    """Which jobs; `older_than` and `newer_than` are ages in seconds."""

    state: StateWord | None = None
    app: Word | None = None
    account: Word | None = None
    code: Word | None = None
    model: Word | None = None
    older_than: Age | None = None
    newer_than: Age | None = None
    discarded: bool = False

    def which(self) -> Which:
        """As the kernel asks for them."""
        return Which(
            self.state,
            self.app,
            self.account,
            self.code,
            self.model,
            self.older_than,
            self.newer_than,
            self.discarded,
        )


class Find(Chosen, Paging):
    """A page of them."""


class Export(Chosen):
    """All of them."""

    format: Literal["jsonl", "csv"] = "jsonl"


class Again(Input):
    """Why a job is tried again."""

    reason: str = ""


class Many(Chosen, Input):
    """Failed jobs, `limit` of them at most, and why; the oldest come first."""

    reason: Reason
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class Done(BaseModel):
    """What became of each; `more` if there are others."""

    done: list[str]
    refused: list[Document]
    more: bool


def list_jobs(context: Context, query: Find) -> Listing[Document]:
    """Everybody's jobs, newest first; those discarded only if asked for."""
    with context.store.read() as session:
        found = read.anybodys(
            session, query.which(), limit=query.limit, before=query.cursor
        )
    return Listing[Document].model_validate(page(found, query.limit))


def show(context: Context, job_id: str) -> JobEnvelope:
    """Anybody's job with its items and events."""
    with context.store.read() as session:
        job = read.whole(session, job_id, None)
        job["events"] = events.after(session, job_id, 0, limit=1000)
    return JobEnvelope(job=job)


def export(context: Context, query: Export) -> Response:
    """All that answer, as lines of JSON or as a table."""
    kind = "text/csv" if query.format == "csv" else "application/jsonl"
    lines = failed.export(context.store, query.which(), query.format)
    name = f'attachment; filename="jobs.{query.format}"'
    headers = {"Content-Disposition": name}
    return StreamingResponse(lines, media_type=kind, headers=headers)


def _now(context: Context, job_id: str) -> JobEnvelope:
    with context.store.read() as session:
        return JobEnvelope(job=read.whole(session, job_id, None))


def retry_job(context: Context, job_id: str, body: Again) -> JobEnvelope:
    """Queue what a job still lacks; its owner pays."""
    seconds = context.settings.job_deadline_seconds
    by = By(context.account_id, body.reason)
    payer = Payer(free=context.settings.free)
    retry(context.store, job_id, None, deadline_seconds=seconds, by=by, payer=payer)
    return _now(context, job_id)


def cancel(context: Context, job_id: str, body: Why) -> JobEnvelope:
    """Ask for the end of a job."""
    by = By(context.account_id, body.reason)
    cancelling.cancel(context.store, job_id, None, by=by)
    return _now(context, job_id)


def discard(context: Context, job_id: str, body: Why) -> JobEnvelope:
    """Let a failed job go: nobody tries it again."""
    failed.discard(context.store, job_id, By(context.account_id, body.reason))
    return _now(context, job_id)


def retry_many(context: Context, body: Many) -> Done:
    """Try all again that answer; each once, however often it is asked."""
    done = failed.retry_all(
        context.store,
        body.which(),
        limit=body.limit,
        deadline_seconds=context.settings.job_deadline_seconds,
        by=By(context.account_id, body.reason),
        payer=Payer(free=context.settings.free),
    )
    return Done.model_validate(done)


def discard_many(context: Context, body: Many) -> Done:
    """Let all go that answer."""
    by = By(context.account_id, body.reason)
    done = failed.discard_all(context.store, body.which(), limit=body.limit, by=by)
    return Done.model_validate(done)


ENDPOINTS = (
    operators("GET", "/jobs", list_jobs),
    operators("GET", "/jobs/export", export),
    operators("POST", "/jobs/retry", retry_many),
    operators("POST", "/jobs/discard", discard_many),
    operators("GET", "/jobs/{job_id}", show),
    operators("POST", "/jobs/{job_id}/retry", retry_job),
    operators("POST", "/jobs/{job_id}/cancel", cancel),
    operators("POST", "/jobs/{job_id}/discard", discard),
)
