"""What can go wrong between a plugin and its host.

LumikuError
├── DeclarationError        the declaration is wrong; its author reads it
├── Refused                 the request is at fault; the viewer reads it (4xx)
│   └── NotFound            there is no such thing, or it is somebody else's
├── Transient               trying again may help; the kernel does so
├── Permanent               trying again will not help
└── TaskCancelled           the work is no longer wanted
"""

from typing import Literal


class LumikuError(Exception):
    """The root of the tree."""


class DeclarationError(LumikuError):
    """A declaration that cannot be used; `part` names the piece of it at fault."""

    def __init__(self, part: str, problem: str) -> None:
        super().__init__(f"{part}: {problem}")
        self.part = part
        self.problem = problem


class Refused(LumikuError):
    """A request that will not be served.

    `code` is a stable kebab-case word for programs, `detail` a sentence for people,
    `status` the HTTP status (400-499), `fix` what the reader can do about it.
    """

    def __init__(
        self, code: str, detail: str, *, status: int = 422, fix: str | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.fix = fix


class NotFound(Refused):
    """There is no `what` with this id, as far as this viewer may know."""

    def __init__(self, what: str, ident: str) -> None:
        super().__init__("not-found", f"There is no {what} “{ident}”.", status=404)


class Transient(LumikuError):
    """A failure that may pass; `retry_after` in seconds, if the other side said so.

    `cause` helps to leave a failing model alone in time: `timeout`, or `key` when the
    operator's own key is refused (401, 402, 403): jobs wait until it is mended.
    """

    def __init__(
        self,
        detail: str,
        *,
        retry_after: float | None = None,
        cause: Literal["busy", "timeout", "key"] = "busy",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.cause = cause


class Permanent(LumikuError):
    """A failure that will not pass; `code` is a stable kebab-case word.

    `fix`, of a provider that cannot be opened, is the command that mends it.
    """

    def __init__(self, code: str, detail: str, *, fix: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.fix = fix


class TaskCancelled(LumikuError):
    """The viewer or the operator has cancelled the job."""
