"""The viewer's credits: what there is, and how it came to be so."""

from starlette.responses import Response

from lumiku_kernel.ledger.statement import KINDS, Wanted, lines
from lumiku_kernel.web.api.purse import show_credits
from lumiku_kernel.web.pages.visit import Visit

A_PAGE = 20


def show(visit: Visit) -> Response:
    """A page of movements, newest first: what changed credits, or all of one kind."""
    kind = visit.query.get("kind")
    wanted = Wanted(kind if kind in KINDS else None, moved=kind not in KINDS)
    with visit.context.store.read() as session:
        found = lines(
            session,
            visit.context.account_id,
            limit=A_PAGE + 1,
            before=visit.query.get("before"),
            wanted=wanted,
        )
    return visit.show(
        "credits.html",
        purse=show_credits(visit.context),
        lines=found[:A_PAGE],
        older=found[A_PAGE - 1]["id"] if len(found) > A_PAGE else None,
        kind=wanted.kind,
    )
