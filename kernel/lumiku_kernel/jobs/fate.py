"""What becomes of a job in hand and of its items: every write of its supervisor."""

import logging
import random
from typing import Any, Final

from sqlalchemy import select

from lumiku_kernel import traces
from lumiku_kernel.jobs import claim, finish, states
from lumiku_kernel.jobs.artifacts import Shelf
from lumiku_kernel.jobs.calls import asks_again, called
from lumiku_kernel.jobs.circuit import Heard
from lumiku_kernel.jobs.order import kept
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import job_items

BACKOFF, LONGEST_WAIT, LONGEST_TOLD = 2.0, 120.0, 600.0
NO_ROOM = 15.0
"""Seconds until a job that could not be kept is tried again."""
BUG_TRIES = 2
CAUSES: Final[dict[str, Heard]] = {"timeout": "timeout", "key": "key"}

log = logging.getLogger(__name__)


class Fate:
    """Writes for one supervisor; each write is fenced by the job's epoch."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        """Holds nothing of any job."""
        self.store = store
        self.shelf = shelf

    def waiting(self, job_id: str) -> list[dict[str, Any]]:
        """The items still to be made, in order."""
        mine = (job_items.c.job_id == job_id) & (job_items.c.state == "queued")
        statement = select(job_items).where(mine).order_by(job_items.c.index)
        with self.store.read() as session:
            return [dict(row) for row in session.execute(statement).mappings()]

    def progress(
        self, job: dict[str, Any], index: int, fraction: float, note: str
    ) -> None:
        """Say how far an item is."""
        ended = job["items_ok"] + job["items_failed"]
        whole = (ended + fraction) / job["items_total"]
        with self.store.write() as session:
            finish.progress(session, job, index, whole, note)

    def deliver(self, job: dict[str, Any], index: int, answer: dict[str, Any]) -> None:
        """Keep an item's files and show them."""
        made = [
            kept(self.shelf, job, index, position, output)
            for position, output in enumerate(answer["outputs"])
        ]
        with self.store.write() as session:
            finish.item_done(session, job, index, made, answer["result"])
        job["items_ok"] += 1
        job["turn"] += 1
        called(self.store, job, "ok")

    def failed(self, job: dict[str, Any], index: int, answer: dict[str, Any]) -> bool:
        """Deal with a failed item; whether the job's next item may be tried."""
        if answer["kind"] == "cancelled":
            self.end(job, states.CANCELED)
            return False
        if "trace" in answer:
            log.error("job %s item %s:\n%s", job["id"], index, answer["trace"])
        if answer["kind"] == "room":
            self.hold_over(job, answer["detail"])
            return False
        if answer["kind"] == "transient":
            came = CAUSES.get(answer.get("cause", ""), "failed")
            detail = answer["detail"]
            if came == "key":
                detail = f"The provider refuses our key: {detail}"
            if called(self.store, job, came, detail):
                self.give_back(job, rescued=False)  # it waits, and has used no attempt
                return False
        elif answer["kind"] == "permanent":
            called(self.store, job, "ok")  # an answer, if not the one hoped for
        tries = {"transient": job["attempts"], "bug": BUG_TRIES}.get(answer["kind"], 0)
        spared = answer["kind"] == "transient" and job["attempt"] < tries
        if spared and not asks_again(self.store, job):
            said = "So many calls fail that this one is not repeated"
            self.give_up(job, index, "retry-budget", f"{said}: {answer['detail']}")
            return True
        if job["attempt"] < tries:
            self.give_back(job, rescued=False, wait=wait_of(job["attempt"], answer))
            return False
        self.give_up(job, index, answer["code"], answer["detail"])
        return True

    def timed_out(self, job: dict[str, Any], index: int, detail: str) -> None:
        """Give up an item that took too long; its model may hang."""
        called(self.store, job, "timeout", detail)
        self.give_up(job, index, "timeout", detail)

    def give_up(self, job: dict[str, Any], index: int, code: str, detail: str) -> None:
        """Make no more of an item."""
        with self.store.write() as session:
            finish.item_failed(session, job, index, code, detail)
        job["items_failed"] += 1
        job["turn"] += 1

    def end(
        self,
        job: dict[str, Any],
        state: str | None,
        code: str | None = None,
        detail: str | None = None,
    ) -> None:
        """End the job; without `state`, as what was delivered says."""
        with self.store.write() as session:
            ended = finish.end(
                session,
                job["id"],
                epoch=job["epoch"],
                from_states=(states.RUNNING,),
                state=state,
                code=code,
                detail=detail,
            )
        traces.note(state=ended)

    def give_back(self, job: dict[str, Any], *, rescued: bool, **how: Any) -> None:
        """Queue the job again, at once or as `claim.give_back` is told."""
        with self.store.write() as session:
            claim.give_back(session, job["id"], job["epoch"], rescued=rescued, **how)
        traces.note(state=states.QUEUED)

    def hold_over(self, job: dict[str, Any], reason: object) -> None:
        """There is no room, or no storage: the job waits, and spends no attempt."""
        log.warning("job %s waits: %s", job["id"], reason)
        self.give_back(job, rescued=False, wait=NO_ROOM, spent=False)


def wait_of(attempt: int, answer: dict[str, Any]) -> float:
    """Seconds until the next try: what the other side said, else full jitter."""
    if answer.get("retry_after"):
        return float(min(answer["retry_after"], LONGEST_TOLD))
    longest = min(LONGEST_WAIT, BACKOFF * 2**attempt)
    return random.uniform(0.05, longest)  # noqa: S311 (jitter is no secret)
