"""A model that fails is left alone for a while, and its jobs wait without harm."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from tests.jobs.room import Room
from tests.jobs.scripted import failing, supervisor, well

from lumiku_kernel.jobs import circuit, sweep
from lumiku_kernel.jobs.calls import asks_again, called, provider_row
from lumiku_kernel.jobs.circuit import (
    RETRY_LEAST,
    RETRY_SHARE,
    RETRY_WINDOW,
    Circuit,
    Heard,
    heard,
    may_retry,
    one_more,
    probing,
)
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import circuits

HEARD = st.sampled_from(["ok", "failed", "timeout", "key"])
STEPS = st.lists(
    st.tuples(
        HEARD | st.just("take"),
        st.sampled_from(["job_a", "job_b"]),
        st.floats(0, 40),
        st.floats(0, 1),
    ),
    max_size=80,
)


def hear(one: Circuit, came: Heard, at: float, job: str = "job_a") -> Circuit:
    """A call has come to this."""
    return heard(one, came, job=job, at=at, detail="said", luck=0.5)


def after(*said: tuple[int, Heard]) -> Circuit:
    """A fresh circuit that has heard all this, each so often, in one moment."""
    one = Circuit(0.0)
    for times, came in said:
        for _ in range(times):
            one = hear(one, came, 0.0)
    return one


@given(STEPS)
def test_it_opens_for_a_reason_and_closes_by_a_probe_only(
    steps: list[tuple[Any, str, float, float]],
) -> None:
    one, at = Circuit(0.0), 0.0
    for came, job, later, luck in steps:
        before, at = one, at + later
        if came == "take":
            one = probing(before, job, at)
            assert one == before or (one.state, one.probe) == ("half_open", job)
            assert not before.shut(at) or one == before
            continue
        one = heard(before, came, job=job, at=at, detail="", luck=luck)
        if one.state == "open" and before.state != "open":
            assert came != "ok"
            assert 23.9 < (one.open_until or 0) - at < 36.1
        if before.state == "open":
            assert one == before
        if before.state == "half_open" and one.state == "closed":
            assert (came, job) == ("ok", before.probe)
        if before.state == "half_open" and job != before.probe:
            assert one == before
        assert one.failed <= one.calls
        assert one.state != "closed" or one.timeouts < circuit.TIMEOUTS


@given(st.lists(st.sampled_from(["ok", "failed"]), max_size=60))
def test_it_opens_at_half_of_twenty_calls_and_no_sooner(said: list[Heard]) -> None:
    one = Circuit(0.0)
    for count, came in enumerate(said, 1):
        one = hear(one, came, 1.0)
        failed = said[:count].count("failed")
        due = came == "failed" and count >= 20 and failed * 2 >= count
        assert (one.state == "open") == due
        if due:
            break


def test_five_timeouts_in_a_row_open_it_and_four_do_not() -> None:
    assert after((5, "timeout")).state == "open"
    assert after((4, "timeout"), (1, "ok"), (4, "timeout")).state == "closed"


def test_our_own_key_refused_opens_it_at_once_and_says_so() -> None:
    one = after((1, "key"))

    assert (one.state, one.detail) == ("open", "said")


def test_failures_of_an_earlier_window_are_forgotten() -> None:
    one = after((19, "failed"))

    assert hear(one, "failed", 31.0).state == "closed"
    assert hear(one, "failed", 29.0).state == "open"


def state_of(room: Room, model: str = "trial:plain") -> dict[str, Any] | None:
    """A model's circuit as stored."""
    with room.store.read() as session:
        row = session.execute(select(circuits).where(circuits.c.name == model))
        found = row.mappings().first()
    return dict(found) if found else None


def lapse(room: Room) -> None:
    """Let the time of every open circuit be over."""
    with room.store.write() as session:
        session.execute(update(circuits).values(open_until=now() - 1))


def trip(room: Room) -> None:
    """Have the plain model's circuit opened by a refused key."""
    said = {"id": "job_x", "model": "trial:plain", "provider": "nobodys"}
    called(room.store, said, "key", "No key.")


def test_a_model_that_works_costs_no_writing(room: Room) -> None:
    room.submit(room.viewer(), items=2)
    boss, _ = supervisor(room, well)

    boss.run(room.claim())

    assert state_of(room) is None


def test_a_failing_model_is_left_alone_and_its_jobs_use_no_attempt(room: Room) -> None:
    viewer = room.viewer()
    mine = [room.submit(viewer) for _ in range(3)]
    gift = room.accept(viewer, room.quote(model="gift")).job_id
    boss, stable = supervisor(room, failing("transient", cause="key"))

    boss.run(room.claim())

    assert (state_of(room) or {})["state"] == "open"
    assert [room.job(one)["attempt"] for one in mine] == [0, 0, 0]
    assert room.claim()["id"] == gift
    assert room.try_claim() is None
    assert len(stable.orders) == 1
    assert not room.broken()


