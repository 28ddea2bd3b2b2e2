"""Settings: known names, and addresses that agree with each other."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.settings import unknown_names

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
