"""Webhooks are told once it is true, signed, at least once, and never in the way."""

from collections.abc import Iterator
from typing import Any, Self

import pytest
from sqlalchemy import select, update
from tests.faults.house import until
from tests.jobs.receiver import (
    Receiver,
    answering,
    dripping,
    endless,
    hanging,
    receiving,
)
from tests.jobs.room import Room

from lumiku_contracts import Viewer
from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import courier, deliveries, finish, signing, webhooks
from lumiku_kernel.jobs.courier import Courier
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import deliveries as delivery_table
from lumiku_kernel.store.tables import webhooks as webhook_table

ENDS = ["job.succeeded", "job.failed"]
DAY = 86_400.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long in tests."""
    monkeypatch.setattr(courier, "SECONDS", 1.0)
    monkeypatch.setattr(courier, "EVERY", 0.02)
    monkeypatch.setattr(deliveries, "SHORTEST_REST", 600.0)
    monkeypatch.setattr(deliveries, "LONGEST_REST", 600.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes everything."""
    with receiving() as made:
        yield made


class Post:
    """What a room's tests do with webhooks."""

    def __init__(self, room: Room, *receivers: Receiver) -> None:
        near = ",".join(one.near for one in receivers)
        self.room = room
        self.settings = room.settings.model_copy(update={"outbound_private": near})
        self.courier = Courier(self.settings, room.store)
        self.courier.start()

    def __enter__(self) -> Self:
        """Running."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send no more."""
        self.courier.stop()

    def hook(
        self, viewer: Viewer, url: str, events: list[str] | None = None
    ) -> tuple[str, str]:
        """A webhook's id and secret."""
        key = pepper(self.settings)
        salt = signing.new_salt(key)
        with self.room.store.write() as session:
            ident = webhooks.create(session, viewer.id or "", url, events or ENDS, salt)
        return ident, signing.secret_of(key, salt)

    def row(self, ident: str) -> dict[str, Any]:
        """A webhook's row."""
        mine = select(webhook_table).where(webhook_table.c.id == ident)
        with self.room.store.read() as session:
            return dict(session.execute(mine).mappings().one())

    def told(self, ident: str) -> list[dict[str, Any]]:
        """A webhook's messages, oldest first."""
        with self.room.store.read() as session:
            return deliveries.listed(session, ident, limit=100)[::-1]

    def now_due(self, ident: str, *, failing_for: float = 0.0) -> None:
        """Let the time until the next try be over."""
        hook = update(webhook_table).where(webhook_table.c.id == ident)
        mine = delivery_table.c.webhook_id == ident
        due = update(delivery_table).where(mine, delivery_table.c.state == "due")
        with self.room.store.write() as session:
            session.execute(hook.values(resting_until=None))
            if failing_for:
                session.execute(hook.values(failing_since=now() - failing_for))
            session.execute(due.values(due_at=now()))


def end_one(room: Room, viewer: Viewer) -> str:
    """A job that has failed."""
    job_id = room.submit(viewer)
    job = room.claim()
    with room.store.write() as session:
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
    return job_id


def test_the_end_of_a_job_is_told_and_signed(room: Room, receiver: Receiver) -> None:
    viewer = room.viewer()
    with Post(room, receiver) as post:
        ident, secret = post.hook(viewer, receiver.url)
        job_id = end_one(room, viewer)
        until(lambda: post.told(ident)[0]["state"] == "sent", "it is sent")

    (one,) = receiver.received
    last = room.events(job_id)[-1]
    assert one.is_signed(secret)
    assert one.id == f"msg_{job_id.removeprefix('job_')}_{last['seq']}"
    assert one.message["type"] == "job.failed"
    assert one.message["data"]["id"] == job_id
    assert one.message["data"]["state"] == "failed"
    assert set(one.message) == {"type", "timestamp", "data"}


def test_a_message_tampered_with_or_old_is_no_good(
    room: Room, receiver: Receiver
) -> None:
    viewer = room.viewer()
    with Post(room, receiver) as post:
        _, secret = post.hook(viewer, receiver.url)
        end_one(room, viewer)
        until(lambda: receiver.received, "it comes")

    (one,) = receiver.received
    other = type(one)(one.headers, one.body.replace(b"failed", b"partly"))
    renamed = type(one)({**one.headers, "webhook-id": "msg_other"}, one.body)
    assert not other.is_signed(secret)
    assert not renamed.is_signed(secret)
    assert not one.is_signed("whsec_" + "A" * 43 + "=")
    assert not one.is_signed(secret, at=int(one.headers["webhook-timestamp"]) + 301)


def test_the_reference_example_of_the_specification_is_signed_alike() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 (theirs)
    body = b'{"test": 2432232314}'

    signed = signing.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_written_with_the_event_or_not_at_all(room: Room) -> None:
    viewer = room.viewer()
    post = Post(room)
    post.courier.stop()
    ident, _ = post.hook(viewer, "https://example.org/hook")
    job_id = room.submit(viewer)
    job = room.claim()

    with room.store.write() as session:
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
        session.rollback()

    assert post.told(ident) == []
    with room.store.write() as session:
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))
    assert [one["type"] for one in post.told(ident)] == ["job.failed"]


def test_only_the_owner_is_told_and_only_of_what_they_want(
    room: Room, receiver: Receiver
) -> None:
    viewer, other = room.viewer(), room.viewer()
    with Post(room, receiver) as post:
        mine, _ = post.hook(viewer, receiver.url, ["job.succeeded"])
        theirs, _ = post.hook(other, receiver.url)
        end_one(room, viewer)

        assert (post.told(mine), post.told(theirs)) == ([], [])


def test_for_a_day_both_secrets_sign(room: Room, receiver: Receiver) -> None:
    viewer = room.viewer()
    with Post(room, receiver) as post:
        ident, before = post.hook(viewer, receiver.url)
        key = pepper(post.settings)
        salt = signing.new_salt(key)
        with room.store.write() as session:
            webhooks.rotate(session, ident, salt)
        end_one(room, viewer)
        until(lambda: len(receiver.received) == 1, "the first comes")
        over = update(webhook_table).values(previous_until=now() - 1)
        with room.store.write() as session:
            session.execute(over)
        end_one(room, viewer)
        until(lambda: len(receiver.received) == 2, "the second comes")

    after = signing.secret_of(key, salt)
    first, second = receiver.received
    assert first.is_signed(before)
    assert first.is_signed(after)
    assert second.is_signed(after)
    assert not second.is_signed(before)


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


def test_no_address_near_us_is_reached(room: Room, receiver: Receiver) -> None:
    viewer = room.viewer()
    with Post(room) as post:
        ident, _ = post.hook(viewer, receiver.url)
        end_one(room, viewer)
        until(lambda: post.told(ident)[0]["tries"] == 1, "it was tried")

        assert post.told(ident)[0]["detail"] == "address-refused"
        assert receiver.received == []


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


def test_a_database_alone_does_not_give_the_secret(room: Room) -> None:
    post = Post(room)
    post.courier.stop()
    ident, secret = post.hook(room.viewer(), "https://example.org/hook")
    kept = post.row(ident)["secret"]

    with pytest.raises(Problem) as caught:
        signing.secret_of((b"another key",), kept)

    assert caught.value.code == "secret-key-changed"
    assert secret.removeprefix("whsec_") not in kept
    assert (room.settings.data_dir / "secret.key").stat().st_mode & 0o077 == 0
