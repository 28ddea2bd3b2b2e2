"""`users link|approve|refuse`: who is let in, and how."""

from typing import Annotated

import typer

from lumiku_kernel.cli.accounts import address, users
from lumiku_kernel.cli.frame import Reason, say
from lumiku_kernel.cli.open import opened

Email = Annotated[str, typer.Argument(help="Their address.")]
Why = Annotated[str, typer.Option(help="Why; kept in the audit.")]
LINK = "lumiku users link"


@users.command()
def link(
    email: Email,
    hours: Annotated[
        int, typer.Option(help="How long it is good.", min=1, max=168)
    ] = 24,
    *,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="End all links of theirs instead.")
    ] = False,
    reason: Why = LINK,
) -> None:
    """Print a link that signs an account in once, for a forgotten password too."""
    from lumiku_kernel import newcomers
    from lumiku_kernel.accounts.users import named
    from lumiku_kernel.store.audit import By

    by = By("cli", reason)
    with opened() as (settings, store):
        site = address(settings, store)
        with store.write() as session:
            ident = named(session, email)["id"]
            if revoke:
                ended = newcomers.uninvite(session, ident, by)
            else:
                token = newcomers.invite(session, ident, hours * 3600.0, by)
    say(f"{ended} links of {email} ended" if revoke else f"{site}/sign-in/{token}")


@users.command()
def approve(email: Email, reason: Why = "lumiku users approve") -> None:
    """Let somebody in who has registered and waits."""
    from lumiku_kernel import newcomers
    from lumiku_kernel.accounts.users import named
    from lumiku_kernel.store.audit import By

    with opened() as (settings, store):
        with store.read() as session:
            ident = named(session, email)["id"]
        gift = settings.welcome_credits
        found = newcomers.approve(store, ident, gift, By("cli", reason))
    say(f"{found['email']} may sign in")


@users.command()
def refuse(email: Email, reason: Reason) -> None:
    """Send somebody away who has registered and waits; nothing is kept of them."""
    from lumiku_kernel import newcomers
    from lumiku_kernel.accounts.users import named
    from lumiku_kernel.store.audit import By

    with opened() as (_, store):
        with store.read() as session:
            ident = named(session, email)["id"]
        newcomers.refuse(store, ident, By("cli", reason))
    say(f"{email} is refused")
