"""A viewer's webhooks: where programs are told of jobs, and what became of it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from lumiku_kernel import outbound
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.jobs import deliveries, signing, webhooks
from lumiku_kernel.store import new_id
from lumiku_kernel.web.api.auth import Input
from lumiku_kernel.web.api.lists import Listing, Paging, page
from lumiku_kernel.web.context import Context
from lumiku_kernel.web.endpoint import Endpoint

Event = Literal[
    "job.succeeded",
    "job.partial",
    "job.failed",
    "job.canceled",
    "job.expired",
    "job.item_done",
]
ENDS: tuple[Event, ...] = (
    "job.succeeded",
    "job.partial",
    "job.failed",
    "job.canceled",
    "job.expired",
)
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Events = Annotated[tuple[Event, ...], Field(min_length=1, max_length=6)]


class NewWebhook(Input):
    """Where to, and of what; without `events`, of each end of a job."""

    url: Url
    events: Events = ENDS


class WebhookChange(Input):
    """What is to be different."""

    url: Url | None = None
    events: Events | None = None
    enabled: bool | None = None


class Webhook(BaseModel):
    """A webhook without its secret; `detail` says why it is not enabled."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    detail: str
    created_at: str
    disabled_at: str | None
    failing_since: str | None
    previous_until: str | None
    """Until when the secret before the last rotation signs too."""


class MadeWebhook(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: str


class Delivery(BaseModel):
    """A message: `due`, `sent` or `failed`; `status` is that of the last answer."""

    id: str
    message_id: str
    type: str
    state: str
    tries: int
    status: int | None
    detail: str
    data: dict[str, Any]
    due_at: str
    created_at: str
    ended_at: str | None


def list_webhooks(context: Context) -> Listing[Webhook]:
    """The viewer's webhooks."""
    with context.store.read() as session:
        found = webhooks.listed(session, context.account_id)
    return Listing[Webhook](items=[Webhook(**one) for one in found])


def create_webhook(context: Context, body: NewWebhook) -> MadeWebhook:
    """Have a program told of jobs; the secret that signs is shown this once."""
    outbound.check(body.url, context.settings.near)
    salt, secret = _new_secret(context)
    with context.store.write() as session:
        ident = webhooks.create(
            session, context.account_id, body.url, body.events, salt
        )
    return MadeWebhook(**_shown(context, ident), secret=secret)


def change_webhook(context: Context, ident: str, body: WebhookChange) -> Webhook:
    """Change a webhook, switch it off, or on again."""
    _shown(context, ident)
    if body.url is not None:
        outbound.check(body.url, context.settings.near)
    with context.store.write() as session:
        webhooks.owned(session, context.account_id, ident)
        webhooks.change(session, ident, **body.model_dump())
    return Webhook(**_shown(context, ident))


def delete_webhook(context: Context, ident: str) -> None:
    """End a webhook; what was due is not sent."""
    with context.store.write() as session:
        webhooks.owned(session, context.account_id, ident)
        webhooks.remove(session, ident)


def rotate(context: Context, ident: str) -> MadeWebhook:
    """A new secret; for a day messages are signed with the one before, too."""
    salt, secret = _new_secret(context)
    with context.store.write() as session:
        webhooks.owned(session, context.account_id, ident)
        webhooks.rotate(session, ident, salt)
    return MadeWebhook(**_shown(context, ident), secret=secret)


def list_deliveries(
    context: Context, ident: str, query: Paging
) -> Listing[dict[str, Any]]:
    """What was, or will be, sent to a webhook, newest first."""
    with context.store.read() as session:
        webhooks.owned(session, context.account_id, ident)
        found = deliveries.listed(
            session, ident, limit=query.limit, before=query.cursor
        )
    return Listing[dict[str, Any]].model_validate(page(found, query.limit))


def test(context: Context, ident: str) -> Delivery:
    """Send a message that means nothing."""
    with context.store.write() as session:
        webhooks.owned(session, context.account_id, ident)
        once = new_id("msg")
        made = deliveries.add(session, ident, once, deliveries.TEST, {"id": ident})
        return Delivery(**deliveries.one(session, made))


def redeliver(context: Context, ident: str, delivery: str) -> Delivery:
    """Send a message again, under the id it had."""
    with context.store.write() as session:
        webhooks.owned(session, context.account_id, ident)
        deliveries.redeliver(session, ident, delivery)
        return Delivery(**deliveries.one(session, delivery))


def _new_secret(context: Context) -> tuple[str, str]:
    key = pepper(context.settings)
    salt = signing.new_salt(key)
    return salt, signing.secret_of(key, salt)


def _shown(context: Context, ident: str) -> dict[str, Any]:
    with context.store.read() as session:
        return webhooks.document(webhooks.owned(session, context.account_id, ident))


PATH = "/api/webhooks"
ONE = f"{PATH}/{{ident}}"
ENDPOINTS = (
    Endpoint("GET", PATH, list_webhooks, tag="webhooks"),
    Endpoint("POST", PATH, create_webhook, status=201, tag="webhooks"),
    Endpoint("PATCH", ONE, change_webhook, tag="webhooks"),
    Endpoint("DELETE", ONE, delete_webhook, tag="webhooks"),
    Endpoint("POST", f"{ONE}/rotate", rotate, tag="webhooks"),
    Endpoint("POST", f"{ONE}/test", test, status=202, tag="webhooks"),
    Endpoint("GET", f"{ONE}/deliveries", list_deliveries, tag="webhooks"),
    Endpoint(
        "POST",
        f"{ONE}/deliveries/{{delivery}}/redeliver",
        redeliver,
        status=202,
        tag="webhooks",
    ),
)
