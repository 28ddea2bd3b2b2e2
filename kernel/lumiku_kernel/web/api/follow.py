"""Follow jobs as they happen: by server-sent events and by WebSocket."""

from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import read
from lumiku_kernel.web.context import Context, context_of
from lumiku_kernel.web.endpoint import Endpoint
from lumiku_kernel.web.problems import response
from lumiku_kernel.web.sockets import Socket
from lumiku_kernel.web.streams import Stream


def _look(context: Context, job_id: str) -> None:
    with context.store.read() as session:
        read.one(session, job_id, context.account_id)


async def stream(context: Context, job_id: str) -> Stream:
    """A job's events as `text/event-stream`; resumes by `Last-Event-ID`."""
    after = _number(
        context.connection.headers.get("last-event-id")
        or context.connection.query_params.get("after", "0")
    )
    await run_in_threadpool(_look, context, job_id)
    return Stream(context, job_id, after)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 (digits of a number)
        raise Problem(422, "invalid-input", "`after` is the number of an event.")
    return int(text)


async def follow_many(socket: WebSocket) -> None:
    """`/api/events/ws`: subscribe to jobs, each from the event after `after`."""
    await _serve(socket, None)


async def follow_one(socket: WebSocket) -> None:
    """`/api/jobs/{job_id}/ws?after=`: one job."""
    await _serve(socket, socket.path_params["job_id"])


async def _serve(socket: WebSocket, job_id: str | None) -> None:
    context = context_of(socket)
    try:
        context.require("user", "jobs:read")
        after = _number(socket.query_params.get("after", "0"))
        if job_id is not None:
            await run_in_threadpool(_look, context, job_id)
        with context.seat():
            await socket.accept()
            follower = Socket(socket, context)
            if job_id is not None:
                await follower.subscribe(job_id, after)
            await follower.run()
    except Refused as problem:
        await socket.send_denial_response(response(socket, problem))


ENDPOINTS = (
    Endpoint("GET", "/api/jobs/{job_id}/stream", stream, scope="jobs:read", tag="jobs"),
)
SOCKETS = (
    WebSocketRoute("/api/events/ws", follow_many),
    WebSocketRoute("/api/jobs/{job_id}/ws", follow_one),
)
