"""What each tier grants and allows, as operators see and change it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from lumiku_kernel.accounts import tiers
from lumiku_kernel.store.audit import By
from lumiku_kernel.web.api.admin import Document, Why, operators
from lumiku_kernel.web.api.lists import Listing
from lumiku_kernel.web.api.waiting import Waiting, adopted
from lumiku_kernel.web.context import Context

Bound = Annotated[int, Field(ge=1, le=tiers.MOST)] | None


class Terms(BaseModel):
    """A tier: `allowance` credits in each `period`; a bound of null is none."""

    name: str
    allowance: int
    period: str
    max_running: int | None
    per_minute: int | None
    storage_bytes: int | None
    retention_days: int | None


class TermsChange(Why):
    """What is to be set; the rest stays, and null takes a bound away."""

    allowance: Annotated[int, Field(ge=0, le=tiers.MOST)] = 0
    period: Literal["day", "month"] = "month"
    max_running: Bound = None
    per_minute: Bound = None
    storage_bytes: Annotated[int, Field(ge=0, le=tiers.MOST_BYTES)] | None = None
    retention_days: Bound = None


def list_tiers(context: Context) -> Listing[Terms]:
    """The tiers, the lowest first."""
    with context.store.read() as session:
        found = [Terms(**one.document()) for one in tiers.read(session).values()]
    return Listing[Terms](items=found)


def set_tier(
    context: Context, name: str, query: Waiting, body: TermsChange
) -> Document:
    """Change a tier for all who are in it, at once."""
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    by = By(context.account_id, body.reason)
    after = tiers.change(context.store, name, values, by)
    epoch = context.site.host.watch.refresh().configuration.epoch
    return {**after.document(), **adopted(context, epoch, query)}


ENDPOINTS = (
    operators("GET", "/tiers", list_tiers),
    operators("PATCH", "/tiers/{name}", set_tier),
)
