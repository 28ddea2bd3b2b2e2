"""`tiers`: what each tier grants and allows."""

from typing import Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, Reason, group, say, show
from lumiku_kernel.cli.open import opened

tiers = group("tiers", "What each tier grants and allows.")
NONE = "none"


def _bound(help_: str) -> Any:
    return typer.Option(metavar="N|none", help=help_)


@tiers.command("list")
def list_tiers(*, as_json: AsJson = False) -> None:
    """The tiers, the lowest first; an empty bound is none."""
    from lumiku_kernel.accounts.tiers import read

    with opened() as (_, store), store.read() as session:
        rows = [one.document() for one in read(session).values()]
    show(rows, tuple(rows[0]) if rows else (), as_json=as_json)


@tiers.command("set")
def set_tier(
    name: str,
    reason: Reason,
    allowance: Annotated[
        int | None, typer.Option(min=0, help="Credits granted in each period.")
    ] = None,
    period: Annotated[str | None, typer.Option(help="day or month.")] = None,
    max_running: Annotated[str | None, _bound("Jobs of a viewer at once.")] = None,
    per_minute: Annotated[str | None, _bound("Requests a minute.")] = None,
    storage_bytes: Annotated[str | None, _bound("Bytes of a viewer kept.")] = None,
    retention_days: Annotated[str | None, _bound("Days until a job goes.")] = None,
) -> None:
    """Change a tier for all who are in it, at once."""
    from lumiku_kernel.accounts.tiers import change
    from lumiku_kernel.store.audit import By

    bounds = {
        "max_running": max_running,
        "per_minute": per_minute,
        "storage_bytes": storage_bytes,
        "retention_days": retention_days,
    }
    given = {"allowance": allowance, "period": period}
    values: dict[str, Any] = {key: v for key, v in given.items() if v is not None}
    values |= {key: _number(v) for key, v in bounds.items() if v is not None}
    with opened() as (_, store):
        after = change(store, name, values, By("cli", reason))
    told = (f"{key} {NONE if v is None else v}" for key, v in after.document().items())
    say(", ".join(told).removeprefix("name "))


def _number(text: str) -> int | None:
    if text == NONE:
        return None
    if not text.isdecimal():
        raise typer.BadParameter(f"a bound is a whole number or “{NONE}”")
    return int(text)
