"""What the kernel says when it will not, or cannot, do what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lumiku_contracts import Refused


class Problem(Refused):
    """A refusal with all that an RFC 9457 document holds.

    `errors` lists single faults of the input, `headers` go with the answer, `extra`
    are further members of the document.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fix: str | None = None,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, detail, status=status, fix=fix)
        self.errors = errors
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def not_found(what: str) -> Problem:
    """The same answer for what is absent and for what is somebody else's."""
    return Problem(404, "not-found", f"There is no such {what}.")


@dataclass(frozen=True, slots=True)
class Fix:
    """Who can mend it, by which command, and by which call of the API."""

    who: str
    command: str
    api: str = ""

    def document(self) -> dict[str, str]:
        """As JSON."""
        return {"who": self.who, "command": self.command, "api": self.api}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `lumiku doctor` or `lumiku verify`.

    `level` is `ok`, `warn` or `error`; `cause` a sentence; `fix` an exact command.
    """

    check: str
    level: str
    cause: str
    fix: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
