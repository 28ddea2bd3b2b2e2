"""What is asked of flags is counted, and those to look after say why."""

from typing import Any

import pytest
from sqlalchemy import text

from lumiku_kernel.flags.tally import Tally
from lumiku_kernel.flags.word import Declared, Rule, Word
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.flag_report import stale


def test_what_is_asked_is_counted_and_written_down(store: Store) -> None:
    tally = Tally()
    answers = tally.of({"app.new": True})

    for _ in range(3):
        assert answers["app.new"]
        assert answers.get("app.ghost") is None
    tally.write(store)
    assert answers["app.new"]
    tally.write(store)
    tally.write(store)

    assert uses(store) == {"app.new": 4}


def test_counts_are_kept_until_they_can_be_written(bare: Store, store: Store) -> None:
    tally = Tally()
    tally.count("app.new")
    with store.connection() as connection:
        connection.execute(text("ALTER TABLE flag_use RENAME TO away"))

    with pytest.raises(Exception, match="flag_use"):
        tally.write(bare)
    with store.connection() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO flag_use"))
    tally.write(store)

    assert uses(store) == {"app.new": 1}


def uses(store: Store) -> dict[str, int]:
    with store.read() as session:
        found = session.execute(text("SELECT key, times FROM flag_use"))
        return {row.key: row.times for row in found}


DAY = 86400.0
AT = 20_000 * DAY
USED = {"at": AT}
STALE: list[tuple[Declared | None, Word | None, float, Any, list[str]]] = [
    (Declared("app", False, "release"), None, AT, USED, []),
    (Declared("app", False, "release", "2020-01-31"), None, AT, USED, ["expired"]),
    (Declared("app", False, "release", "2099-01-31"), None, AT, USED, []),
    (Declared("app", False, "release", "soon"), None, AT, USED, ["expired"]),
    (Declared("app", False, "release"), Word(), AT - 31 * DAY, USED, ["settled"]),
    (Declared("app", False, "release"), Word(), AT - 29 * DAY, USED, []),
    (Declared("app", False, "release"), Word(percentage=5), 0, USED, []),
    (
        Declared("app", False, "release"),
        Word(rules=(Rule(value=True, tiers=("pro",)),)),
        0,
        USED,
        [],
    ),
    (Declared("app", False, "operation"), Word(state="off"), 0, None, []),
    (Declared("app", False, "release"), None, AT, None, ["never-evaluated"]),
    (Declared("app", False, "release"), None, AT, {"at": 0}, ["never-evaluated"]),
    (Declared("app", False, "release", lost=True), Word(), AT, USED, ["orphaned"]),
    (None, Word(), AT, None, ["orphaned"]),
    (None, Word(state="archived"), AT, None, []),
]


@pytest.mark.parametrize(("known", "word", "since", "use", "causes"), STALE)
def test_flags_to_look_after_say_why(
    known: Declared | None, word: Word | None, since: float, use: Any, causes: list[str]
) -> None:
    assert stale(known, word, {"at": since}, use, AT) == causes
