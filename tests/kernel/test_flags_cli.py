"""`lumiku flags`: what there is, what a change would do, the change, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.command import Said, lumiku
from tests.kernel.flagged import KEY, PLUGIN, SWITCH
from tests.kernel.serving import commanding

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with one app, whose author has declared a flag, and one user."""
    with commanding(tmp_path_factory.mktemp("flags"), {"acme-flags": PLUGIN}) as data:
        assert lumiku("users", "create", "anna@example.com", "--tier", "pro").code == 0
        yield data


def setting(*arguments: str) -> Said:
    return lumiku("flags", "set", *arguments, "--reason", "a test")


def state(key: str) -> str:
    items = lumiku("flags", "list", "--json").json["items"]
    return str(next(one["effective"] for one in items if one["key"] == key))


def test_the_list_names_every_flag_and_what_is_stale() -> None:
    said, whole = lumiku("flags", "list"), lumiku("flags", "list", "--json").json
    stale = lumiku("flags", "list", "--stale", "--json").json

    assert said.code == 0
    assert "expired, never-evaluated" in said.out
    assert {one["key"] for one in whole["items"]} >= {SWITCH, KEY}
    assert [one["key"] for one in stale["items"]] == [KEY]
    assert stale["items"][0]["advice"]


def test_a_flag_is_set_taken_back_and_its_history_kept() -> None:
    said = setting(KEY, "on")

    assert said.code == 0
    assert "version 1: changes no app; turns acme-flags.new on for 1" in said.out
    assert state(KEY) == "on"
    assert lumiku("flags", "undo", KEY, "--reason", "too early").code == 0
    assert state(KEY) == "off"
    history = lumiku("flags", "history", KEY, "--json").json["items"]
    assert [(one["action"], one["reason"]) for one in history] == [
        ("flag.undo", "too early"),
        ("flag.set", "a test"),
    ]


def test_a_preview_says_who_loses_what_and_its_hash_can_be_sent() -> None:
    word = (SWITCH, "on", "--rule", "off tier=pro,enterprise", "--off-for", "usr_x")

    told = lumiku("flags", "preview", *word, "--json").json
    spoken = lumiku("flags", "preview", *word)
    other = setting(SWITCH, "off", "--preview", told["hash"])
    done = setting(*word, "--preview", told["hash"])

    assert told["summary"].startswith("hides 1 app for 1 user;")
    assert told["word"]["rules"] == [{"value": False, "tiers": ["pro", "enterprise"]}]
    assert told["hash"] in spoken.out
    assert (other.code, done.code) == (1, 0)
    assert other.err.startswith("preview-outdated: ")
    assert state(SWITCH) == "some"
    assert lumiku("why", "acme-flags", "--tier", "pro").code == 1
    assert "rule 0" in lumiku("why", "acme-flags", "--tier", "pro").out


@pytest.mark.parametrize(
    "arguments",
    [
        (KEY, "perhaps"),
        (KEY, "on", "--percentage", "101"),
        (KEY, "on", "--rule", "maybe tier=pro"),
        (KEY, "on", "--rule", "on country=fr"),
        (KEY, "on", "--rule", "on tier=gold"),
        (KEY,),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert setting(*arguments).code == 2


def test_what_cannot_be_done_exits_1_and_says_why() -> None:
    ghost = setting("acme-flags.ghost", "on")
    late = setting(KEY, "on", "--if-version", "7")
    undo = lumiku("flags", "undo", KEY, "--reason", "a test")

    assert [one.code for one in (ghost, late, undo)] == [1, 1, 1]
    assert ghost.err.startswith("not-found: ")
    assert late.err.startswith("flag-changed: ")
    assert undo.err.startswith("nothing-to-undo: ")


def test_a_change_needs_a_reason() -> None:
    assert lumiku("flags", "set", KEY, "on").code == 2


def test_a_forced_flag_is_shown_as_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMIKU_FLAGS_FORCED", f"{SWITCH}=off")

    assert state(SWITCH) == "off"
    said = lumiku("why", "acme-flags", "--tier", "pro")
    assert said.code == 1
    assert "LUMIKU_FLAGS_FORCED" in said.out


def test_the_kill_switch_is_a_flag_like_others() -> None:
    lumiku("plugins", "disable", "acme-flags", "--reason", "it burns")

    assert state(SWITCH) == "off"
    assert setting(SWITCH, "on", "--percentage", "100").code == 0
    rows = lumiku("plugins", "list", "--json").json["items"]
    assert {one["id"]: one["on"] for one in rows}["acme-flags"] is True
