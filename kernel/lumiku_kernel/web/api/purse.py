"""A viewer's credits: what there is, and how it came to be so."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from lumiku_kernel.clock import iso
from lumiku_kernel.ledger.allowance import ends
from lumiku_kernel.ledger.purses import purses
from lumiku_kernel.ledger.statement import Wanted, as_csv, lines
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

MOST_LINES = 10_000
Kind = Literal["grant", "reserve", "finalize", "refund", "allowance", "expire"]


class Allowance(BaseModel):
    """What the tier grants in each period; it is spent first, and not added up."""

    amount: int
    period: str
    left: int
    renews_at: str


def _nothing(value: object) -> bool:
    return value is None


class Purse(BaseModel):
    """What can be spent, its allowance included, and what is reserved for jobs.

    The rest is there only where there is something to say.
    """

    available: int
    reserved: int
    mode: Literal["off"] | None = Field(None, exclude_if=_nothing)
    """With `off`, nothing costs credits here."""
    allowance: Allowance | None = Field(None, exclude_if=_nothing)
    topup_url: str | None = Field(None, exclude_if=_nothing)


class Line(BaseModel):
    """A movement of credits.

    `amount` came to, or left, what is available, and made it `balance`; `reserved`
    came to, or left, the reserved.
    """

    id: str
    at: str
    kind: str
    amount: int
    balance: int
    reserved: int
    job_id: str | None
    app: str | None
    reason: str


class Lines(Paging):
    """Which lines: of a kind, from `since` until before `until`, in UTC by itself."""

    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def wanted(self) -> Wanted:
        """As the ledger is asked."""
        return Wanted(self.kind, _seconds(self.since), _seconds(self.until))


class Sheet(Lines):
    """The newest of them, at most `limit`."""

    limit: Annotated[int, Field(ge=1, le=MOST_LINES)] = MOST_LINES


def _seconds(at: datetime | None) -> float | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def show_credits(context: Context) -> Purse:
    """What is available and what is reserved."""
    settings, terms = context.settings, context.payer.terms
    with context.store.read() as session:
        left, own, reserved = purses(session, context.account_id)
    granted = None
    if terms is not None and (terms.allowance or left) and not settings.free:
        renews = iso(ends(terms.period, context.store.now())) or ""
        granted = Allowance(
            amount=terms.allowance, period=terms.period, left=left, renews_at=renews
        )
    return Purse(
        available=left + own,
        reserved=reserved,
        mode="off" if settings.free else None,
        allowance=granted,
        topup_url=None if settings.free else settings.topup_url,
    )


def entries(context: Context, query: Lines) -> Listing[Line]:
    """The viewer's movements, newest first."""
    listing: dict[str, Any] = page(_found(context, query), query.limit)
    return Listing[Line].model_validate(listing)


def sheet(context: Context, query: Sheet) -> Response:
    """The same as CSV, for a spreadsheet."""
    headers = {"Content-Disposition": 'attachment; filename="credits.csv"'}
    text = as_csv(_found(context, query))
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _found(context: Context, query: Lines) -> list[dict[str, Any]]:
    with context.store.read() as session:
        return lines(
            session,
            context.account_id,
            limit=query.limit,
            before=query.cursor,
            wanted=query.wanted,
        )


READ = "credits:read"
ENDPOINTS = (
    Endpoint("GET", "/api/credits", show_credits, scope=READ, tag="credits"),
    Endpoint("GET", "/api/credits/entries", entries, scope=READ, tag="credits"),
    Endpoint("GET", "/api/credits/statement.csv", sheet, scope=READ, tag="credits"),
)
