"""Viewers are served in turn, and nobody, no plugin and no provider takes all slots."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from tests.jobs.room import Room

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.jobs import claim, finish, states
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.choose import Claimant, next_job
from lumiku_kernel.store.tables import jobs, tiers

ALL = 100


class Bench:
    """Slots of one class, each of which makes one item in a round."""

    def __init__(self, room: Room, slots: int) -> None:
        """All free; nobody is held back by a tier."""
        with room.store.write() as session:
            session.execute(update(tiers).values(max_running=None))
        self.room = room
        self.asks = Claimant("io", ["trial"], "prc_one", 600.0, slots=1)
        self.slots: list[dict[str, Any] | None] = [None] * slots
        self.made: Counter[str] = Counter()
        self.order: list[str] = []

    def round(self) -> None:
        """Each slot takes a job if it has none, makes an item, and goes on or not."""
        store = self.room.store
        for place, held in enumerate(self.slots):
            job = held or claim.claim(store, self.asks)
            if job is None:
                continue
            index = self.room.items(job["id"]).index("queued")
            with store.write() as session:
                finish.item_done(session, job, index, [], None)
            job["items_ok"] += 1
            job["turn"] += 1
            self.made[job["account_id"]] += 1
            self.order.append(job["account_id"])
            self.slots[place] = self.after(job)

    def after(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """The job if it goes on here."""
        if job["items_ok"] + job["items_failed"] == job["items_total"]:
            running = (states.RUNNING,)
            with self.room.store.write() as session:
                finish.end(session, job["id"], epoch=job["epoch"], from_states=running)
            return None
        if claim.overtaken(self.room.store, self.asks, job):
            self.room.give_back(job, rescued=False)
            return None
        return job


@pytest.mark.parametrize("slots", [1, 3])
def test_twenty_viewers_with_unlike_loads_are_served_alike(
    room: Room, slots: int
) -> None:
    loads = [(1, 12), (12, 1), (4, 3), (2, 6), (30, 1)]  # jobs, items of each
    viewers = [room.viewer(100) for _ in range(20)]
    for place, viewer in enumerate(viewers):
        count, items = loads[place % len(loads)]
        for _ in range(count):
            room.submit(viewer, items=items)
    bench = Bench(room, slots)

    while len(bench.order) < 20 * 6:
        bench.round()
    first = {one: bench.order.index(one) for one in bench.made}

    assert len(bench.made) == 20
    assert max(bench.made.values()) <= 2 * min(bench.made.values())
    assert max(first.values()) < 20 + slots
    assert not room.broken()


def test_who_comes_late_is_neither_put_last_nor_first(room: Room) -> None:
    early, late = room.viewer(200), room.viewer(200)
    for _ in range(40):
        room.submit(early)
    bench = Bench(room, 1)
    for _ in range(15):
        bench.round()
    for _ in range(20):
        room.submit(late)

    for _ in range(20):
        bench.round()

    assert bench.made[late.id or ""] in (10, 9, 11)


def test_jobs_that_never_began_do_not_put_their_viewer_back(room: Room) -> None:
    hasty, other = room.viewer(1000), room.viewer(1000)
    for _ in range(3):
        cancel(room.store, room.submit(hasty, items=100), hasty.id)
    theirs = room.submit(hasty)
    room.submit(other, items=5)

    assert room.claim()["id"] == theirs


def test_interactive_work_comes_before_batches_and_tiers_within_it(room: Room) -> None:
    free, pro = room.viewer(), room.viewer(tier=Tier.PRO)
    batch, dear, quick = room.submit(free), room.submit(pro), room.submit(free)
    room.change(quick, rank=3)

    assert [room.claim()["id"] for _ in range(3)] == [quick, dear, batch]


def test_a_batch_makes_way_between_two_items_for_whoever_comes_first(
    room: Room,
) -> None:
    viewer, other = room.viewer(), room.viewer()
    room.submit(viewer, items=9)
    bench = Bench(room, 1)
    bench.round()
    bench.round()
    other_id = room.submit(other)

    bench.round()
    bench.round()

    assert bench.order[-2:] == [viewer.id, other.id]
    assert room.job(other_id)["state"] == "succeeded"


def allow(room: Room, tier: str, most: int | None) -> None:
    """Set how many jobs of a viewer of a tier may run at once."""
    with room.store.write() as session:
        mine = update(tiers).where(tiers.c.name == tier)
        session.execute(mine.values(max_running=most))


@pytest.mark.parametrize("model", ["plain", "gift"])
def test_a_viewer_runs_as_many_jobs_at_once_as_the_tier_allows(
    room: Room, model: str
) -> None:
    allow(room, "free", 3)
    greedy, other = room.viewer(100), room.viewer(100)
    for _ in range(20):
        room.accept(greedy, room.quote(model=model))
    theirs = room.submit(other)

    def take(_: int) -> dict[str, Any] | None:
        return room.try_claim()

    with ThreadPoolExecutor(8) as pool:
        claimed = [one for one in pool.map(take, range(32)) if one is not None]

    running = Counter(one["account_id"] for one in claimed)
    assert running == {greedy.id: 3, other.id: 1}
    assert theirs in {one["id"] for one in claimed}
    finished = next(one for one in claimed if one["account_id"] == greedy.id)
    room.change(finished["id"], state="failed")
    assert room.claim()["account_id"] == greedy.id
    assert room.try_claim() is None


def test_a_remote_provider_is_asked_for_so_many_jobs_at_once(room: Room) -> None:
    for _ in range(4):
        for _ in range(3):
            room.submit(room.viewer())

    taken = [room.try_claim(provider_most=5) for _ in range(12)]

    assert [one is not None for one in taken] == [True] * 5 + [False] * 7
    assert room.try_claim() is not None


def test_a_plugin_leaves_slots_to_others_that_wait(room: Room) -> None:
    mine = [room.submit(room.viewer()) for _ in range(8)]
    theirs = [room.submit(room.viewer()) for _ in range(3)]
    for one in theirs:
        room.change(one, plugin_id="another", turn=99)

    both = ("trial", "another")
    order = [room.try_claim(plugins=both, slots=5) for _ in range(9)]

    took = [one["id"] if one else None for one in order]
    assert took[:3] == mine[:3]  # 60 % of five
    assert took[3:6] == theirs
    assert took[6:] == mine[3:6]  # nobody else waits


def fill(room: Room, count: int) -> Viewer:
    """`count` queued jobs of one viewer, copied from one."""
    viewer = room.viewer()
    row = room.job(room.submit(viewer))
    with room.store.write() as session:
        rows = [{**row, "id": f"job_zz{n:06}", "turn": n + 1} for n in range(count)]
        session.execute(insert(jobs), rows)
    return viewer


def test_the_queue_is_not_sorted_anew_for_each_claim(room: Room) -> None:
    fill(room, 2000)
    asks = Claimant("io", ["trial"], "prc_one", 30.0, slots=8, provider_most=8)
    chosen, given = next_job(asks, lock=False)
    statement = chosen.params(given).compile(
        room.store.engine, compile_kwargs={"literal_binds": True}
    )
    explain = "EXPLAIN QUERY PLAN" if room.store.is_sqlite else "EXPLAIN"

    with room.store.read() as session:
        if not room.store.is_sqlite:
            session.execute(text("ANALYZE job"))
        told = session.execute(text(f"{explain} {statement}")).all()

    plan = "\n".join(str(row) for row in told)
    assert "job_queue" in plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan
    assert "Sort Key: job.rank" not in plan
