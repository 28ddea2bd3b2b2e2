"""The states of a job, and who may move it from one to the next."""

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

MOST_RESCUES: Final = 3
"""A job that has lost its runner or worker process so often has failed."""


class LostLease(Exception):
    """Another process has the job now; what this one made of it is dropped."""
