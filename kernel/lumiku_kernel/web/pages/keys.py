"""API keys on the account page: forms that work without JavaScript."""

from typing import Any

from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from lumiku_contracts import Refused
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.web.api import account as api
from lumiku_kernel.web.pages.visit import Visit

READS = ("jobs:read", "credits:read")
MAKES = (*READS, "jobs:write")
KINDS = {"makes": MAKES, "reads": READS, "all": (*MAKES, "account:write")}
"""What a key may do, as the form has it."""


def show(visit: Visit) -> Response:
    """The viewer's keys."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Make a key; it is shown on the page that answers, and never again."""
    try:
        return _page(visit, made=api.create_key(visit.context, _wanted(visit)))
    except ValidationError as error:
        return _page(visit, problem=invalid(error))
    except Refused as problem:
        return _page(visit, problem=problem)


def change(visit: Visit) -> Response:
    """Put a new key in a key's place, or end it."""
    ident = visit.form.get("key", "")
    if visit.form.get("act") == "rotate":
        made = api.rotate_key(visit.context, ident, api.Rotation())
        return _page(visit, made=made)
    api.revoke_key(visit.context, ident)
    return RedirectResponse("/account/keys", 303)


def _wanted(visit: Visit) -> api.NewKey:
    given: dict[str, Any] = {
        "name": visit.form.get("name", "").strip(),
        "scopes": KINDS.get(visit.form.get("may", ""), MAKES),
        "budget_per_day": visit.form.get("budget_per_day", "").strip() or None,
    }
    return api.NewKey.model_validate(given)


def _page(
    visit: Visit, *, made: api.MadeKey | None = None, problem: Refused | None = None
) -> Response:
    errors = getattr(problem, "errors", None) or ()
    faults = {one["field"]: one["detail"] for one in errors}
    if problem is not None and not faults:
        faults = {"": problem.detail}
    return visit.show(
        "keys.html",
        status=problem.status if problem else 201 if made else 200,
        keys=api.list_keys(visit.context).items,
        made=made,
        given=visit.form if problem else {},
        faults=faults,
    )
