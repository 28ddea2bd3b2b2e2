"""`users export` and `users delete`: what is kept of an account, and its end."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lumiku_kernel.cli.accounts import users
from lumiku_kernel.cli.frame import Reason, say
from lumiku_kernel.cli.open import opened


def _found(store: Any, who: str) -> str:
    """The id of an account that is named by its address or its id."""
    from lumiku_kernel.accounts import users as rooms

    with store.read() as session:
        row = rooms.named(session, who) if "@" in who else rooms.get(session, who)
    return str(row["id"])


def _loaded(settings: Any, store: Any) -> Any:
    from lumiku_kernel.plugins import load
    from lumiku_kernel.plugins.prepare import checked

    return checked(store, load(settings, store))


@users.command("export")
def export_user(
    who: Annotated[str, typer.Argument(help="Address or id.")],
    out: Annotated[Path, typer.Option(help="The ZIP to write.")],
) -> None:
    """Write all that is kept of an account to a ZIP."""
    from lumiku_kernel.jobs.export import export
    from lumiku_kernel.jobs.shelves import shelf_of

    with opened() as (settings, store):
        ident = _found(store, who)
        registry = _loaded(settings, store)
        with out.open("wb") as file:
            file.writelines(export(store, shelf_of(settings), registry, ident))
    say(f"{out} has all that is kept of {ident}")


@users.command("delete")
def delete_user(
    who: Annotated[str, typer.Argument(help="Address or id.")], reason: Reason
) -> None:
    """Delete an account; what cannot be forgotten now is tried again by servers."""
    from lumiku_kernel.jobs.leave import leave
    from lumiku_kernel.jobs.shelves import shelf_of
    from lumiku_kernel.store.audit import By

    with opened() as (settings, store):
        ident = _found(store, who)
        registry = _loaded(settings, store)
        done = leave(store, shelf_of(settings), registry, ident, By("cli", reason))
    say(f"{ident} is deleted" if done else f"{ident} is being deleted by the servers")
