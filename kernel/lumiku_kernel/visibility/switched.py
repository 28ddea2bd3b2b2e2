"""Who has switched off what a viewer does not see, as the audit has it."""

from sqlalchemy import select
from sqlmodel import Session

from lumiku_kernel.clock import iso
from lumiku_kernel.flags.read import history
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.store.tables import accounts
from lumiku_kernel.visibility.verdict import Verdict


def switched(session: Session, verdict: Verdict) -> str:
    """Of an app that its flag hides: who switched it, when and why; else nothing."""
    if not any(gate.code == "FLAG_OFF" for gate in verdict.blocking):
        return ""
    changes = history(session, enabled_key(verdict.app), limit=1)
    if not changes:
        return "Nobody has switched it by a command or the console."
    last = changes[0]
    who = _named(session, last["actor"])
    reason = f": {last['reason']}" if last["reason"] else ", without a reason"
    return f"{who} switched it at {iso(last['at'])}{reason}"


def _named(session: Session, actor: str) -> str:
    """An actor of the audit as somebody knows them."""
    mine = select(accounts.c.email).where(accounts.c.id == actor)
    email = session.execute(mine).scalar_one_or_none()
    return {"cli": "The command line"}.get(actor, email or actor)
