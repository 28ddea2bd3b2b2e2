"""A plugin's function called for a request: what it may answer, and what is refused.

It has no say in headers: no cookies, no redirects, no policy of its own.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.responses import Response, StreamingResponse

from lumiku_contracts import File, Refused, Stream
from lumiku_kernel.errors import Problem
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.web.lane import Lane

LARGEST = 64 * 2**20
"""Bytes of one answer; what is longer is to be a `Stream`."""
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BadAnswer(TypeError):
    """An answer that a plugin may not give."""


async def answer_of(
    lane: Lane, function: Callable[..., Any], call: PluginCall, given: dict[str, Any]
) -> Any:
    """Call it in its plugin's lane; what it has left open is closed afterwards."""
    try:
        return await lane.call(_contained, function, call, given)
    finally:
        if call.opened:  # it is late, and still in there
            await lane.close(call)


def _contained(
    function: Callable[..., Any], call: PluginCall, given: dict[str, Any]
) -> Any:
    try:
        answer = function(call, **given)
    except Problem:
        raise
    except Refused as refused:
        raise as_problem(refused) from refused
    except Exception as error:
        # Whatever it is, nobody takes it for an exception of the framework's.
        raise RuntimeError(f"{type(error).__name__} in {function!r}") from error
    finally:
        call.close()
    if isinstance(answer, Response):
        raise BadAnswer(f"{function!r} answered with a response of its own")
    return answer


def as_problem(refused: Refused) -> Problem:
    """A plugin's refusal with nothing in it but words, and a status of refusals."""
    inside = HTTPStatus.BAD_REQUEST <= refused.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if not inside or not _CODE.fullmatch(refused.code):
        raise BadAnswer(f"refused with {refused.status} {refused.code!r}") from refused
    return Problem(refused.status, refused.code, refused.detail, fix=refused.fix)


def sent(answer: File | Stream, lane: Lane) -> Response:
    """Bytes on the wire."""
    if not _MEDIA_TYPE.fullmatch(answer.media_type):
        raise BadAnswer(f"{answer.media_type!r} is no media type")
    # Whatever it is, it is a stranger's: no script of it runs on this site.
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    if answer.name is not None:
        name = re.sub(r"[^A-Za-z0-9_.-]+", "_", answer.name)
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if isinstance(answer, Stream):
        chunks = lane.chunks(answer.chunks)
        return StreamingResponse(chunks, 200, headers, answer.media_type)
    if len(answer.content) > LARGEST:
        raise BadAnswer(f"{len(answer.content)} bytes are to be a Stream")
    if answer.cache_seconds:
        headers["Cache-Control"] = f"private, max-age={answer.cache_seconds}"
    return Response(answer.content, 200, headers, answer.media_type)
