"""What a flag is for a viewer: the first that speaks decides, and says so."""

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from tests.kernel.flagged import ROW

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.flags.change import By, change, switch
from lumiku_kernel.flags.evaluate import SOMEBODY, Flags, bucket, evaluate
from lumiku_kernel.flags.word import Declared, Local, Rule, Word, declared
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import flags as flag_table
from lumiku_kernel.visibility.flag_report import report
from lumiku_kernel.visibility.watch import take

ANNA = Viewer("usr_anna", Tier.PRO)
BERT = Viewer("usr_bert", Tier.FREE, "operator")
NOBODY = Viewer(None)
HERE = Local({}, "staging")
PRO_ON = Rule(value=True, tiers=("pro",))
VECTORS = [
    ("", "app.new", "usr_a", 3907),
    ("", "app.new", "usr_b", 4050),
    ("", "app.other", "usr_a", 9818),
    ("again", "app.new", "usr_a", 6518),
    ("", "app.new", "", 4342),
    ("", "app.new", "Zoë 🙂", 5622),
]
"""As in docs/flags.md: salt, flag, unit, bucket."""


def judged(word: Word | None, viewer: Viewer = ANNA, **more: Any) -> tuple[bool, str]:
    found = evaluate("app.new", word, viewer, more.pop("default", False), **more)
    return found.value, found.reason


@pytest.mark.parametrize(("salt", "key", "unit", "place"), VECTORS)
def test_buckets_are_those_published(
    salt: str, key: str, unit: str, place: int
) -> None:
    assert bucket(salt, key, unit) == place


def test_what_the_environment_forces_comes_before_all_else() -> None:
    local = Local({"app.new": False})
    word = Word(targets={"usr_anna": True}, rules=(PRO_ON,))

    assert judged(word, local=local) == (False, "STATIC")
    assert judged(Word(state="off"), local=Local({"app.new": True}))[0] is True


def test_a_flag_that_is_off_runs_no_rules() -> None:
    word = Word(state="off", targets={"usr_anna": True}, rules=(PRO_ON,))

    assert judged(word, default=True) == (False, "DISABLED")


@pytest.mark.parametrize("default", [False, True])
def test_an_archived_flag_is_what_its_author_says(default: bool) -> None:
    word = Word(state="archived", rules=(PRO_ON,), targets={"usr_anna": not default})

    assert judged(word, default=default) == (default, "DISABLED")


def test_a_target_comes_before_the_rules() -> None:
    word = Word(targets={"usr_anna": False}, rules=(PRO_ON,))

    assert judged(word) == (False, "TARGETING_MATCH")
    assert evaluate("app.new", word, ANNA, False).rule is None


RULES = [
    ({"users": ("usr_anna",)}, ANNA, True),
    ({"users": ("usr_bert",)}, ANNA, False),
    ({"tiers": ("pro", "enterprise")}, ANNA, True),
    ({"tiers": ("free",)}, ANNA, False),
    ({"tiers": ("free",)}, NOBODY, False),
    ({"roles": ("operator",)}, BERT, True),
    ({"roles": ("user",)}, NOBODY, False),
    ({"environments": ("staging",)}, ANNA, True),
    ({"environments": ("production",)}, ANNA, False),
    ({"tiers": ("pro",), "environments": ("production",)}, ANNA, False),
    ({}, NOBODY, True),
]


@pytest.mark.parametrize(("conditions", "viewer", "met"), RULES)
def test_a_rule_speaks_of_those_who_meet_all_its_conditions(
    conditions: dict[str, Any], viewer: Viewer, met: bool
) -> None:
    word = Word(rules=(Rule(value=True, **conditions),), percentage=None)

    expected = (True, "TARGETING_MATCH") if met else (False, "DEFAULT")
    assert judged(word, viewer, local=HERE) == expected


def test_the_first_rule_that_matches_decides_and_is_named() -> None:
    rules = (Rule(value=True, tiers=("free",)), Rule(value=False, tiers=("pro",)))
    word = Word(rules=(*rules, Rule(value=True)))

    found = evaluate("app.new", word, ANNA, True)

    assert (found.value, found.rule) == (False, 1)


def test_a_viewer_without_an_id_gets_the_default_and_never_a_lot() -> None:
    word = Word(percentage=50)

    for viewer in (NOBODY, Viewer(SOMEBODY, Tier.PRO)):
        for default in (False, True):
            found = judged(word, viewer, default=default)
            assert found == (default, "TARGETING_KEY_MISSING")


@pytest.mark.parametrize(("percentage", "value"), [(0, False), (100, True)])
def test_none_and_all_of_them_need_no_id(percentage: float, value: bool) -> None:
    assert judged(Word(percentage=percentage), NOBODY) == (value, "SPLIT")


