"""A verdict that becomes another is written down with its cause, and told."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from tests.kernel.chronicled import APP, WHO, look
from tests.kernel.shop import Shop, good

from lumiku_contracts import Tier
from lumiku_kernel.catalogue.models import reconcile
from lumiku_kernel.catalogue.overrides import override
from lumiku_kernel.flags.change import switch
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.prepare import record
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import models, transitions
from lumiku_kernel.visibility import chronicle as chronicles
from lumiku_kernel.visibility.chronicle import Chronicle, as_of, history
from lumiku_kernel.visibility.watch import take


def noted(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["tier"], row["after"], " ".join(row["codes"])) for row in rows]


def test_what_is_first_seen_is_written_and_told_to_nobody(stocked: Store) -> None:
    rows = Chronicle(stocked, tells=True).note(look(stocked))

    assert noted(rows) == [(tier.word, "visible", "") for tier in Tier]
    assert {row["before"] for row in rows} == {None}
    assert {row["told"] for row in rows} == {None}


def test_what_stays_as_it_was_is_not_written_again(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))

    assert chronicle.note(look(stocked, workers=2)) == []
    assert Chronicle(stocked).note(look(stocked)) == []


def test_models_deleted_by_hand_are_the_cause(stocked: Store) -> None:
    chronicle = Chronicle(stocked, tells=True)
    chronicle.note(look(stocked))
    with stocked.write() as session:
        session.execute(delete(models))

    rows = chronicle.note(look(stocked))
    reconcile(stocked, [(APP, "1.0")])
    back = chronicle.note(look(stocked))

    assert noted(rows) == [(tier.word, "hidden", "NO_MODELS") for tier in Tier]
    assert {row["cause"] for row in rows} == {
        "models deleted by hand: app:cheap, app:fine"
    }
    assert {row["told"] for row in rows} == {"due"}
    evidence = rows[0]["evidence"]
    assert evidence["funnel"]["stored"] == 0
    assert evidence["blocking"][0]["fix"]["command"] == "lumiku seed"
    assert {row["cause"] for row in back} == {"models stored: app:cheap, app:fine"}


def test_a_switch_is_the_cause_with_who_and_why(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)

    rows = chronicle.note(look(stocked))

    assert noted(rows)[0] == ("free", "hidden", "FLAG_OFF")
    assert rows[0]["cause"] == "the flag app.enabled was turned off by usr_boss: a test"


def test_only_the_tiers_that_lose_it_are_written(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))
    override(stocked, "app:cheap", enabled=False, **WHO)

    rows = chronicle.note(look(stocked))

    assert noted(rows) == [
        ("free", "hidden", "TIER_TOO_LOW"),
        ("basic", "hidden", "TIER_TOO_LOW"),
    ]
    assert rows[0]["cause"] == "the model app:cheap was disabled by usr_boss: a test"


def test_a_plugin_that_is_rejected_is_the_cause(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))
    found = Loaded("app", "acme-app", "1.0", plugin=APP)
    record(stocked, [found.rejected("IMPORT_ERROR", "no GPU")])

    rows = chronicle.note(look(stocked))

    assert noted(rows)[0] == ("free", "hidden", "IMPORT_ERROR")
    assert "went from ready to IMPORT_ERROR: no GPU" in rows[0]["cause"]


def test_a_worker_process_that_is_started_again_is_no_transition(
    stocked: Store,
) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))

    assert chronicle.note(look(stocked, workers=0)) == []
    assert chronicle.note(look(stocked)) == []


def test_worker_processes_that_stay_away_degrade_and_never_hide(
    stocked: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    chronicle = Chronicle(stocked, tells=True)
    chronicle.note(look(stocked))
    assert chronicle.note(look(stocked, workers=0)) == []
    monkeypatch.setattr(chronicles, "PATIENCE", 0.0)

    rows = chronicle.note(look(stocked, workers=0))

    assert noted(rows) == [(tier.word, "degraded", "NO_WORKER") for tier in Tier]
    assert rows[0]["cause"] == "the worker process box:0 has left"
    assert {row["told"] for row in rows} == {"due"}


def test_another_change_is_written_while_a_worker_process_is_away(
    stocked: Store,
) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)

    rows = chronicle.note(look(stocked, workers=0))

    assert noted(rows)[0] == ("free", "hidden", "FLAG_OFF NO_WORKER")


def test_two_processes_write_a_change_once(stocked: Store) -> None:
    one, other = Chronicle(stocked), Chronicle(stocked)
    one.note(look(stocked))
    other.note(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)

    rows = one.note(look(stocked))

    assert len(rows) == len(Tier)
    assert other.note(look(stocked)) == []


def test_a_process_that_is_chosen_later_knows_what_was_before(stocked: Store) -> None:
    first, second = Chronicle(stocked), Chronicle(stocked)
    first.note(look(stocked))
    second.skip(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)

    rows = second.note(look(stocked))

    assert "the flag app.enabled was turned off" in rows[0]["cause"]


def test_without_knowing_what_was_before_the_verdict_itself_is_told(
    stocked: Store,
) -> None:
    Chronicle(stocked).note(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)

    rows = Chronicle(stocked).note(look(stocked))

    assert rows[0]["cause"].startswith("found so: app is hidden: FLAG_OFF")


def test_the_past_is_read_from_what_was_written(stocked: Store) -> None:
    chronicle = Chronicle(stocked)
    chronicle.note(look(stocked))
    switch(stocked, enabled_key("app"), on=False, **WHO)
    chronicle.note(look(stocked))
    with stocked.write() as session:
        for row in history(session, app="app", tier="free"):
            moment = 100.0 * row["turn"]
            mine = transitions.c.id == row["id"]
            session.execute(update(transitions).where(mine).values(at=moment))

    with stocked.read() as session:
        found = [
            as_of(session, "app", "free", moment) for moment in (99, 100, 199, 200)
        ]

    assert [row and row["after"] for row in found] == [
        None,
        "visible",
        "visible",
        "hidden",
    ]


def test_a_plugin_that_must_be_there_and_is_not_is_told(
    shop: Shop, bare: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lumiku_kernel.doctor import examine  # noqa: PLC0415
    from lumiku_kernel.prepare import prepare  # noqa: PLC0415

    shop.install("here", good("here"))
    monkeypatch.setenv("LUMIKU_PLUGINS", "here")
    wanted = Settings(data_dir=tmp_path, plugins_required="here, gone")
    prepare(wanted, bare)

    causes = [one.cause for one in examine(wanted, bare) if one.level == "error"]
    fact = take(bare).configuration.plugins["gone"]

    assert (fact.state, fact.code) == ("missing", "EXPECTED_PLUGIN_MISSING")
    assert any("gone is seen by nobody: EXPECTED_PLUGIN_MISSING" in c for c in causes)
    prepare(wanted.model_copy(update={"plugins_required": ""}), bare)
    assert "gone" not in take(bare).configuration.plugins


NEEDY = """
    from pydantic_settings import BaseSettings

    class Keys(BaseSettings):
        secret: str
        size: int = 1

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared("needy", settings=Keys)
"""


def test_a_setting_that_a_plugin_cannot_do_without_is_named(
    shop: Shop, bare: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lumiku_kernel.prepare import prepare  # noqa: PLC0415

    shop.install("needy", NEEDY)
    settings = Settings(data_dir=tmp_path, plugins="needy")
    told = []

    for secret, size in (("", ""), ("hush", "large"), ("hush", "2")):
        for name, value in (("SECRET", secret), ("SIZE", size)):
            if value:
                monkeypatch.setenv(f"LUMIKU_NEEDY__{name}", value)
        prepare(settings, bare)
        fact = take(bare).configuration.plugins["needy"]
        told.append((fact.code, fact.reason))

    assert told == [
        ("SETTINGS_MISSING", "LUMIKU_NEEDY__SECRET must be set."),
        (
            "SETTINGS_INVALID",
            "What is set is not valid: LUMIKU_NEEDY__SIZE (int_parsing).",
        ),
        (None, None),
    ]
