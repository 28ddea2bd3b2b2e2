"""Any order of grants, jobs, deliveries, deaths and retries keeps every credit.

The model is plain arithmetic; the database must agree with it after each step, and
every rule of `verify` must hold.
"""

import os
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from sqlmodel import Session
from tests.backends import Template
from tests.ledger.books import Books, written

from lumiku_contracts import Refused
from lumiku_kernel.catalogue.overrides import override
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import claim, finish, states, sweep
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.ledger.post import grant, refund, refunded
from lumiku_kernel.store.audit import By

PICK = st.integers(0, 1_000)
LARGE = os.environ.get("HYPOTHESIS_PROFILE") == "large"
ZOMBIES_WRITE = ("end", "progress", "item_done", "item_failed", "give_back", "renew")


class Credits(Books):
    """What may happen to two viewers' credits, in any order."""

    @rule(who=st.integers(0, 1), amount=st.integers(-20, 40))
    def operator_grants(self, who: int, amount: int) -> None:
        """Credits come, or are taken back if they are there."""
        held, _ = self.room.credits(self.viewers[who])
        try:
            with self.room.store.write() as session:
                ident = self.viewers[who].id or ""
                grant(session, ident, amount, actor="model", reason="model")
        except Refused:
            assert held + amount < 0
        else:
            assert held + amount >= 0
            self.wealth[who] += amount

    @rule(who=st.integers(0, 1), items=st.integers(1, 4), dear=st.booleans())
    def submit(self, who: int, items: int, dear: bool) -> None:
        """A job is accepted just if it can be paid."""
        viewer, model = self.viewers[who], "dear" if dear else "plain"
        asked = self.room.quote(model=model, items=items)
        held, _ = self.room.credits(viewer)
        try:
            self.jobs.append(self.room.accept(viewer, asked).job_id)
        except Refused:
            assert asked.price > held
        else:
            assert asked.price <= held

    @rule(
        who=st.integers(0, 1),
        items=st.integers(1, 4),
        dear=st.booleans(),
        lives=st.lists(st.lists(st.booleans(), max_size=3), min_size=1, max_size=3),
    )
    def live(self, who: int, items: int, dear: bool, lives: list[list[bool]]) -> None:
        """A job is made in part, ended, and its rest asked for, once or more."""
        known = len(self.jobs)
        self.submit(who, items, dear)
        for life in lives if len(self.jobs) > known else ():
            self.claim(life)
            if self.held:
                self.end(-1, again=True)

    @rule(well=st.lists(st.booleans(), max_size=4))
    def claim(self, well: list[bool]) -> None:
        """Somebody takes the next job, and makes some of its items."""
        job = self.room.try_claim()
        if job is not None:
            self.held.append(job)
            for each in well:
                self.make_an_item(-1, each)

    def make_an_item(self, pick: int, well: bool) -> None:
        """The holder delivers the next item, or gives it up."""
        job = self.held[pick]
        waiting = [n for n, s in enumerate(self.room.items(job["id"])) if s == "queued"]
        if not waiting:
            return
        with self.room.store.write() as session:
            if well:
                finish.item_done(session, job, waiting[0], [], None)
                self.wealth[self._owner(job)] -= job["snapshot"]["model"]["price"]
            else:
                finish.item_failed(session, job, waiting[0], "broken", "broken")

    @precondition(lambda self: self.held)
    @rule(pick=PICK, again=st.booleans())
    def end(self, pick: int, again: bool) -> None:
        """The holder ends the job as it stands; perhaps its owner wants the rest."""
        job = self.held.pop(pick % len(self.held))
        self.zombies.append(job)
        with self.room.store.write() as session:
            finish.end(
                session, job["id"], epoch=job["epoch"], from_states=(states.RUNNING,)
            )
        if again:
            self.retry(self.jobs.index(job["id"]))

    @precondition(lambda self: self.held)
    @rule(pick=PICK, wait=st.sampled_from([0.0, 60.0]))
    def give_back(self, pick: int, wait: float) -> None:
        """The holder stops, or waits for a provider."""
        job = self.held.pop(pick % len(self.held))
        self.zombies.append(job)
        self.room.give_back(job, rescued=False, wait=wait)

    @precondition(lambda self: self.held)
    @rule(pick=PICK)
    def die(self, pick: int) -> None:
        """The holder dies, and the sweeper notices."""
        job = self.held.pop(pick % len(self.held))
        self.zombies.append(job)
        self.room.lapse(job["id"])
        sweep.sweep(self.room.store)

    @precondition(lambda self: self.zombies)
    @rule(pick=PICK, write=st.sampled_from(ZOMBIES_WRITE))
    def rise_again(self, pick: int, write: str) -> None:
        """A zombie goes on with what it once held."""
        job = self.zombies[pick % len(self.zombies)]
        if write == "renew":
            lease = (job["id"], job["epoch"])
            assert not claim.renew(self.room.store, [lease], lease_seconds=60)
            return
        with pytest.raises(states.LostLease), self.room.store.write() as session:
            written(session, job, write)

    @rule(
        who=st.integers(0, 1),
        items=st.integers(1, 3),
        key=st.sampled_from(["a", "b", "c"]),
    )
    def submit_with_a_key(self, who: int, items: int, key: str) -> None:
        """The same request again is the same job; another is refused."""
        viewer, asked = self.viewers[who], self.room.quote(items=items)
        known = [one for one in self.asked if one[:2] == (who, key)]
        held = self.room.credits(viewer)
        code, accepted = "", None
        try:
            accepted = self.room.accept(viewer, asked, key=key)
        except Problem as problem:
            code = problem.code
        if accepted is None:
            assert self.room.credits(viewer) == held
            other = bool(known) and known[0][2].fingerprint != asked.fingerprint
            assert code == (
                "idempotency-key-reused" if other else "insufficient-credits"
            )
            assert other or asked.price > held[0]
            return
        if known:
            assert (accepted.job_id, accepted.replayed) == (known[0][3], True)
            assert self.room.credits(viewer) == held
        else:
            self.jobs.append(accepted.job_id)
            self.asked.append((who, key, asked, accepted.job_id))

    @rule(
        what=st.sampled_from(["submit", "grant", "end", "retry"]),
        who=st.integers(0, 1),
        pick=PICK,
    )
    def crash_before_commit(self, what: str, who: int, pick: int) -> None:
        """A process dies with a transaction open: nothing of it has been."""
        before = self.room.rows(), [self.room.credits(one) for one in self.viewers]
        with pytest.MonkeyPatch.context() as patch, suppress(Refused):
            patch.setattr(Session, "commit", _die)
            with pytest.raises(_Died):
                self._half(what, who, pick)
        after = self.room.rows(), [self.room.credits(one) for one in self.viewers]
        assert after == before

    def _half(self, what: str, who: int, pick: int) -> None:
        """Do something up to its commit, or raise `_Died` if there is nothing."""
        if what == "submit":
            self.room.accept(self.viewers[who], self.room.quote(items=1))
        elif what == "retry" and self.jobs:
            job_id = self.jobs[pick % len(self.jobs)]
            retry(self.room.store, job_id, None, deadline_seconds=60)
        elif what == "end" and self.held:
            job = self.held[pick % len(self.held)]
            with self.room.store.write() as session:
                written(session, job, "end")
        else:
            with self.room.store.write() as session:
                ident = self.viewers[who].id or ""
                grant(session, ident, 5, actor="model", reason="model")

    @rule(price=st.integers(1, 5))
    def change_the_price(self, price: int) -> None:
        """An operator sets another price; jobs under way keep theirs."""
        store = self.room.store
        override(store, "trial:plain", price=price, actor="model", reason="model")

    @precondition(lambda self: self.jobs)
    @rule(pick=PICK, amount=st.one_of(st.none(), st.integers(1, 10)))
    def give_money_back(self, pick: int, amount: int | None) -> None:
        """An operator refunds what was paid, or part of it; never more."""
        job = self.room.job(self.jobs[pick % len(self.jobs)])
        try:
            with self.room.store.write() as session:
                left = job["settled"] - refunded(session, job["id"])
                once = f"{len(self.room.events(job['id']))}-{left}"
                words = {"actor": "model", "reason": "model", "once": once}
                given = refund(session, job, amount, **words)
        except Refused:
            assert not 0 < (left if amount is None else amount) <= left
        else:
            assert given == (left if amount is None else amount)
            self.wealth[self._owner(job)] += given

    @precondition(lambda self: self.jobs)
    @rule(pick=PICK)
    def run_late(self, pick: int) -> None:
        """A job's deadline passes; the sweeper ends it as it stands."""
        job_id = self.jobs[pick % len(self.jobs)]
        if self.room.job(job_id)["ended_at"] is None:
            self.room.change(job_id, deadline_at=1.0)
            mine = [job for job in self.held if job["id"] == job_id]
            self.held = [job for job in self.held if job["id"] != job_id]
            self.zombies += mine
            sweep.sweep(self.room.store)
            assert self.room.job(job_id)["state"] in states.ENDED

    @precondition(lambda self: self.jobs)
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        """The owner wants no more."""
        cancel(self.room.store, self.jobs[pick % len(self.jobs)], None)

    @precondition(lambda self: self.jobs)
    @rule(pick=PICK, operator=st.booleans())
    def want_the_rest(self, pick: int, operator: bool) -> None:
        """An owner, or an operator, asks for what is missing."""
        by = By("model", "model") if operator else None
        self.retry(pick % len(self.jobs), by)

    def retry(self, place: int, by: By | None = None) -> None:
        """What is missing is paid for, if that can be."""
        job_id = self.jobs[place]
        before = self.room.job(job_id)
        try:
            retry(self.room.store, job_id, None, deadline_seconds=60, by=by)
        except Refused:
            assert self.room.job(job_id) == before
        else:
            assert before["state"] in states.RETRYABLE


class _Died(BaseException):
    """What no code that must hold can have caught."""


def _die(_session: Session) -> None:
    raise _Died


def test_no_order_of_events_makes_or_loses_a_credit(prepared: Template) -> None:
    Credits.database = prepared

    run_state_machine_as_test(
        Credits,
        settings=settings(
            max_examples=1000 if LARGE else 15,
            stateful_step_count=50 if LARGE else 20,
            database=None,
            phases=[Phase.generate],  # shrinking takes minutes here
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize="CI" in os.environ,
        ),
    )
