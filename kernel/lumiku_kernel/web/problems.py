"""Every error as an RFC 9457 document with a stable code."""

import json
import logging
from http import HTTPStatus
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.logs import clean
from lumiku_kernel.store.trouble import trouble

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


def document(problem: Refused, request_id: str) -> dict[str, Any]:
    """The problem as JSON."""
    try:
        title = HTTPStatus(problem.status).phrase
    except ValueError:
        title = "Refused"
    told: dict[str, Any] = {
        "type": f"urn:lumiku:problem:{problem.code}",
        "title": title,
        "status": problem.status,
        "code": problem.code,
        "detail": clean(problem.detail),
        "request_id": request_id,
    }
    if problem.fix:
        told["fix"] = problem.fix
    if isinstance(problem, Problem):
        if problem.errors is not None:
            told["errors"] = problem.errors
        told |= problem.extra
    return told


def response(connection: HTTPConnection, problem: Refused) -> Response:
    """The problem on the wire."""
    request_id = connection.scope.get("state", {}).get("request_id", "")
    headers = {"Cache-Control": "no-store"}
    if isinstance(problem, Problem):
        headers |= problem.headers
    told = document(problem, request_id)
    if problem.code == "insufficient-credits":
        settings = connection.scope["app"].state.site.host.settings
        if settings.topup_url:
            told["topup_url"] = settings.topup_url
    content = json.dumps(told, ensure_ascii=False).encode()
    return Response(content, problem.status, headers, media_type=MEDIA_TYPE)


async def refused(request: Request, error: Exception) -> Response:
    """For what the kernel or a plugin refuses."""
    if not isinstance(error, Refused):
        raise error
    return response(request, error)


_HTTP = {
    404: ("not-found", "There is nothing here."),
    405: ("method-not-allowed", "This path does not take that method."),
    413: ("body-too-large", "The body is too large."),
}


async def http(request: Request, error: Exception) -> Response:
    """For what Starlette refuses."""
    if not isinstance(error, HTTPException):
        raise error
    code, detail = _HTTP.get(error.status_code, ("refused", str(error.detail)))
    problem = Problem(
        error.status_code, code, detail, headers=dict(error.headers or {})
    )
    return response(request, problem)


async def unforeseen(request: Request, error: Exception) -> Response:
    """For a fault of ours: named by its request id, told to nobody but the log.

    What the database's state is to blame for is no fault, and answers 503 or 507.
    """
    temporary = trouble(error)
    if temporary is not None:
        return response(request, temporary)
    asked = f"{request.method} {request.scope['path']}"
    ident = request.scope.get("state", {}).get("request_id", "")
    log.error("%s failed, %s", asked, ident, exc_info=error)
    detail = "Something failed here. The operator finds it by the request id."
    return response(request, Problem(500, "internal-error", detail))


HANDLERS = {
    Refused: refused,
    HTTPException: http,
    SQLAlchemyError: unforeseen,  # caught further in, where nothing is raised again
    Exception: unforeseen,
}
