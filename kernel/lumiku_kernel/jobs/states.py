"""The states of a job, and which moves there are from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

QUEUED: Final = "queued"
RUNNING: Final = "running"
RETRY_WAIT: Final = "retry_wait"
SUCCEEDED: Final = "succeeded"
PARTIAL: Final = "partial"
FAILED: Final = "failed"
CANCELED: Final = "canceled"
EXPIRED: Final = "expired"

WAITING: Final = (QUEUED, RETRY_WAIT)
ENDED: Final = (SUCCEEDED, PARTIAL, FAILED, CANCELED, EXPIRED)
RETRYABLE: Final = (PARTIAL, FAILED, CANCELED, EXPIRED)


@dataclass(frozen=True, slots=True)
class Move:
    """What a command makes of a job: one of `after`, if it is in one of `before`."""

    before: tuple[str, ...]
    after: tuple[str, ...]


MOVES: Final[Mapping[str, Move]] = {
    "submit": Move((), (QUEUED,)),
    "claim": Move((QUEUED,), (RUNNING,)),
    "renew": Move((RUNNING,), (RUNNING,)),
    "deliver": Move((RUNNING,), (RUNNING,)),
    "finish": Move((RUNNING,), (SUCCEEDED, PARTIAL, FAILED)),
    "wait": Move((RUNNING,), (RETRY_WAIT,)),
    "wake": Move((RETRY_WAIT,), (QUEUED,)),
    "give back": Move((RUNNING,), (QUEUED,)),
    "rescue": Move((RUNNING,), (QUEUED, SUCCEEDED, PARTIAL, FAILED)),
    "cancel": Move(WAITING, (CANCELED,)),
    "stop": Move((RUNNING,), (CANCELED,)),
    "expire": Move(WAITING, (EXPIRED,)),
    "overrun": Move((RUNNING,), (SUCCEEDED, PARTIAL, FAILED)),
    "retry": Move(RETRYABLE, (QUEUED,)),
}
"""All there are. Who runs out of time while waiting expires, while running overruns."""

MOST_RESCUES: Final = 3
"""A job that has lost its runner or worker process so often has failed."""


CANCEL_GRACE: Final = 30.0
"""Seconds until a cancelled job is ended though its worker process has not heard."""


class LostLease(Exception):
    """Another process has the job now; what this one made of it is dropped."""
