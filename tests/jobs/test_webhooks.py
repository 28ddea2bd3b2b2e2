"""Webhooks are told once it is true, whom it concerns, and signed."""

import pytest
from sqlalchemy import update
from tests.faults.house import until
from tests.jobs.post import Post, end_one
from tests.jobs.receiver import Receiver
from tests.jobs.room import Room

from lumiku_kernel.accounts.pepper import pepper
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs import finish, signing, webhooks
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import webhooks as webhook_table

pytestmark = pytest.mark.usefixtures("impatient")


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


def test_no_address_near_us_is_reached(room: Room, receiver: Receiver) -> None:
    viewer = room.viewer()
    with Post(room) as post:
        ident, _ = post.hook(viewer, receiver.url)
        end_one(room, viewer)
        until(lambda: post.told(ident)[0]["tries"] == 1, "it was tried")

        assert post.told(ident)[0]["detail"] == "address-refused"
        assert receiver.received == []


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
