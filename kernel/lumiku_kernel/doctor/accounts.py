"""Operators, passwords, signing in, and credits."""

from collections.abc import Iterator

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lumiku_contracts import Refused
from lumiku_kernel import newcomers
from lumiku_kernel.accounts import sessions, users
from lumiku_kernel.accounts.passwords import hash_password, matches
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.store import new_id, seals
from lumiku_kernel.store.tables import accounts

WORN = ("password", "lumiku123", "changeme", "12345678")
"""Passwords that an operator must not have."""
MOST_TRIED = 3
"""Operators whose passwords are tried; each try costs 30 ms of a core."""


def operators(asked: Question) -> Iterator[Finding]:
    """A01: somebody can operate this."""
    with asked.store.read() as session:
        there = users.first_operator(session)
        heir = users.likeliest_operator(session) if there is None else None
    if heir is not None:
        cause = f"There is no operator; {heir['email']} has an account."
        again = " --enable" if heir["disabled_at"] is not None else ""
        fix = f"lumiku users set {heir['email']} --role operator{again}"
        yield Finding("A01", "error", cause, fix)
    elif there is None:
        fix = "lumiku users create EMAIL --role operator"
        yield Finding("A01", "error", "There is no operator, and no account.", fix)
    else:
        yield Finding("A01", "ok", f"{there['email']} is an operator.")


def registering(asked: Question) -> Iterator[Finding]:
    """A05: it is said who may register, and nobody waits for a word."""
    with asked.store.read() as session:
        there = newcomers.waiting(session)
    said = newcomers.told(asked.settings)
    evidence = {"registration": asked.settings.door, "waiting": there}
    if there:
        cause = f"{there} newcomers wait for an operator's word."
        yield Finding("A05", "warn", cause, "lumiku users list --waiting", evidence)
    else:
        yield Finding("A05", "ok", said, evidence=evidence)


def leaving(asked: Question) -> Iterator[Finding]:
    """A04: whoever has left is forgotten by all."""
    gone = select(accounts.c.id, accounts.c.forgetting)
    with asked.store.read() as session:
        rows = session.execute(gone.where(accounts.c.deleted_at.is_not(None))).all()
    faults = {row.id: dict(row.forgetting) for row in rows if row.forgetting}
    stuck = {i: {w: why for w, why in f.items() if why} for i, f in faults.items()}
    for ident, whys in stuck.items():
        for who, why in whys.items():
            cause = f"{who} has not forgotten {ident}, who has left: {why}."
            yield Finding("A04", "error", cause, f"lumiku users delete {ident}")
    if not any(stuck.values()):
        yield Finding("A04", "ok", "Nobody who has left is still known to a plugin.")


def signing_in(asked: Question) -> Iterator[Finding]:
    """A02: an account can be made, its password checked, a session begun."""
    secret = new_id("pw")
    try:
        with asked.store.write() as session:
            ident = users.create(
                session,
                f"{new_id('doctor')}@example.org",
                password=hash_password(secret),
            )
            begun = sessions.open_session(session, ident, days=1)
            kept = users.get(session, ident)["password"]
            session.rollback()  # nothing of it stays
    except (SQLAlchemyError, Refused) as error:
        said = str(error).split("\n", maxsplit=1)[0]
        cause = f"Nobody can sign in: {type(error).__name__}: {said}"
        yield Finding("A02", "error", cause, "lumiku migrate")
        return
    right = bool(begun) and matches(secret, kept)
    if right:
        yield Finding("A02", "ok", "An account can be made and can sign in.")
    else:
        yield Finding("A02", "error", "A right password is refused.", "lumiku migrate")


def passwords(asked: Question) -> Iterator[Finding]:
    """A03: every hash can be read; no operator's password is a worn one."""
    mine = select(accounts.c.email, accounts.c.password, accounts.c.role)
    with asked.store.read() as session:
        rows = session.execute(mine.where(accounts.c.password.is_not(None))).all()
    broken = [row.email for row in rows if not Argon2Hasher.identify(row.password)]
    if broken:
        cause = f"{len(broken)} password hashes cannot be read, {broken[0]}’s first."
        fix = f"lumiku users set {broken[0]} --password-stdin"
        yield Finding("A03", "error", cause, fix, {"accounts": broken[:10]})
    staff = [r for r in rows if r.role == "operator" and r.email not in broken]
    worn = [
        row.email
        for row in staff[:MOST_TRIED]
        if any(matches(word, row.password) for word in WORN)
    ]
    for email in worn:
        cause = f"The operator {email} has a password that everybody knows."
        yield Finding(
            "A03", "error", cause, f"lumiku users set {email} --password-stdin"
        )
    if not broken and not worn:
        yield Finding("A03", "ok", f"All {len(rows)} password hashes can be read.")


def credits_(asked: Question) -> Iterator[Finding]:
    """L01: credits, jobs, artifacts and seals add up."""
    found = [*verify(asked.store), *seals.check(asked.store)]
    broken = [one for one in found if one.level == "error"]
    for one in broken:
        yield Finding("L01", "error", one.cause, "lumiku verify", one.evidence)
    if not broken:
        yield Finding("L01", "ok", "Credits, jobs and artifacts add up.")
