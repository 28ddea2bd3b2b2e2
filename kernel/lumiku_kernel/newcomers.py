"""How people come in: they register, wait for a word, are let in, refused, invited.

Whoever waits is disabled: they cannot sign in, own no purse, and cost a row.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from lumiku_kernel.accounts import users
from lumiku_kernel.accounts.passwords import hash_password
from lumiku_kernel.accounts.sessions import revoke_links, sign_in_token
from lumiku_kernel.errors import Problem
from lumiku_kernel.ledger.post import open_purses, welcome
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, changed, now
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import accounts

MOST_WAITING = 500
"""With more no one else may ask: each is a stranger's row."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who asks for an account; the password as they typed it."""

    email: str
    password: str
    name: str = ""


def register(settings: Settings, store: Store, given: Newcomer) -> str | None:
    """A new account's id; None if it waits for an operator's word.

    403 `registration-closed`; 409 `email-taken` where the door is open: a stranger
    either gets the account or does not, and no mail is sent. Where an operator lets
    people in, a known and an unknown address get the same answer after the same work.
    """
    if settings.door == "closed":
        detail = "New accounts are made by the operator here."
        raise Problem(403, "registration-closed", detail)
    hashed = hash_password(given.password, given.email)
    if settings.door == "approval":
        with store.write() as session:
            _ask(session, given, hashed)
        return None
    with store.write() as session:
        ident = users.create(session, given.email, name=given.name, password=hashed)
        begin(session, ident, given.email, settings.welcome_credits, actor="kernel")
    return ident


def begin(session: Session, ident: str, email: str, gift: int, *, actor: str) -> None:
    """Give an account its purses and, once for each mailbox, its welcome credits."""
    open_purses(session, ident)
    welcome(session, ident, gift, actor=actor, whom=users.person(email))


def _ask(session: Session, given: Newcomer, hashed: str) -> None:
    if waiting(session) >= MOST_WAITING:
        detail = "Too many wait for the operator's word already; try again later."
        raise Problem(503, "registration-full", detail, headers={"Retry-After": "3600"})
    known = users.find(session, given.email)
    ident = known["id"] if known is not None else None
    if ident is None:
        ident = users.create(
            session, given.email, name=given.name, password=hashed, awaiting=True
        )
    by = By("stranger", "an account was asked for")
    by.write(session, "user.ask", ident, before=None, after={"new": known is None})


def waiting(session: Session) -> int:
    """How many wait for an operator's word."""
    asked = select(func.count()).where(accounts.c.awaiting_at.is_not(None))
    return int(session.execute(asked).scalar_one())


def approve(store: Store, ident: str, gift: int, by: By) -> dict[str, Any]:
    """Let somebody in who waits; the account. 409 `not-waiting`."""
    here = {"disabled_at": None, "awaiting_at": None}
    with store.write() as session:
        account = _found(session, ident)
        mine = update(accounts).where(
            accounts.c.id == ident, accounts.c.awaiting_at.is_not(None)
        )
        if changed(session, mine.values(**here)) != 1:
            raise _not_waiting()
        begin(session, ident, account["email"], gift, actor=by.actor)
        by.write(session, "user.approve", ident, before=None, after={"welcome": gift})
        return users.get(session, ident)


def refuse(store: Store, ident: str, by: By) -> None:
    """Send somebody away who waits; nothing is kept of them. 409 `not-waiting`."""
    with store.write() as session:
        _found(session, ident)
        forget(session, ident)
        by.write(session, "user.refuse", ident, before=None, after=None)


def forget(session: Session, ident: str) -> None:
    """Delete the row of somebody who waits."""
    revoke_links(session, ident)
    mine = (accounts.c.id == ident) & accounts.c.awaiting_at.is_not(None)
    if changed(session, delete(accounts).where(mine)) != 1:
        raise _not_waiting()


def invite(session: Session, ident: str, seconds: float, by: By) -> str:
    """A token that signs an account in once, audited.

    409 `approval-pending` or `account-disabled` for one that may not come in.
    """
    account = users.get(session, ident)
    users.settled(account)
    if account["disabled_at"] is not None:
        fix = f"lumiku users set {account['email']} --enable"
        raise Problem(409, "account-disabled", "This account is shut out.", fix=fix)
    by.write(session, "user.link", ident, before=None, after={"seconds": seconds})
    return sign_in_token(session, ident, seconds=seconds, made_by=by.actor)


def uninvite(session: Session, ident: str, by: By) -> int:
    """End all links of an account, audited; how many there were."""
    users.get(session, ident)
    ended = revoke_links(session, ident)
    by.write(session, "user.unlink", ident, before={"links": ended}, after=None)
    return ended


def lapse(settings: Settings, store: Store) -> int:
    """Forget those whom nobody has let in for `waiting_days`; how many."""
    before = now() - settings.waiting_days * 86400.0
    asked = select(accounts.c.id).where(accounts.c.awaiting_at < before)
    with store.write() as session:
        late = list(session.execute(asked).scalars())
        for ident in late:
            forget(session, ident)
    return len(late)


def told(settings: Settings) -> str:
    """What becomes of strangers here, in a sentence, and why."""
    said = {
        "open": "Anybody who can reach this server may make an account.",
        "approval": "Newcomers wait for an operator: lumiku users list --waiting",
        "closed": "Registration is closed; lumiku users create EMAIL makes accounts.",
    }[settings.door]
    if settings.registration is None and settings.door == "closed":
        return (
            f"{said} Others can reach {settings.url}, and LUMIKU_REGISTRATION "
            "(open, approval, closed) is not set."
        )
    return said


def _found(session: Session, ident: str) -> dict[str, Any]:
    account = users.get(session, ident)
    if account["awaiting_at"] is None:
        raise _not_waiting()
    return account


def _not_waiting() -> Problem:
    return Problem(409, "not-waiting", "This account waits for nobody's word.")
