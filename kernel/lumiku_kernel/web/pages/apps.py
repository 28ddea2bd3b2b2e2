"""Apps' pages: their own, or one drawn from what their workers take."""

from typing import Any

from jinja2 import Environment
from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from lumiku_contracts import Page, Plugin
from lumiku_kernel.errors import not_found
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.signature import Signature
from lumiku_kernel.web.api.apps import ModelChoice, choices, show_app, visible
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.pages.forms import fields
from lumiku_kernel.web.pages.jobs import recent
from lumiku_kernel.web.pages.visit import Act, Visit, page
from lumiku_kernel.web.plugin_routes import call_of


def pages(registry: Registry, looks: Environment) -> list[Route]:
    """A route for each declared page, and `/apps/<id>` for every app."""
    found = [
        page(
            looks,
            f"/apps/{plugin.id}{one.path.rstrip('/')}",
            _own(plugin, one),
            plugin=plugin.id,
        )
        for plugin in registry.ready.values()
        for one in sorted(plugin.pages, key=lambda one: "{" in one.path)
    ]
    return [*found, page(looks, "/apps/{app}", _drawn)]


def _own(plugin: Plugin, one: Page) -> Act:
    signature = Signature.read(one.load, one.path) if one.load else None

    def show(visit: Visit) -> Response:
        data = _app(visit.context, plugin.id)
        if signature is not None:
            given = _given(signature, visit)
            data |= signature.handler(call_of(visit.context, plugin), **given)
        return visit.show(f"{plugin.id}/{one.template}", **data)

    return show


def _given(signature: Signature, visit: Visit) -> dict[str, Any]:
    path = visit.context.request.path_params
    given: dict[str, Any] = {name: path[name] for name in signature.path}
    if signature.query is not None:
        try:
            given["query"] = signature.query.validate_python(dict(visit.query))
        except ValidationError as error:
            raise invalid(error) from error
    return given


def _app(context: Context, app: str) -> dict[str, Any]:
    """What every template of an app is told; 404 if the viewer does not see it."""
    _, verdict = visible(context, app)

    def models(worker: str) -> list[ModelChoice]:
        serving = {one.model.key for one in verdict.models if one.model.serves(worker)}
        return [one for one in choices(verdict) if one.key in serving]

    return {
        "app": show_app(context, app),
        "models": models,
        "recent_jobs": lambda limit=3: recent(context, limit=limit, app=app),
        "own": lambda path: f"/static/apps/{app}/{path}",
    }


def _drawn(visit: Visit) -> Response:
    """A form for one of the workers, with its price and its jobs."""
    data = _app(visit.context, visit.context.request.path_params["app"])
    workers = data["app"].workers
    wanted = visit.query.get("worker") or (workers[0].name if workers else None)
    worker = next((one for one in workers if one.name == wanted), None)
    if worker is None and workers:
        raise not_found("worker of this app")
    inputs = fields(worker.input) if worker else ()
    return visit.show("app.html", **data, worker=worker, fields=inputs)
