"""What is answered when the database cannot do what was asked."""

import logging

from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response

from lumiku_kernel.errors import Problem
from lumiku_kernel.store import full
from lumiku_kernel.web.problems import response

log = logging.getLogger(__name__)


async def unable(request: Request, error: Exception) -> Response:
    """507 when its disk is full, else 503; both may be tried again."""
    if not isinstance(error, OperationalError):
        raise error
    log.error("the database could not: %s", error.orig)
    headers = {"Retry-After": "10"}
    if full(error):
        detail = "There is no room left for what was to be written."
        problem = Problem(507, "disk-full", detail, headers=headers)
    else:
        detail = "The database does not answer as it should; try again soon."
        problem = Problem(503, "database-unavailable", detail, headers=headers)
    return response(request, problem)


HANDLERS = {OperationalError: unable}
