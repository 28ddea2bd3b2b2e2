"""Time as the kernel writes it: seconds since 1970, as a float."""

from datetime import UTC, datetime


def iso(at: float | None) -> str | None:
    """The moment as ISO 8601 in UTC, to the millisecond."""
    if at is None:
        return None
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")
