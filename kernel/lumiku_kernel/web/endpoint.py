"""Typed handlers as HTTP endpoints: parse, validate, call, answer.

A handler is `def h(context, <path parameters>, query=…, body=…) -> answer`, its
annotations pydantic types. A plain `def` runs in a thread, an `async def` on the
loop (only for what touches memory, waits or streams).
"""

import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lumiku_contracts import File, Stream
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.plugins.signature import Signature
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.json_text import check
from lumiku_kernel.web.stranger import BadAnswer, answer_of, sent

Auth = Literal["public", "user", "operator"]
Make = Callable[[Request], Context]
JSON = "application/json"
NO_CONTENT = {200: 204}


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """JSON with a status or headers of its own."""

    data: T
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path; `scope` is what an API key needs for it."""

    method: str
    path: str
    handler: Callable[..., Any]
    auth: Auth = "user"
    scope: str = "account:write"
    status: int = 200
    summary: str = ""
    tag: str = ""
    before: Callable[[Context], Any] | None = None
    """Called first; what it returns takes the place of the context."""
    plugin: str | None = None
    """Whose function the handler is, if not the kernel's."""

    @property
    def signature(self) -> Signature:
        """What the handler takes and gives."""
        return Signature.read(self.handler, self.path, wrapped=Answer, wire=(Response,))


def routes(endpoints: Iterable[Endpoint], make: Make) -> list[Route]:
    """One Starlette route for each path, so that 405 names all its methods.

    Paths without parameters come first: none is hidden by one with parameters.
    """
    by_path: dict[str, dict[str, Endpoint]] = defaultdict(dict)
    for endpoint in endpoints:
        by_path[endpoint.path][endpoint.method] = endpoint
    ordered = sorted(by_path, key=lambda path: ("{" in path, path.count("{"), path))
    return [
        Route(path, _dispatch(by_path[path], make), methods=list(by_path[path]))
        for path in ordered
    ]


def _dispatch(
    endpoints: Mapping[str, Endpoint], make: Make
) -> Callable[[Request], Awaitable[Response]]:
    bound = {name: (one, one.signature) for name, one in endpoints.items()}

    async def call(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        endpoint, signature = bound[method]
        return await _call(endpoint, signature, request, make(request))

    return call


async def _call(
    endpoint: Endpoint, signature: Signature, request: Request, context: Context
) -> Response:
    context.require(endpoint.auth, endpoint.scope)
    first: Any = context
    if endpoint.before is not None:
        first = await run_in_threadpool(endpoint.before, context)
    given: dict[str, Any] = {n: request.path_params[n] for n in signature.path}
    if signature.query is not None:
        given["query"] = _validated(signature.query.validate_python, _query(request))
    if signature.body is not None:
        text = await read_body(request, context)
        given["body"] = _validated(signature.body.validate_json, text)
    if endpoint.plugin is not None:
        lane = context.site.lanes.of(endpoint.plugin)
        answer = await answer_of(lane, endpoint.handler, first, given)
        if isinstance(answer, File | Stream):
            return sent(answer, lane)
        if isinstance(answer, Answer):
            raise BadAnswer(f"{endpoint.path} answered with headers of its own")
    elif inspect.iscoroutinefunction(endpoint.handler):
        answer = await endpoint.handler(first, **given)
    else:
        answer = await run_in_threadpool(endpoint.handler, first, **given)
    return respond(endpoint, signature, answer)


def _validated(validate: Callable[[Any], Any], given: Any) -> Any:
    try:
        return validate(given)
    except ValidationError as error:
        raise invalid(error) from error


def _query(request: Request) -> dict[str, Any]:
    """A parameter given once is a value, given again a list."""
    found: dict[str, Any] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        found[name] = values[0] if len(values) == 1 else values
    return found


async def read_body(request: Request, context: Context) -> bytes:
    """The JSON text sent; an empty body is `{}`.

    Browsers must say that it is JSON. A program with a key need not: its client's
    default, often that of a form, is no form's work.
    """
    sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if not (sent == JSON or sent.endswith("+json")):
        lenient = context.identity.by_key and not sent.startswith("multipart/")
        text = await request.body()
        if text and not lenient:
            detail = f"Send {JSON}, not {sent or 'an unnamed type'}."
            raise Problem(415, "unsupported-media-type", detail)
    else:
        text = await request.body()
    check(text)
    return text or b"{}"


def respond(endpoint: Endpoint, signature: Signature, answer: Any) -> Response:
    """The handler's answer on the wire."""
    if isinstance(answer, Response):
        return answer
    status, headers = endpoint.status, {}
    if isinstance(answer, Answer):
        status, headers = answer.status, dict(answer.headers)
        answer = answer.data
    if answer is None:
        return Response(status_code=NO_CONTENT.get(status, status), headers=headers)
    if signature.answer is None:
        raise TypeError(f"{endpoint.method} {endpoint.path} answered without a type")
    content = signature.answer.dump_json(answer, by_alias=True)
    return Response(content, status, headers, media_type=JSON)
