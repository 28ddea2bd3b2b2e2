"""Who sees what, now and before, as operators look at it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.accounts import users
from lumiku_kernel.clock import iso, moment
from lumiku_kernel.errors import not_found
from lumiku_kernel.visibility import chronicle, lock
from lumiku_kernel.visibility.explain import past
from lumiku_kernel.visibility.switched import switched
from lumiku_kernel.visibility.verdict import judge
from lumiku_kernel.web.api.admin import Document, TierWord, operators
from lumiku_kernel.web.api.lists import Listing, Paging
from lumiku_kernel.web.context import Context


def _moment(text: str) -> str:
    moment(text)
    return text


Moment = Annotated[str, AfterValidator(_moment)]


class Seen(BaseModel):
    """Through whose eyes, an account's or a tier's; and when, if not now."""

    model_config = ConfigDict(extra="forbid")
    as_user: str | None = None
    as_tier: TierWord | None = None
    at: Moment | None = None

    @model_validator(mode="after")
    def _one(self) -> "Seen":
        if self.as_user is not None and self.as_tier is not None:
            raise ValueError("give as_user or as_tier, not both")
        return self


class Which(Paging):
    """Which changes."""

    app: str | None = None
    tier: Literal["free", "basic", "pro", "enterprise"] | None = None


def app_visibility(context: Context, ident: str, query: Seen) -> Document:
    """The full verdict of an app, through somebody's eyes; or what it was at a time."""
    viewer = context.viewer
    if query.as_tier is not None:
        viewer = Viewer("usr_", Tier[query.as_tier.upper()])
    if query.as_user is not None:
        viewer = _as_user(context, query.as_user)
    if query.at is None:
        verdict = judge(context.snapshot, viewer, ident)
        with context.store.read() as session:
            word = switched(session, verdict)
        return verdict.document() | ({"switched": word} if word else {})
    with context.store.read() as session:
        tier = viewer.tier.word
        row = chronicle.as_of(session, ident, tier, moment(query.at))
    if row is None:
        raise not_found("record of that time")
    return past(row)


def _as_user(context: Context, who: str) -> Viewer:
    with context.store.read() as session:
        account = users.named(session, who) if "@" in who else users.get(session, who)
    return Viewer(account["id"], Tier[account["tier"].upper()], account["role"])


def matrix(context: Context) -> Listing[Document]:
    """Every app for every tier."""
    found = [dict(row) for row in lock.matrix(context.snapshot)]
    return Listing[Document](items=found)


def history(context: Context, query: Which) -> Listing[Document]:
    """What became of verdicts and by what cause, newest first."""
    cursor = query.cursor or ""
    known = cursor.isdecimal() and len(cursor) < 19  # noqa: PLR2004 (digits of 2**63)
    with context.store.read() as session:
        rows = chronicle.history(
            session,
            app=query.app,
            tier=query.tier,
            limit=query.limit,
            before=int(cursor) if known else None,
        )
    found = [{**row, "at": iso(row["at"])} for row in rows]
    after = str(found[-1]["id"]) if len(found) == query.limit else None
    return Listing[Document](items=found, next_cursor=after)


ENDPOINTS = (
    operators("GET", "/apps/{ident}/visibility", app_visibility),
    operators("GET", "/visibility", matrix),
    operators("GET", "/visibility/history", history),
)
