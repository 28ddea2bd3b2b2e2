"""A kept file on the wire: whole, a range of it, or “you have it already”."""

import re
from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.responses import Response, StreamingResponse

from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs.artifacts import Shelf

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def kept_file(
    connection: HTTPConnection,
    shelf: Shelf,
    row: Mapping[str, object],
    *,
    name: str,
    headers: Mapping[str, str],
) -> Response:
    """The file of a row with `key`, `size`, `sha256` and `media_type`.

    404 when it is gone, 416 for a range that is not in it, 503 when the storage is
    away. Of several ranges the whole is sent.
    """
    size, key = int(str(row["size"])), str(row["key"])
    shown = "attachment" if "download" in connection.query_params else "inline"
    told = {
        "ETag": f'"{str(row["sha256"])[:32]}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'{shown}; filename="{name}"',
        **headers,
    }
    if told["ETag"] in connection.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    given = connection.headers.get("range", "")
    if connection.headers.get("if-range", told["ETag"]) != told["ETag"]:
        given = ""
    start, end = _asked(given, size)
    if (start, end) != (0, size):
        told["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    told["Content-Length"] = str(end - start)
    status = 206 if "Content-Range" in told else 200
    media_type = str(row["media_type"])
    if connection.scope.get("method") == "HEAD":
        return Response(None, status, told, media_type)
    try:
        chunks = shelf.read(key, start, end)
    except FileNotFoundError as error:
        raise not_found("file; it was removed from the storage") from error
    return StreamingResponse(chunks, status, told, media_type)


def _asked(given: str, size: int) -> tuple[int, int]:
    """Where to begin and to end; the whole of it if that is not understood."""
    found = _RANGE.fullmatch(given.strip())
    if found is None or not (found[1] or found[2]):
        return 0, size
    if not found[1]:  # the last so many
        start, end = max(0, size - int(found[2])), size
    else:
        start = int(found[1])
        end = min(size, int(found[2]) + 1) if found[2] else size
    if start >= end:
        headers = {"Content-Range": f"bytes */{size}"}
        detail = f"This file has {size} bytes; the range asked for is not in it."
        raise Problem(416, "range-not-satisfiable", detail, headers=headers)
    return start, end
