"""Messages to webhooks: written with the event, then due until sent or given up.

A webhook has one message on its way at a time, whoever sends: whoever claims one lets
the webhook rest, until the answer is written down or the sender is surely gone.
"""

import random
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.errors import not_found
from lumiku_kernel.jobs.states import ENDED
from lumiku_kernel.store import changed, new_id, now
from lumiku_kernel.store.tables import deliveries, jobs, webhooks

TYPES: Final = {kind: f"job.{kind}" for kind in (*ENDED, "item_done")}
TEST: Final = "webhook.test"
DUE, SENT, FAILED = "due", "sent", "failed"

WAITS = (5.0, 60.0, 300.0, 1800.0, 7200.0, 21_600.0, 54_000.0)
"""Seconds after each failed try before the next: eight tries over 24 hours."""
JITTER = 0.1
CLAIMED_SECONDS = 30.0
"""A sender that has said nothing for so long is gone."""
SHORTEST_REST, LONGEST_REST = 5.0, 300.0
"""A webhook that fails is asked again after a tenth of the time it has failed for."""
GIVEN_UP_SECONDS = 5 * 86_400.0
LATE_SECONDS = 120.0
GONE = 410


def write(session: Session, job_id: str, seq: int, kind: str) -> None:
    """A message of an event for each webhook that wants it, with the event itself."""
    told = TYPES[kind]
    wanted = (
        select(jobs, webhooks.c.id.label("webhook"), webhooks.c.events.label("wants"))
        .join(webhooks, webhooks.c.account_id == jobs.c.account_id)
        .where(jobs.c.id == job_id, webhooks.c.disabled_at.is_(None))
    )
    for row in session.execute(wanted).mappings():
        if told in row["wants"]:
            # The same for each try and each sender, so that receivers know it again.
            ident = f"msg_{job_id.removeprefix('job_')}_{seq}"
            add(session, row["webhook"], ident, told, _of_job(dict(row), seq))


def add(
    session: Session, webhook_id: str, once: str, kind: str, data: dict[str, Any]
) -> str:
    """A message that is due at once; its delivery's id."""
    ident = new_id("dlv")
    at = session.execute(select(now())).scalar_one()
    row = {
        "id": ident,
        "webhook_id": webhook_id,
        "once": once,
        "type": kind,
        "data": {"type": kind, "timestamp": iso(at), "data": data},
        "state": DUE,
        "tries": 0,
        "detail": "",
        "due_at": at,
        "created_at": at,
    }
    session.execute(insert(deliveries).values(**row))
    return ident


def _of_job(row: dict[str, Any], seq: int) -> dict[str, Any]:
    error = None
    if row["error_code"] is not None:
        error = {"code": row["error_code"], "detail": row["error_detail"]}
    return {
        "id": row["id"],
        "seq": seq,
        "url": f"/api/jobs/{row['id']}",
        "app": row["plugin_id"],
        "worker": row["worker"],
        "model": row["model"],
        "state": row["state"],
        "items": {
            "total": row["items_total"],
            "ok": row["items_ok"],
            "failed": row["items_failed"],
        },
        "price": row["price"],
        "settled": row["settled"],
        "released": row["released"],
        "error": error,
    }


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in a sender's hands, and where it goes."""

    id: str
    webhook_id: str
    url: str
    salts: tuple[str, ...]
    once: str
    message: dict[str, Any]
    tries: int
    failing_since: float | None
    at: float


def claim(session: Session, *, failing: bool) -> Claimed | None:
    """The message that has been due longest, of a webhook that is free.

    Webhooks that do not fail come first; with `failing` False, they alone.
    """
    locked = _next(failing=failing).with_for_update(of=webhooks, skip_locked=True)
    row = session.execute(locked).first()
    if row is None:
        return None
    rest = update(webhooks).where(webhooks.c.id == row.webhook_id)
    session.execute(rest.values(resting_until=now() + CLAIMED_SECONDS))
    good_still = row.previous_until is not None and row.previous_until > row.at
    salts = (row.secret, row.previous_secret) if good_still else (row.secret,)
    return Claimed(
        *(row.id, row.webhook_id, row.url, salts, row.once, row.data, row.tries),
        *(row.failing_since, row.at),
    )


def waits(session: Session, *, failing: bool) -> bool:
    """Whether there is something to claim; takes no lock."""
    return session.execute(_next(failing=failing)).first() is not None


