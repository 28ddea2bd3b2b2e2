"""Links to files: for whoever is given one, as long as it is good."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from starlette.responses import Response, StreamingResponse

from lumiku_kernel.accounts.links import Link, read, sign
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs.bundle import bundle
from lumiku_kernel.jobs.read import artifact, files, one
from lumiku_kernel.store.tables import accounts
from lumiku_kernel.web.api.auth import Input
from lumiku_kernel.web.api.jobs import file_for
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint


class Wish(Input):
    """For how many seconds a link is good."""

    seconds: Annotated[int, Field(ge=60, le=7 * 86400)] = 3600


class Made(BaseModel):
    """A link that needs no session."""

    url: str
    expires_at: str | None


def make_link(context: Context, ident: str, body: Wish) -> Made:
    """A link to a file, for whoever has it; nobody can take it back before its end."""
    with context.store.read() as session:
        artifact(session, ident, context.account_id)
    until = int(context.store.now()) + body.seconds
    token = sign(pepper(context.settings), Link(ident, context.account_id, until))
    url = f"{context.settings.url}/files/{token}"
    return Made(url=url, expires_at=iso(float(until)))


def show_file(context: Context, token: str) -> Response:
    """The file of a link, while its owner has it and may come in."""
    now = context.store.now()
    link = read(pepper(context.settings), token, now)
    if link is None:
        raise not_found("file; the link may be too old")
    owner = select(accounts.c.disabled_at).where(accounts.c.id == link.account_id)
    with context.store.read() as session:
        row = session.execute(owner).first()
    if row is None or row.disabled_at is not None:
        raise not_found("file; the link may be too old")
    caching = f"private, max-age={link.until - int(now)}"
    headers = {"Cache-Control": caching, "Referrer-Policy": "no-referrer"}
    return file_for(context, link.account_id, link.artifact_id, headers)


class Kind(BaseModel):
    """Which of a job's files: `image`, `export`, `map-depth` …; else all of them."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, Field(max_length=40)] | None = None


def show_zip(context: Context, job_id: str, query: Kind) -> Response:
    """What a job made as one ZIP, sent while it is packed."""
    shelf = context.site.host.shelf
    kinds = () if query.kind is None else (query.kind,)
    with context.store.read() as session:
        rows = files(session, job_id, context.account_id, kinds)
        job = one(session, job_id, context.account_id)
    if not rows:
        raise not_found("file in this job")
    if any(shelf.size(row["key"]) is None for row in rows):
        detail = "Some of its files are not kept any more."
        raise Problem(410, "artifact-gone", detail)
    name = f"{job['app']}-{job['created_at'][:10]}-{job_id[-6:]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(bundle(shelf, rows), 200, headers, "application/zip")


ENDPOINTS = (
    Endpoint("GET", "/api/jobs/{job_id}/zip", show_zip, scope="jobs:read", tag="jobs"),
    Endpoint(
        "POST",
        "/api/artifacts/{ident}/link",
        make_link,
        scope="jobs:read",
        status=201,
        tag="jobs",
    ),
    Endpoint("GET", "/files/{token}", show_file, "public", tag="jobs"),
)
