"""Settings: known names, and addresses that agree with each other."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import select

from lumiku_kernel.accounts.pepper import mark_of, pepper, place
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding, Problem
from lumiku_kernel.jobs.signing import secret_of
from lumiku_kernel.settings import unknown_names
from lumiku_kernel.store.tables import webhooks

HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def known(asked: Question) -> Iterator[Finding]:
    """C01: nothing is set that nobody reads."""
    unread = unknown_names(tuple(asked.snapshot.configuration.plugins))
    for told in unread:
        yield Finding("C01", "warn", told, "lumiku config")
    if not unread:
        yield Finding("C01", "ok", "Every setting is read by somebody.")


def coherent(asked: Question) -> Iterator[Finding]:
    """C02: the public address, cookies and HTTPS agree."""
    settings = asked.settings
    address = urlsplit(settings.url)
    explain = "lumiku config --explain LUMIKU_PUBLIC_URL"
    if settings.cookies_are_secure and address.scheme != "https":
        cause = (
            f"Cookies are for HTTPS only, and {settings.url} is not: nobody stays in."
        )
        yield Finding("C02", "error", cause, "set LUMIKU_SECURE_COOKIES=false")
    elif address.scheme == "https" and not settings.cookies_are_secure:
        cause = "The public address is HTTPS, and cookies go without."
        yield Finding("C02", "warn", cause, "set LUMIKU_SECURE_COOKIES=true")
    elif settings.public_url is None and settings.host not in HERE:
        cause = f"Others can reach {settings.host}, and no public address is set."
        yield Finding("C02", "warn", cause, explain)
    elif not address.hostname or address.scheme not in {"http", "https"}:
        cause = f"The public address {settings.url} is none."
        yield Finding("C02", "error", cause, explain)
    else:
        yield Finding("C02", "ok", f"Viewers come to {settings.url}.")


def secrets(asked: Question) -> Iterator[Finding]:
    """C03: all processes derive secrets from one key, and it is that of before."""
    marks = {
        one.attested["key"]: one
        for one in asked.snapshot.presence.everyone
        if one.attested.get("key")
    }
    fix = "lumiku config --explain LUMIKU_SECRET_KEY"
    if (file := place(asked.settings)) and file.is_file():
        try:
            pepper(asked.settings)
        except Problem as empty:
            yield Finding("C03", "error", empty.detail, empty.fix or fix)
            return
    if len(marks) > 1:
        names = ", ".join(sorted(f"{one.role} {one.name}" for one in marks.values()))
        cause = f"Processes have different secret keys: {names}."
        yield Finding("C03", "error", cause, fix, {"keys": len(marks)})
    elif (own := mark_of(asked.settings)) and marks and own not in marks:
        cause = "The secret key here is not that of the processes that run."
        yield Finding("C03", "warn", cause, fix)
    elif count := _unsigned(asked):
        cause = f"The secret key is another than {count} webhooks were made with."
        yield Finding("C03", "error", cause, fix, {"webhooks": count})
    else:
        yield Finding("C03", "ok", "One key signs, the same in all processes.")


def _unsigned(asked: Question) -> int:
    """Webhooks whose secret cannot be derived with the key of here."""
    if mark_of(asked.settings) is None:
        return 0
    key, count = pepper(asked.settings), 0
    with asked.store.read() as session:
        salts = session.execute(select(webhooks.c.secret)).scalars().all()
    for salt in salts:
        try:
            secret_of(key, salt)
        except Problem:
            count += 1
    return count
