"""A webhook that fails is asked again, delays nobody, and is given up in the end."""

from typing import Any

import pytest
from tests.faults.house import until
from tests.jobs.post import Post, end_one
from tests.jobs.receiver import (
    Receiver,
    answering,
    dripping,
    endless,
    hanging,
    receiving,
)
from tests.jobs.room import Room

from lumiku_kernel.jobs import courier, deliveries, webhooks

DAY = 86_400.0
pytestmark = pytest.mark.usefixtures("impatient")


@pytest.mark.parametrize(
    ("behave", "status", "detail"),
    [
        (answering(500), 500, "HTTP 500"),
        (hanging, None, "ReadTimeout"),
        (dripping, None, "ReadTimeout"),
        (answering(302, Location="http://127.0.0.1:1/"), 302, "HTTP 302"),
    ],
    ids=["500", "hangs", "drips", "redirects"],
)
def test_a_bad_receiver_is_asked_again_and_delays_nobody(
    room: Room, receiver: Receiver, behave: Any, status: int | None, detail: str
) -> None:
    viewer = room.viewer()
    with receiving(behave) as bad, Post(room, receiver, bad) as post:
        worse, _ = post.hook(viewer, bad.url)
        well, _ = post.hook(viewer, receiver.url)
        for _ in range(3):
            end_one(room, viewer)
        until(lambda: len(receiver.received) == 3, "the good one hears all")
        until(lambda: post.told(worse)[0]["tries"] == 1, "the bad one was tried")
        first = post.told(worse)[0]

        assert (first["state"], first["status"], first["detail"]) == (
            *("due", status),
            detail,
        )
        assert bad.most_open == 1
        assert [one["tries"] for one in post.told(worse)] == [1, 0, 0]
        assert post.row(worse)["failing_since"] is not None
        assert post.row(well)["failing_since"] is None
        bad.behave = answering(200)
        post.now_due(worse)
        until(
            lambda: {one["state"] for one in post.told(worse)} == {"sent"},
            "all is told once it is well again",
        )
        assert len(set(bad.ids)) == 3


def test_an_answer_that_never_ends_is_not_read(room: Room) -> None:
    viewer = room.viewer()
    with receiving(endless) as bad, Post(room, bad) as post:
        ident, _ = post.hook(viewer, bad.url)
        end_one(room, viewer)
        until(lambda: post.told(ident)[0]["state"] == "sent", "it is sent")


def test_eight_tries_over_a_day_then_it_is_given_up(room: Room) -> None:
    viewer = room.viewer()
    with receiving(answering(500)) as bad, Post(room, bad) as post:
        ident, _ = post.hook(viewer, bad.url)
        end_one(room, viewer)
        for tries in range(1, 9):
            until(lambda: len(bad.received) >= tries, f"try {tries}")  # noqa: B023 (at once)
            until(lambda: post.told(ident)[0]["tries"] >= tries, "it is noted")  # noqa: B023
            post.now_due(ident)

        (one,) = post.told(ident)
        assert (one["state"], one["tries"], one["status"]) == ("failed", 8, 500)
        assert len(bad.received) == 8
        assert len(set(bad.ids)) == 1
        assert post.row(ident)["disabled_at"] is None
    assert sum(deliveries.WAITS) == pytest.approx(DAY, rel=0.05)


def test_410_switches_a_webhook_off(room: Room) -> None:
    viewer = room.viewer()
    still = Post(room)
    still.courier.stop()
    with receiving(answering(410)) as bad:
        ident, _ = still.hook(viewer, bad.url)
        end_one(room, viewer)
        end_one(room, viewer)
        with Post(room, bad) as post:
            until(lambda: post.row(ident)["disabled_at"], "it is off")
        end_one(room, viewer)

        assert [one["state"] for one in post.told(ident)] == ["failed", "failed"]
        assert len(bad.received) == 1
        assert "410" in post.row(ident)["detail"]


def test_five_days_of_failure_switch_a_webhook_off_and_enabling_begins_anew(
    room: Room,
) -> None:
    viewer = room.viewer()
    with receiving(answering(500)) as bad, Post(room, bad) as post:
        ident, _ = post.hook(viewer, bad.url)
        end_one(room, viewer)
        until(lambda: post.told(ident)[0]["tries"] == 1, "it was tried")
        post.now_due(ident, failing_for=5.1 * DAY)
        until(lambda: post.row(ident)["disabled_at"], "it is off")
        assert "five days" in post.row(ident)["detail"]

        bad.behave = answering(200)
        with room.store.write() as session:
            webhooks.change(session, ident, enabled=True)
        end_one(room, viewer)
        until(lambda: post.told(ident)[1]["state"] == "sent", "the next one is sent")
        assert post.row(ident)["failing_since"] is None


def test_couriers_at_once_send_each_message_once(
    room: Room, receiver: Receiver
) -> None:
    viewer = room.viewer()
    with Post(room, receiver) as one, Post(room, receiver):
        ident, _ = one.hook(viewer, receiver.url)
        for _ in range(10):
            end_one(room, viewer)
        until(
            lambda: [d["state"] for d in one.told(ident)] == ["sent"] * 10,
            "all are sent",
        )

    assert len(receiver.ids) == len(set(receiver.ids)) == 10
    assert receiver.most_open == 1


def test_a_message_whose_sender_has_died_is_sent_again_under_its_name(
    room: Room, receiver: Receiver
) -> None:
    viewer = room.viewer()
    post = Post(room, receiver)
    post.courier.stop()
    ident, _ = post.hook(viewer, receiver.url)
    end_one(room, viewer)
    with room.store.write() as session:
        dead = deliveries.claim(session, failing=True)
    assert dead is not None
    assert courier.send(post.settings, dead)[0] == 204
    with room.store.write() as session:
        assert deliveries.claim(session, failing=True) is None

    post.now_due(ident)
    with Post(room, receiver):
        until(lambda: post.told(ident)[0]["state"] == "sent", "it is sent")
    with room.store.write() as session:
        deliveries.record(session, dead, 500, "late")  # had it only been slow

    assert receiver.ids == [dead.once, dead.once]
    assert post.told(ident)[0]["state"] == "sent"
