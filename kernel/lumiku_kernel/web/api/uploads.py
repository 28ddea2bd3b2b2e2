"""Send pictures, look at them, forget them."""

import re
from typing import Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lumiku_kernel import uploads
from lumiku_kernel.clock import iso
from lumiku_kernel.errors import Problem
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Answer, Endpoint
from lumiku_kernel.web.ranged import kept_file

BOUNDARY = re.compile(r'boundary="?([^\s";,]{1,70})"?', re.IGNORECASE)


class Upload(BaseModel):
    """A picture that a viewer has sent, as it was drawn anew."""

    id: str
    media_type: str
    width: int
    height: int
    size: int
    url: str
    created_at: str


async def send(context: Context) -> Answer[Upload]:
    """Keep the picture in the part `file` of a form (multipart/form-data)."""
    kind = context.request.headers.get("content-type", "")
    found = BOUNDARY.search(kind)
    if found is None or not kind.lower().startswith("multipart/form-data"):
        detail = "Send multipart/form-data with the picture as `file`."
        raise Problem(415, "unsupported-media-type", detail)
    content = file_in(await context.request.body(), found[1].encode())
    made = await run_in_threadpool(_keep, context, content)
    return Answer(made, 201, {"Location": made.url})


def file_in(body: bytes, boundary: bytes) -> bytes:
    """The first file of a form, or 400 `form-invalid`."""
    text, mark = b"\r\n" + body, b"\r\n--" + boundary
    at = text.find(mark)
    while at >= 0:
        begin = at + len(mark)
        at = text.find(mark, begin)
        if at < 0:
            break
        head, found, content = text[begin:at].partition(b"\r\n\r\n")
        if found and b"filename" in head.lower():
            return content
    detail = "There is no whole file in the form."
    raise Problem(400, "form-invalid", detail)


def _keep(context: Context, content: bytes) -> Upload:
    host = context.site.host
    made = uploads.keep(host.settings, host.store, host.shelf, context.viewer, content)
    return _shown(made)


def _shown(row: dict[str, Any]) -> Upload:
    return Upload.model_validate({**row, "created_at": iso(row["created_at"])})


def list_uploads(context: Context, query: Paging) -> Listing[Upload]:
    """The viewer's uploads, newest first."""
    found = uploads.many(
        context.store, context.account_id, limit=query.limit, before=query.cursor
    )
    told = page(found, query.limit)
    items = [_shown(row) for row in told["items"]]
    return Listing[Upload](items=items, next_cursor=told["next_cursor"])


def show(context: Context, ident: str) -> Response:
    """The picture, for its owner."""
    row = uploads.row_of(context.store, ident, context.account_id)
    return kept_file(
        context.connection,
        context.site.host.shelf,
        row,
        name=ident,
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def remove(context: Context, ident: str) -> None:
    """Forget a picture; what was made of it stays."""
    host = context.site.host
    uploads.remove(host.store, host.shelf, ident, context.account_id)


READ, WRITE = "jobs:read", "jobs:write"
ENDPOINTS = (
    Endpoint("POST", "/api/uploads", send, scope=WRITE, status=201, tag="uploads"),
    Endpoint("GET", "/api/uploads", list_uploads, scope=READ, tag="uploads"),
    Endpoint("GET", "/api/uploads/{ident}", show, scope=READ, tag="uploads"),
    Endpoint("DELETE", "/api/uploads/{ident}", remove, scope=WRITE, tag="uploads"),
)
