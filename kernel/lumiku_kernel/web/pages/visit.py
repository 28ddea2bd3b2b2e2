"""A browser's request for a page: who asks, what every template is told, errors."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lumiku_contracts import Refused
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.ledger.post import holdings
from lumiku_kernel.web.context import Context, context_of
from lumiku_kernel.web.pages.doors import menu
from lumiku_kernel.web.problems import document, response

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page; `form` is what a form without JavaScript has sent."""

    context: Context
    looks: Environment
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters after the question mark."""
        return self.context.request.query_params

    def show(self, template: str, *, status: int = 200, **data: Any) -> Response:
        """The rendered template."""
        return self.filled(template, data, status)

    def filled(
        self, template: str, data: Mapping[str, Any], status: int = 200
    ) -> Response:
        """As `show`, whatever the data are called."""
        text = self.looks.get_template(template).render(**self._common(), **data)
        return HTMLResponse(text, status)

    def _common(self) -> dict[str, Any]:
        context = self.context
        plugins = context.snapshot.configuration.plugins
        return {
            "me": context.identity if context.viewer.signed_in else None,
            "credits": self._credits(),
            "here": context.request.scope["path"],
            "menu": menu(context),
            "app_names": {
                one.id: one.declaration.get("name") or one.id
                for one in plugins.values()
            },
            "ended": ENDED,
        }

    def _credits(self) -> int | None:
        if not self.context.viewer.signed_in or self.context.settings.free:
            return None
        with self.context.store.read() as session:
            return holdings(session, self.context.account_id)["available"]


Act = Callable[[Visit], Response]


def page(
    looks: Environment,
    path: str,
    act: Act,
    *,
    method: str = "GET",
    public: bool = False,
    plugin: str | None = None,
) -> Route:
    """A route whose refusals and faults are pages too, when a browser asks.

    `plugin` is whose function `act` calls, if not only the kernel's.
    """

    async def answer(request: Request) -> Response:
        context = context_of(request)
        if not public and not context.viewer.signed_in:
            return RedirectResponse(sign_in_path(request), 303)
        visit = Visit(context, looks)
        try:
            visit = replace(visit, form=await _sent(request))
            if plugin is not None:
                return await context.site.lanes.of(plugin).call(act, visit)
            return await run_in_threadpool(act, visit)
        except Refused as problem:
            return await run_in_threadpool(told, visit, problem)
        except Exception:
            log.exception("%s failed, %s", request.scope["path"], context.request_id)
            detail = "Something failed here. The operator finds it by the request id."
            fault = Problem(500, "internal-error", detail)
            return await run_in_threadpool(told, visit, fault)

    return Route(path, answer, methods=[method])


async def _sent(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").split(";")[0]
    if request.method != "POST" or kind != "application/x-www-form-urlencoded":
        return {}
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))
    except ValueError as error:
        raise Problem(400, "form-invalid", "This form has too many fields.") from error


def told(visit: Visit, problem: Refused) -> Response:
    """A refusal as a page for browsers, as a problem document for programs."""
    request = visit.context.request
    if "text/html" not in request.headers.get("accept", ""):
        return response(request, problem)
    told = document(problem, visit.context.request_id)
    return visit.show("problem.html", status=problem.status, problem=told)


def sign_in_path(request: Request) -> str:
    """Where to sign in and come back from."""
    asked = request.scope["path"]
    if request.method != "GET" or asked == "/":
        return "/login"
    query = request.scope["query_string"].decode("latin-1")
    if query:
        asked += f"?{query}"
    return f"/login?next={quote(asked, safe='/')}"


def safe_path(wanted: str | None) -> str:
    """`wanted` if it stays on this site, else the dashboard."""
    if not wanted or not wanted.isprintable() or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    outside = parts.scheme or parts.netloc or wanted.startswith("//")
    return "/" if outside or not wanted.startswith("/") else wanted