@given(unit=st.text(min_size=1), low=st.floats(0, 100), high=st.floats(0, 100))
def test_who_is_in_stays_in_when_more_are_let_in(
    unit: str, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    viewer = Viewer(unit)

    assert judged(Word(percentage=low), viewer) <= judged(Word(percentage=high), viewer)


def test_a_fifth_is_about_a_fifth() -> None:
    word = Word(percentage=20)

    inside = sum(judged(word, Viewer(f"usr_{n}"))[0] for n in range(5000))

    assert 900 < inside < 1100


def test_another_salt_draws_lots_anew() -> None:
    viewers = [Viewer(f"usr_{n}") for n in range(200)]
    first, second = Word(percentage=50), Word(percentage=50, salt="again")

    assert [judged(first, one) for one in viewers] != [
        judged(second, one) for one in viewers
    ]


def test_an_unknown_flag_is_not_off() -> None:
    flags = Flags()

    assert flags.judge("app.ghost", ANNA, True).value is True
    assert flags.judge("app.ghost", ANNA).reason == "FLAG_NOT_FOUND"
    assert "app.ghost" not in flags.of(ANNA)


def test_every_plugin_has_a_switch_that_is_on() -> None:
    known = declared([("app", {"flags": [{"key": "new"}]}, False)])
    flags = Flags(declared=known)

    assert dict(flags.of(NOBODY)) == {"app.enabled": True, "app.new": False}


WORDS = st.builds(
    Word,
    state=st.sampled_from(["on", "off", "archived"]),
    targets=st.dictionaries(st.sampled_from(["usr_anna", "usr_x"]), st.booleans()),
    rules=st.lists(
        st.builds(
            Rule,
            value=st.booleans(),
            tiers=st.sets(st.sampled_from(["free", "pro"])).map(tuple),
            environments=st.sets(st.sampled_from(["staging", "else"])).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    percentage=st.sampled_from([None, 0, 30, 100]),
)
VIEWERS = st.sampled_from([ANNA, BERT, NOBODY, Viewer("usr_x"), Viewer(SOMEBODY)])


@given(word=WORDS, viewer=VIEWERS, default=st.booleans(), forced=st.booleans())
def test_no_viewer_gets_what_is_not_among_the_outcomes(
    word: Word, viewer: Viewer, default: bool, forced: bool
) -> None:
    known = {"app.new": Declared("app", default, "release")}
    local = Local({"app.new": True} if forced else {}, "staging")
    flags = Flags({"app.new": word}, known, local=local)

    assert flags.judge("app.new", viewer).value in flags.outcomes("app.new")


def test_what_a_job_keeps_is_its_own_and_what_is_set_of_others() -> None:
    plugins = [(one, {"flags": [{"key": "new"}]}, False) for one in ("a", "b", "c")]
    flags = Flags({"b.new": Word()}, declared(plugins), local=Local({"c.new": True}))

    assert flags.kept("a", ANNA) == {
        "a.enabled": True,
        "a.new": False,
        "b.new": True,
        "c.new": True,
    }


def test_a_word_that_cannot_be_read_leaves_the_default(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {**ROW, "key": "app.new", "rules": [{"value": "perhaps"}]}
    with store.write() as session:
        session.execute(insert(flag_table).values(**broken))

    with caplog.at_level(logging.ERROR):
        flags = take(store).configuration.flags

    assert "app.new cannot be read" in caplog.text
    found = flags.judge("app.new", ANNA, True)
    assert (found.value, found.reason) == (True, "PARSE_ERROR")
    with store.read() as session:
        (row,) = report(session, flags)
    assert "unreadable" in row["stale"]


def test_switching_keeps_what_else_was_said(store: Store) -> None:
    word = Word(rules=(PRO_ON,), percentage=0)
    change(store, "app.enabled", word, By("usr_o", "pro only"))

    switch(store, "app.enabled", on=False, actor="cli", reason="it burns")
    off = take(store).configuration.flags.judge("app.enabled", ANNA)
    switch(store, "app.enabled", on=True, actor="cli", reason="put out")
    on = take(store).configuration.flags.words["app.enabled"]

    assert (off.value, off.reason) == (False, "DISABLED")
    assert on == word


def test_forced_flags_are_read_from_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LUMIKU_FLAGS_FORCED", "app.new=on, app.enabled=off,")

    assert Local.of(Settings()).forced == {"app.new": True, "app.enabled": False}


@pytest.mark.parametrize("said", ["app.new", "app.new=maybe", "=on"])
def test_a_forced_flag_that_is_neither_on_nor_off_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="neither KEY=on nor KEY=off"):
        Settings(flags_forced=said)
