"""Pays for a job, within the bounds of whoever asks for it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from lumiku_kernel.accounts.tiers import Terms
from lumiku_kernel.ledger import allowance
from lumiku_kernel.ledger.budget import check_key
from lumiku_kernel.ledger.post import reserve
from lumiku_kernel.store import now


@dataclass(frozen=True, slots=True)
class Payer:
    """The API key that asks, if one does, and what the viewer's tier grants.

    With `free` nothing is granted or reserved: credits are off.
    """

    key_id: str | None = None
    terms: Terms | None = None
    free: bool = False


NOBODYS = Payer()


def fund(
    session: Session,
    account_id: str,
    price: int,
    payer: Payer,
    *,
    model: str,
    job: tuple[str, int],
) -> None:
    """Reserve a job's price, in the transaction that writes the job.

    `job` is its id and the number of this funding. Raises 402 `insufficient-credits`
    or `key-budget`, 403 `key-model`. An allowance that is due is granted first, so
    that it is there for this very job.
    """
    if payer.terms is not None and payer.terms.allowance and not payer.free:
        at = float(session.execute(select(now())).scalar_one())
        name = allowance.period(payer.terms.period, at)
        allowance.renew(session, account_id, payer.terms.allowance, name)
    job_id, funding = job
    key_id = payer.key_id
    reserve(session, account_id, price, job_id=job_id, funding=funding, payer=key_id)
    if key_id is not None:
        check_key(session, key_id, model, price)
