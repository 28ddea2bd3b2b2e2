"""What operators had said of flags outlives the table's new shape."""

import pytest
from alembic import command
from sqlalchemy import text

from lumiku_contracts import Viewer
from lumiku_kernel.flags.change import By, undo
from lumiku_kernel.store import Store
from lumiku_kernel.store.migrate import KERNEL, KERNEL_VERSIONS, _config, migrate_kernel
from lumiku_kernel.visibility.watch import take

OLD = (
    "INSERT INTO flag (key, enabled, reason, at) VALUES ('a.enabled', false, 'x', 5.5)",
    "INSERT INTO flag (key, enabled, reason, at) VALUES ('b.enabled', true, 'y', 6)",
    (
        "INSERT INTO audit (at, actor, action, subject, before, after, reason) VALUES "
        "(1, 'usr_o', 'flag.set', 'a.enabled', NULL, '{\"enabled\": true}', 'first')"
    ),
    (
        "INSERT INTO audit (at, actor, action, subject, before, after, reason) VALUES "
        "(2, 'usr_p', 'flag.set', 'a.enabled', '{\"enabled\": true}', "
        "'{\"enabled\": false}', 'x')"
    ),
)


@pytest.fixture
def old(bare: Store) -> Store:
    """A database as the first release left it, with flags set."""
    with bare.connection() as connection:
        command.upgrade(_config(KERNEL, KERNEL_VERSIONS, connection), "0001")
        for statement in OLD:
            connection.execute(text(statement))
    return bare


def test_flags_that_were_set_stay_as_they_were(old: Store) -> None:
    migrate_kernel(old)

    flags = take(old).configuration.flags
    judged = {key: flags.judge(key, Viewer(None)).value for key in flags.words}
    with old.read() as session:
        columns = "SELECT key, version, actor, reason, at FROM flag ORDER BY key"
        rows = session.execute(text(columns)).all()

    assert judged == {"a.enabled": False, "b.enabled": True}
    assert [tuple(row) for row in rows] == [
        ("a.enabled", 1, "usr_p", "x", 5.5),
        ("b.enabled", 1, "", "y", 6.0),
    ]


def test_a_change_that_the_first_release_wrote_can_be_taken_back(old: Store) -> None:
    migrate_kernel(old)

    done = undo(old, "a.enabled", By("usr_o", "back"))

    assert (done.word.state, done.version) == ("on", 2)


def test_a_change_by_hand_still_raises_the_epoch(old: Store) -> None:
    migrate_kernel(old)
    seen = [take(old).configuration.epoch]

    for statement in (
        "UPDATE flag SET state = 'on'",
        "DELETE FROM flag",
    ):
        with old.write() as session:
            session.execute(text(statement))
        seen.append(take(old).configuration.epoch)

    assert seen == sorted(set(seen))
