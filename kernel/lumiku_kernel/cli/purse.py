"""`credits`: what accounts have, how it came to be so, and what operators give."""

from typing import Annotated

import typer

from lumiku_kernel.cli.frame import AsJson, Reason, group, say, show
from lumiku_kernel.cli.open import opened

credits_ = group("credits", "Credits.")
Moment = Annotated[str | None, typer.Option(help="ISO 8601; UTC unless it says.")]


@credits_.command("show")
def show_credits(email: str, *, as_json: AsJson = False) -> None:
    """What an account can spend, of that its allowance, and what is reserved."""
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.ledger.purses import purses

    with opened() as (_, store), store.read() as session:
        account = rooms.named(session, email)
        left, own, held = purses(session, account["id"])
    row = {
        "email": account["email"],
        "tier": account["tier"],
        "available": left + own,
        "allowance": left,
        "reserved": held,
    }
    show([row], tuple(row), as_json=as_json)


@credits_.command()
def statement(
    email: str,
    kind: Annotated[
        str | None,
        typer.Option(help="grant, reserve, finalize, refund, allowance or expire."),
    ] = None,
    since: Moment = None,
    until: Moment = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: AsJson = False,
) -> None:
    """An account's movements, newest first."""
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.ledger import statement as ledger

    if kind is not None and kind not in ledger.KINDS:
        raise typer.BadParameter(f"a kind is one of {', '.join(ledger.KINDS)}")
    wanted = ledger.Wanted(kind, _seconds(since), _seconds(until))
    with opened() as (_, store), store.read() as session:
        ident = rooms.named(session, email)["id"]
        found = ledger.lines(session, ident, limit=limit, wanted=wanted)
    if as_csv:
        say(ledger.as_csv(found).rstrip())
        return
    show(found, ledger.COLUMNS, as_json=as_json)


def _seconds(text: str | None) -> float | None:
    from lumiku_kernel.clock import moment

    if text is None:
        return None
    try:
        return moment(text)
    except ValueError as error:
        raise typer.BadParameter(f"“{text}” is no moment") from error


@credits_.command()
def refund(
    job_id: str,
    reason: Reason,
    amount: Annotated[
        int | None, typer.Option(min=1, help="Without it, all that is left.")
    ] = None,
) -> None:
    """Give back what a job has cost, wholly or in part."""
    from lumiku_kernel.jobs.refund import refund as give_back
    from lumiku_kernel.store.audit import By

    with opened() as (_, store):
        done = give_back(store, job_id, amount, By("cli", reason))
    told = f"{done.amount} given back, {done.refunded} in all, {done.left} left"
    say(f"{job_id}: {told}")


@credits_.command("grant")
def grant_credits(email: str, amount: int, reason: Reason) -> None:
    """Give credits to an account; a negative amount takes back."""
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.ledger.post import grant, holdings
    from lumiku_kernel.store.audit import audit

    with opened() as (_, store), store.write() as session:
        account = rooms.named(session, email)
        rooms.settled(account)
        before = holdings(session, account["id"])
        grant(session, account["id"], amount, actor="cli", reason=reason)
        held = holdings(session, account["id"])
        audit(
            session,
            actor="cli",
            action="credits.grant",
            subject=account["id"],
            before=before,
            after={"amount": amount, **held},
            reason=reason,
        )
    say(f"{email}: {held['available']} available, {held['reserved']} reserved")
