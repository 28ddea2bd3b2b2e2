"""Two viewers' credits in plain arithmetic; the database must agree after each step."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel import Session
from tests.backends import Template
from tests.jobs.room import Room, settings_in

from lumiku_contracts import Viewer
from lumiku_kernel.jobs import claim, finish, states
from lumiku_kernel.jobs.quote import Quote


class Books(RuleBasedStateMachine):
    """Two viewers, their jobs, and what each should own."""

    database: ClassVar[Template]

    def __init__(self) -> None:
        """Open a copy of the prepared database."""
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.copy = ExitStack()
        folder = Path(self.folder.name)
        url = self.copy.enter_context(self.database.copied(folder))
        self.room = Room.open(settings_in(folder, database_url=url))
        self.viewers = [self.room.viewer(40), self.room.viewer(0)]
        self.wealth = [40, 0]  # all that a viewer has, reserved or not
        self.jobs: list[str] = []
        self.held: list[dict[str, Any]] = []
        self.zombies: list[dict[str, Any]] = []
        self.asked: list[tuple[int, str, Quote, str]] = []  # who, key, what, the job

    def teardown(self) -> None:
        """Remove the copy."""
        self.room.store.close()
        self.copy.close()
        self.folder.cleanup()

    @invariant()
    def all_rules_hold(self) -> None:
        """`lumiku verify` would find nothing."""
        assert not self.room.broken()

    @invariant()
    def nobody_is_richer_or_poorer_than_the_model(self) -> None:
        """Available, reserved, and delivered but not yet settled, add up."""
        for viewer, wealth in zip(self.viewers, self.wealth, strict=True):
            assert sum(self.room.credits(viewer)) - self._unsettled(viewer) == wealth

    def _owner(self, job: dict[str, Any]) -> int:
        return [viewer.id for viewer in self.viewers].index(job["account_id"])

    def _unsettled(self, viewer: Viewer) -> int:
        """What has been delivered by jobs of a viewer that have not ended."""
        total = 0
        for job_id in self.jobs:
            job = self.room.job(job_id)
            if job["account_id"] == viewer.id and job["ended_at"] is None:
                each = job["snapshot"]["model"]["price"]
                total += each * job["items_ok"] - job["settled"]
        return total


def written(session: Session, job: dict[str, Any], write: str) -> None:
    """What a holder writes of its job."""
    if write == "progress":
        finish.progress(session, job, 0, 0.5, "")
    elif write == "item_done":
        finish.item_done(session, job, 0, [], None)
    elif write == "item_failed":
        finish.item_failed(session, job, 0, "broken", "broken")
    elif write == "give_back":
        claim.give_back(session, job["id"], job["epoch"], rescued=True)
    else:
        running = (states.RUNNING,)
        finish.end(session, job["id"], epoch=job["epoch"], from_states=running)
