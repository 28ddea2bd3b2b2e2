"""Time as the kernel writes it: seconds since 1970, as a float."""

from datetime import UTC, datetime


def iso(at: float | None) -> str | None:
    """The moment as ISO 8601 in UTC, to the millisecond."""
    if at is None:
        return None
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def stamp() -> str:
    """This moment for the name of a file, such as `20260131-120000`, in UTC."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def moment(text: str) -> float:
    """Seconds since 1970, of ISO 8601 or of such a number; raises `ValueError`.

    A time without a zone is taken for UTC.
    """
    try:
        return float(text)
    except ValueError:
        pass
    try:
        # A "+" in a query is a space by the time it is here.
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