def _next(*, failing: bool) -> Select[Any]:
    hook, one = webhooks.c, deliveries.c
    free = hook.resting_until.is_(None) | (hook.resting_until <= now())
    due = (one.state == DUE) & (one.due_at <= now())
    statement = (
        select(
            *(one.id, one.webhook_id, one.once, one.data, one.tries),
            *(hook.url, hook.secret, hook.previous_secret, hook.previous_until),
            *(hook.failing_since, now().label("at")),
        )
        .join(webhooks, hook.id == one.webhook_id)
        .where(due, free, hook.disabled_at.is_(None))
        .order_by(hook.failing_since.is_not(None), one.due_at)
        .limit(1)
    )
    return statement if failing else statement.where(hook.failing_since.is_(None))


def record(session: Session, sent: Claimed, status: int | None, detail: str) -> None:
    """Write down what has become of a message: sent, due again, or given up."""
    good = status is not None and 200 <= status < 300  # noqa: PLR2004 (any success)
    last = good or status == GONE or sent.tries >= len(WAITS)
    values: dict[str, Any] = {"tries": sent.tries + 1, "status": status}
    if last:
        values |= {"state": SENT if good else FAILED, "ended_at": now()}
    else:
        wait = WAITS[sent.tries] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        values |= {"due_at": now() + wait}
    mine = (deliveries.c.id == sent.id) & (deliveries.c.tries == sent.tries)
    ours = update(deliveries).where(mine, deliveries.c.state == DUE)
    if changed(session, ours.values(**values, detail="" if good else detail)) != 1:
        return  # another has sent it meanwhile
    hook = update(webhooks).where(webhooks.c.id == sent.webhook_id)
    if good:
        session.execute(hook.values(resting_until=None, failing_since=None))
        return
    since = sent.at if sent.failing_since is None else sent.failing_since
    rest = min(max(SHORTEST_REST, (sent.at - since) / 10), LONGEST_REST)
    session.execute(hook.values(resting_until=now() + rest, failing_since=since))
    if status == GONE:
        disable(session, sent.webhook_id, "It answered 410 Gone.")
    elif sent.at - since > GIVEN_UP_SECONDS:
        disable(session, sent.webhook_id, f"It has failed for five days: {detail}")


def disable(session: Session, webhook_id: str, why: str) -> None:
    """Send nothing there any more; what was due is given up."""
    hook = update(webhooks).where(webhooks.c.id == webhook_id)
    session.execute(hook.values(disabled_at=now(), detail=why, resting_until=None))
    due = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.state == DUE)
    given_up = {"state": FAILED, "ended_at": now(), "detail": "webhook-disabled"}
    session.execute(update(deliveries).where(due).values(**given_up))


def redeliver(session: Session, webhook_id: str, ident: str) -> None:
    """Make an ended message due again, under the name it had."""
    mine = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.id == ident)
    again = {"state": DUE, "tries": 0, "status": None, "detail": "", "ended_at": None}
    statement = update(deliveries).where(mine).values(**again, due_at=now())
    if changed(session, statement) != 1:
        raise not_found("delivery")


def one(session: Session, ident: str) -> dict[str, Any]:
    """A message and its fate."""
    mine = select(deliveries).where(deliveries.c.id == ident)
    return document(dict(session.execute(mine).mappings().one()))


def listed(
    session: Session, webhook_id: str, *, limit: int, before: str | None = None
) -> list[dict[str, Any]]:
    """Up to `limit` messages, newest first, older than the one named `before`."""
    mine = deliveries.c.webhook_id == webhook_id
    if before is not None:
        mine &= deliveries.c.id < before
    statement = select(deliveries).where(mine).order_by(deliveries.c.id.desc())
    rows = session.execute(statement.limit(limit)).mappings()
    return [document(dict(row)) for row in rows]


def document(row: dict[str, Any]) -> dict[str, Any]:
    """A message and its fate as JSON."""
    kept = ("id", "type", "state", "tries", "status", "detail", "data")
    times = {name: iso(row[name]) for name in ("due_at", "created_at", "ended_at")}
    return {name: row[name] for name in kept} | {"message_id": row["once"]} | times


def outdated(days: int) -> ColumnElement[bool]:
    """The condition that a message ended so long ago."""
    return deliveries.c.ended_at < now() - days * 86_400.0


def tidy(session: Session, days: int) -> None:
    """Forget messages that ended long ago."""
    session.execute(delete(deliveries).where(outdated(days)))


def late(session: Session) -> int:
    """How many messages nobody has taken up, though their webhooks are free."""
    hook = webhooks.c
    due = (deliveries.c.state == DUE) & (deliveries.c.due_at < now() - LATE_SECONDS)
    free = hook.disabled_at.is_(None) & hook.failing_since.is_(None)
    statement = select(func.count()).select_from(deliveries).join(webhooks)
    return int(session.execute(statement.where(due, free)).scalar_one())
