"""Plugins' pages: their own, or one drawn from what an app's workers take."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jinja2 import Environment
from pydantic import ValidationError
from starlette.responses import Response
from starlette.routing import Route

from lumiku_contracts import Page, Plugin, Refused
from lumiku_kernel.accounts.identity import Identity
from lumiku_kernel.errors import Problem, not_found
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.plugins import Registry
from lumiku_kernel.plugins.context import PluginCall
from lumiku_kernel.plugins.signature import Signature
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.web.api.apps import ModelChoice, choices, show_app, visible
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.pages.doors import address, admit
from lumiku_kernel.web.pages.forms import fields
from lumiku_kernel.web.pages.jobs import named, recent
from lumiku_kernel.web.pages.visit import Act, Visit, page
from lumiku_kernel.web.plugin_routes import ANYBODY, call_of
from lumiku_kernel.web.stranger import as_problem


def pages(registry: Registry, looks: Environment) -> list[Route]:
    """A route for each declared page, and `/apps/<id>` for every app."""
    found = [
        page(
            looks,
            address(plugin, one),
            _own(plugin, one),
            # What is the operator's alone is not there for others, signed in or not.
            public=one.auth != "user",
            plugin=plugin.id,
        )
        for plugin in registry.ready.values()
        for one in sorted(plugin.pages, key=lambda one: "{" in one.path)
    ]
    return [*found, page(looks, "/apps/{app}", _drawn)]


def _own(plugin: Plugin, one: Page) -> Act:
    signature = Signature.read(one.load, one.path) if one.load else None

    def show(visit: Visit) -> Response:
        admit(visit.context, plugin, one)
        data = _told(visit.context, plugin, one)
        if signature is not None:
            given = _given(signature, visit)
            data |= loaded(signature, call_of(visit.context, plugin), given)
        return visit.filled(f"{plugin.id}/{one.template}", data)

    return show


def loaded(
    signature: Signature, call: PluginCall, given: dict[str, Any]
) -> dict[str, Any]:
    """What a page's function gives to its template."""
    try:
        return dict(signature.handler(call, **given))
    except Problem:
        raise
    except Refused as refused:
        raise as_problem(refused) from refused
    finally:
        call.close()


def _given(signature: Signature, visit: Visit) -> dict[str, Any]:
    path = visit.context.request.path_params
    given: dict[str, Any] = {name: path[name] for name in signature.path}
    if signature.query is not None:
        try:
            given["query"] = signature.query.validate_python(dict(visit.query))
        except ValidationError as error:
            raise invalid(error) from error
    return given


def _told(context: Context, plugin: Plugin, one: Page) -> dict[str, Any]:
    """What the template of a plugin's own page is told; an extension has no card."""
    if plugin.kind == "app":
        if one.auth == "public":
            context = _outside(context, plugin.id)
        return _app(context, plugin.id)
    names = ("id", "name", "summary", "icon", "color")
    head = {name: getattr(plugin, name) for name in names}
    return {"app": {**head, "runnable": True}, "own": _files(plugin.id)}


def _outside(context: Context, app: str) -> Context:
    """The context as anybody's, if the app is public but not there for this viewer."""
    if judge(context.snapshot, context.viewer, app).visible:
        return context
    return replace(context, identity=Identity(ANYBODY))


def _files(plugin_id: str) -> Callable[[str], str]:
    return lambda path: f"/static/apps/{plugin_id}/{path}"


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
        "jobs_named": lambda job_ids: named(context, job_ids),
        "own": _files(app),
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