def test_one_probe_alone_tries_it_again_and_closes_it(room: Room) -> None:
    viewer = room.viewer()
    for _ in range(3):
        room.submit(viewer)
    trip(room)
    lapse(room)
    boss, _ = supervisor(room, well)

    probe, other = room.claim(), room.try_claim()
    boss.run(probe)

    assert other is None
    assert (state_of(room) or {})["state"] == "closed"
    assert room.try_claim() is not None


def test_a_probe_that_fails_opens_it_again(room: Room) -> None:
    job_id = room.submit(room.viewer())
    trip(room)
    lapse(room)
    boss, _ = supervisor(room, failing("transient"))

    boss.run(room.claim())

    assert (state_of(room) or {})["state"] == "open"
    assert (room.job(job_id)["state"], room.job(job_id)["attempt"]) == ("queued", 0)


def test_a_probe_that_dies_makes_room_for_another(room: Room) -> None:
    viewer = room.viewer()
    first, second = room.submit(viewer), room.submit(viewer)
    trip(room)
    lapse(room)
    probe = room.claim()
    room.lapse(probe["id"])
    sweep.sweep(room.store)

    again = room.claim("prc_two")

    assert again["id"] in (first, second)
    assert (state_of(room) or {})["probe"] == again["id"]


def test_a_job_held_back_to_its_deadline_costs_nothing(room: Room) -> None:
    viewer = room.viewer(5)
    job_id = room.submit(viewer)
    trip(room)
    room.change(job_id, deadline_at=now() - 1)

    sweep.sweep(room.store)

    assert room.job(job_id)["state"] == "expired"
    assert room.credits(viewer) == (5, 0)


@pytest.mark.parametrize("count", [4, 5])
def test_items_that_time_out_count_as_timeouts(room: Room, count: int) -> None:
    for _ in range(count):
        said = {"id": "job_x", "model": "trial:plain", "provider": "nobodys"}
        called(room.store, said, "timeout", "Late.")

    found = state_of(room) or {}
    assert (found["timeouts"], found["state"] == "open") == (count, count == 5)


def test_an_answer_that_is_no_success_is_still_an_answer(room: Room) -> None:
    room.submit(room.viewer())
    trip(room)
    lapse(room)
    boss, _ = supervisor(room, failing("permanent"))

    boss.run(room.claim())

    assert (state_of(room) or {})["state"] == "closed"


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 20)), max_size=200))
def test_retries_are_a_share_of_the_calls_of_their_window(
    steps: list[tuple[bool, float]],
) -> None:
    budget, at = Circuit(0.0), 0.0
    for again, later in steps:
        at += later
        before = budget if budget.counting(at) else Circuit(at)
        if not again:
            budget = one_more(budget, at)
            assert budget.calls == before.calls + 1
            continue
        after = may_retry(budget, at)
        refused = before.retries >= max(RETRY_LEAST, RETRY_SHARE * before.calls)
        assert (after is None) == refused
        budget = after or budget
        assert budget.retries <= max(RETRY_LEAST, RETRY_SHARE * budget.calls + 1)


def test_the_call_that_is_one_retry_too_many_fails_at_once_and_is_free(
    room: Room,
) -> None:
    viewer = room.viewer(100)
    spent, late = room.submit(viewer), room.submit(viewer)
    boss, _ = supervisor(room, failing("transient"))
    first = room.claim()
    for _ in range(RETRY_LEAST - 1):
        assert asks_again(room.store, first)

    boss.run(first)
    boss.run(room.claim())

    assert room.job(spent)["state"] == "retry_wait"
    ended = room.job(late)
    assert (ended["state"], ended["error_code"]) == ("failed", "retry-budget")
    assert (ended["settled"], ended["released"]) == (0, ended["price"])
    assert not room.broken()

    over = circuits.c.name == provider_row(first)
    with room.store.write() as session:
        past = now() - RETRY_WINDOW - 1
        session.execute(update(circuits).where(over).values(window_at=past))
    assert asks_again(room.store, first)


def test_calls_are_counted_once_their_provider_has_failed(room: Room) -> None:
    viewer = room.viewer(100)
    for _ in range(3):
        room.submit(viewer)
    works, _ = supervisor(room, well)
    fails, _ = supervisor(room, failing("permanent"))
    breaks, _ = supervisor(room, failing("transient"))
    job = room.claim()

    works.run(job)
    assert state_of(room, provider_row(job)) is None
    breaks.run(room.claim())
    fails.run(room.claim())

    found = state_of(room, provider_row(job)) or {}
    assert (found["calls"], found["retries"], found["state"]) == (2, 1, "closed")
