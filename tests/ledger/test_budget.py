"""A key spends no more in a day than its budget, and on its own models alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.jobs.room import Room

from lumiku_contracts import Refused, Viewer
from lumiku_kernel.accounts.keys import create_key, find, revoke_key, rotate_key
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.jobs.funding import Payer
from lumiku_kernel.jobs.submit import retry
from lumiku_kernel.ledger.budget import spent_since, spent_today


def key(
    room: Room,
    viewer: Viewer,
    budget: int | None = None,
    models: Sequence[str] | None = None,
) -> Payer:
    """A key of the viewer, as it pays."""
    with room.store.write() as session:
        ident, _ = create_key(
            session, viewer.id or "", "test", budget_per_day=budget, models=models
        )
    return Payer(ident)


def spent(room: Room, payer: Payer) -> int:
    assert payer.key_id is not None
    with room.store.read() as session:
        return spent_today(session, [payer.key_id])[payer.key_id]


def ask(room: Room, viewer: Viewer, payer: Payer, items: int = 1) -> str:
    return room.accept(viewer, room.quote(items=items), payer=payer).job_id


def test_a_key_spends_its_budget_and_not_a_credit_more(room: Room) -> None:
    viewer = room.viewer(100)
    each = room.quote(items=1).price
    program = key(room, viewer, budget=each * 3)

    for _ in range(3):
        ask(room, viewer, program)
    before = room.rows()
    with pytest.raises(Refused) as told:
        ask(room, viewer, program)

    assert (told.value.code, told.value.status) == ("key-budget", 402)
    assert told.value.extra["left"] == 0  # type: ignore[attr-defined]
    assert told.value.extra["renews_at"].endswith("T00:00:00.000Z")  # type: ignore[attr-defined]
    assert room.rows() == before
    assert spent(room, program) == each * 3
    assert room.credits(viewer) == (100 - each * 3, each * 3)
    assert not room.broken()


def test_what_is_left_is_named_with_the_refusal(room: Room) -> None:
    viewer = room.viewer(100)
    each = room.quote(items=1).price
    program = key(room, viewer, budget=each * 3)
    ask(room, viewer, program, items=2)

    with pytest.raises(Refused) as told:
        ask(room, viewer, program, items=2)

    assert told.value.extra["left"] == each  # type: ignore[attr-defined]


def test_other_keys_and_the_viewer_go_on(room: Room) -> None:
    viewer = room.viewer(100)
    poor, rich = key(room, viewer, budget=0), key(room, viewer)

    with pytest.raises(Refused, match="may spend 0 more"):
        ask(room, viewer, poor)
    mine = [ask(room, viewer, rich), room.submit(viewer)]

    assert [room.job(one)["key_id"] for one in mine] == [rich.key_id, None]
    assert spent(room, poor) == 0
    assert spent(room, rich) == room.job(mine[0])["price"]


def test_what_comes_back_can_be_spent_again_the_same_day(room: Room) -> None:
    viewer = room.viewer(100)
    each = room.quote(items=1).price
    program = key(room, viewer, budget=each * 2)
    job_id = ask(room, viewer, program, items=2)
    job = room.claim()
    with room.store.write() as session:
        finish.item_done(session, job, 0, [], None)
        finish.item_failed(session, job, 1, "broken", "broken")
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))

    assert spent(room, program) == each
    waiting = ask(room, viewer, program)
    with pytest.raises(Refused):
        ask(room, viewer, program)
    cancel(room.store, waiting, viewer.id)

    assert spent(room, program) == each
    retry(room.store, job_id, viewer.id, deadline_seconds=60, payer=program)
    assert spent(room, program) == each * 2
    assert not room.broken()


def test_a_new_day_has_a_new_budget(room: Room) -> None:
    viewer = room.viewer(100)
    program = key(room, viewer)
    ask(room, viewer, program)
    ident = program.key_id or ""

    with room.store.read() as session:
        later = spent_since(session, [ident], room.store.now() + 1)

    assert later == {ident: 0}


def test_a_rotated_key_goes_on_with_the_budget_of_before(room: Room) -> None:
    viewer = room.viewer(100)
    each = room.quote(items=1).price
    program = key(room, viewer, budget=each * 3)
    ask(room, viewer, program)
    fresh = program
    for _ in range(2):
        with room.store.write() as session:
            old = find(session, viewer.id or "", fresh.key_id or "")
            fresh = Payer(rotate_key(session, old, overlap=60)[0])
        ask(room, viewer, fresh)

    for one in (program, fresh):
        assert spent(room, one) == each * 3
        with pytest.raises(Refused) as told:
            ask(room, viewer, one)
        assert told.value.code == "key-budget"
    with room.store.write() as session:
        revoke_key(session, viewer.id or "", program.key_id or "")
    with pytest.raises(Refused):
        ask(room, viewer, fresh)
    assert spent(room, key(room, viewer, budget=1)) == 0


def test_a_model_off_the_list_is_refused(room: Room) -> None:
    viewer = room.viewer(100)
    program = key(room, viewer, models=["trial:dear"])
    before = room.rows()

    with pytest.raises(Refused) as told:
        ask(room, viewer, program)
    dear = room.accept(viewer, room.quote(model="dear", items=1), payer=program)

    assert (told.value.code, told.value.status) == ("key-model", 403)
    assert room.job(dear.job_id)["model"] == "trial:dear"
    assert room.rows()["job"] == before["job"] + 1


def test_a_key_for_a_model_that_is_not_there_is_not_made(room: Room) -> None:
    viewer = room.viewer(0)

    with pytest.raises(Refused, match="no model “trial:gone”"):
        key(room, viewer, models=["trial:dear", "trial:gone"])


@pytest.mark.parametrize("times", range(3))
def test_many_at_once_at_the_edge_of_a_budget_never_pass_it(
    room: Room, times: int
) -> None:
    del times
    viewer = room.viewer(1000)
    each = room.quote(items=1).price
    program = key(room, viewer, budget=each * 3)
    start = Barrier(8)

    def try_it(_: int) -> str:
        start.wait()
        try:
            return ask(room, viewer, program)
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(try_it, range(8)))

    assert told.count("key-budget") == 5
    assert spent(room, program) == each * 3
    assert not room.broken()
