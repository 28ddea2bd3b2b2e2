"""Webhooks on the account page: forms that work without JavaScript."""

from typing import Any

from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from lumiku_contracts import Refused
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.web.api import webhooks as api
from lumiku_kernel.web.api.lists import Paging
from lumiku_kernel.web.pages.visit import Visit

SHOWN = 20
"""Messages of a webhook, the newest."""


def show(visit: Visit) -> Response:
    """The viewer's webhooks; of the one asked for, what became of its messages."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Have a program told of jobs; its secret is shown on the page that answers."""
    try:
        given = api.NewWebhook(url=visit.form.get("url", "").strip())
        return _page(visit, made=api.create_webhook(visit.context, given))
    except ValidationError as error:
        return _page(visit, problem=invalid(error))
    except Refused as problem:
        return _page(visit, problem=problem)


def change(visit: Visit) -> Response:
    """Rotate a webhook's secret, switch it off or on, or remove it."""
    ident, act = visit.form.get("webhook", ""), visit.form.get("act", "")
    if act == "rotate":
        return _page(visit, made=api.rotate(visit.context, ident))
    if act == "remove":
        api.delete_webhook(visit.context, ident)
    elif act in ("on", "off"):
        wanted = api.WebhookChange(enabled=act == "on")
        api.change_webhook(visit.context, ident, wanted)
    return RedirectResponse("/account/webhooks", 303)


def _page(
    visit: Visit,
    *,
    made: api.MadeWebhook | None = None,
    problem: Refused | None = None,
) -> Response:
    context, wanted = visit.context, visit.query.get("of")
    messages: list[Any] = []
    if wanted:
        messages = api.list_deliveries(context, wanted, Paging(limit=SHOWN)).items
    return visit.show(
        "webhooks.html",
        status=problem.status if problem else 201 if made else 200,
        hooks=api.list_webhooks(context).items,
        made=made,
        of=wanted,
        messages=messages,
        given=visit.form.get("url", "") if problem else "",
        faults={"url": problem.detail} if problem else {},
    )
