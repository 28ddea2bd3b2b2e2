"""Who sees what: no models, not visible; the same model must pass; unknown hides not.

The verdict is a pure function of a snapshot, which is written by hand here.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.kernel.facts import (
    FREE,
    LACKING,
    NOBODY,
    OPERATOR,
    PRO,
    codes,
    model,
    plugin,
    snapshot,
    worker,
)

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.visibility.explain import words
from lumiku_kernel.visibility.gates import INFORMING, NAMES, RECORDED
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import evaluate, judge


def test_an_app_with_a_usable_model_is_visible_and_can_run() -> None:
    verdict = judge(snapshot(model()), FREE, "app")

    assert (verdict.visible, verdict.runnable) == (True, True)
    assert verdict.summary == "app is visible and can run."
    assert set(verdict.funnel.values()) == {1}


def test_every_gate_is_evaluated_and_not_only_the_first_that_fails() -> None:
    app = plugin(state="rejected", code="IMPORT_ERROR", reason="no GPU")
    off = snapshot(app=app, flags={"app.enabled": False}, processes=())

    verdict = judge(off, FREE, "app")

    assert [gate.number for gate in verdict.gates] == list(range(1, 16))
    assert [gate.name for gate in verdict.gates] == list(NAMES.values())
    assert codes(verdict) == ["IMPORT_ERROR", "FLAG_OFF", "NO_MODELS", "NO_WORKER"]


HIDDEN: dict[str, tuple[int, Callable[[], Snapshot], str]] = {
    "NO_MODELS": (9, snapshot, "lumiku seed"),
    "FLAG_OFF": (
        7,
        lambda: snapshot(model(), flags={"app.enabled": False}),
        "lumiku plugins enable app",
    ),
    "ALL_MODELS_DISABLED": (
        10,
        lambda: snapshot(model(enabled=False), model("two", enabled=False)),
        "lumiku models set app:one --enable",
    ),
    "TIER_TOO_LOW": (
        11,
        lambda: snapshot(model(tier=Tier.PRO), model("two", tier=Tier.BASIC)),
        "--tier basic",
    ),
    "PROVIDER_NOT_INSTALLED": (
        12,
        lambda: snapshot(model(provider="acme")),
        "install a plugin with the provider “acme”",
    ),
    "PROVIDER_NOT_CONFIGURED": (
        12,
        lambda: snapshot(
            model(provider="acme"),
            providers=("acme",),
            processes=(worker(acme=LACKING),),
        ),
        "set ACME_KEY",
    ),
    "PROVIDER_NOT_OPENED": (
        12,
        lambda: snapshot(
            model(provider="acme"),
            providers=("acme",),
            processes=(worker(acme={"state": "not_opened", "reason": "no libgl"}),),
        ),
        "install what the provider lacks",
    ),
}


@pytest.mark.parametrize("code", HIDDEN)
def test_an_app_is_hidden_with_a_code_and_a_cure(code: str) -> None:
    number, make, cure = HIDDEN[code]

    verdict = judge(make(), FREE, "app")

    assert (verdict.visible, verdict.runnable) == (False, False)
    (gate,) = verdict.blocking
    assert (gate.number, gate.code) == (number, code)
    assert gate.fix is not None
    assert cure in gate.fix.command
    assert code in verdict.summary
    assert any(cure in line for line in words(verdict))


@pytest.mark.parametrize("code", sorted(RECORDED.keys() - INFORMING))
def test_what_a_start_has_recorded_of_a_plugin_hides_it(code: str) -> None:
    app = plugin(state="rejected", code=code, reason="because")

    verdict = judge(snapshot(model(), app=app), OPERATOR, "app")

    (gate,) = verdict.blocking
    assert (gate.number, gate.code, gate.detail) == (RECORDED[code][0], code, "because")
    assert gate.fix is not None
    assert gate.fix.command


def test_a_seed_that_failed_hides_only_if_it_leaves_no_models() -> None:
    app = plugin(state="rejected", code="SEED_FAILED", reason="because")

    beside = judge(snapshot(model(), app=app), FREE, "app")
    without = judge(snapshot(app=app), FREE, "app")

    assert beside.visible
    assert "SEED_FAILED" in [gate.code for gate in beside.gates]
    assert [gate.code for gate in without.blocking] == ["NO_MODELS"]


def test_an_app_nobody_installed_is_not_visible() -> None:
    verdict = judge(snapshot(model()), OPERATOR, "nowhere")

    assert not verdict.visible
    assert codes(verdict)[0] == "NOT_INSTALLED"


def test_a_declaration_whose_models_are_not_stored_is_seeded() -> None:
    """The incident: the code was there, the rows were not."""
    (gate,) = judge(snapshot(), FREE, "app").blocking

    assert gate.code == "NO_MODELS"
    assert gate.evidence == {"declared": 1, "stored": 0}
    assert gate.fix is not None
    assert gate.fix.command == "lumiku seed"


def test_a_plugin_that_declares_no_models_is_its_authors_affair() -> None:
    empty = plugin(declaration={"kind": "app", "models": []})

    (gate,) = judge(snapshot(app=empty), FREE, "app").blocking

    assert gate.code == "NO_MODELS"
    assert gate.fix is not None
    assert gate.fix.who == "author"


def test_a_model_without_a_price_is_never_free() -> None:
    bare = replace(model(), fault="PRICE_MISSING", price=0)

    alone = judge(snapshot(bare), FREE, "app")
    beside = judge(snapshot(bare, model("two")), FREE, "app")

    assert [(g.number, g.code) for g in alone.blocking] == [(9, "PRICE_MISSING")]
    assert [one.model.id for one in beside.dead] == ["one"]
    assert [one.id for one in beside.usable] == ["two"]


def test_a_declared_model_that_is_not_stored_is_told_beside_living_ones() -> None:
    declared = {"kind": "app", "models": [{"id": "one"}, {"id": "two"}]}

    verdict = judge(snapshot(model(), app=plugin(declaration=declared)), FREE, "app")

    gate = verdict.gates[7]
    assert verdict.visible
    assert (gate.outcome, gate.effect, gate.code) == ("fail", "inform", "SEED_PENDING")
    assert gate.evidence == {"lacking": ["two"]}


def test_an_app_whose_every_page_is_for_operators_is_theirs() -> None:
    pages = [{"path": "/", "auth": "operator"}]
    app = plugin(declaration={"kind": "app", "models": [{}], "pages": pages})

    assert codes(judge(snapshot(model(), app=app), PRO, "app")) == ["ROLE"]
    assert judge(snapshot(model(), app=app), OPERATOR, "app").visible


def test_only_the_signed_in_see_apps() -> None:
    verdict = judge(snapshot(model()), NOBODY, "app")

    assert codes(verdict) == ["LOGIN_REQUIRED"]


def test_an_operator_sees_every_tiers_apps() -> None:
    assert judge(snapshot(model(tier=Tier.ENTERPRISE)), OPERATOR, "app").visible


def test_one_model_enabled_and_another_in_the_tier_is_not_visible() -> None:
    """The same model must pass the gates 10 to 12."""
    mixed = snapshot(model("a", tier=Tier.PRO), model("b", enabled=False))

    assert not judge(mixed, FREE, "app").visible
    assert judge(mixed, PRO, "app").visible


def test_one_model_in_the_tier_and_another_with_a_provider_is_not_visible() -> None:
    mixed = snapshot(model("a", provider="gone"), model("b", tier=Tier.PRO))

    verdict = judge(mixed, FREE, "app")

    assert not verdict.visible
    assert verdict.funnel["stored"] == 2
    assert verdict.funnel["provider_ready"] == 0


def test_viewers_are_told_only_what_they_can_act_on() -> None:
    off = judge(snapshot(model(), flags={"app.enabled": False}), FREE, "app")
    dear = judge(snapshot(model(tier=Tier.PRO)), FREE, "app")

    assert off.for_viewer()["blocking"] == []
    assert [one["code"] for one in dear.for_viewer()["blocking"]] == ["TIER_TOO_LOW"]
    assert "fix" not in str(dear.for_viewer())


def test_what_would_make_it_visible_is_the_lowest_tier_that_suffices() -> None:
    dear = snapshot(
        model("a", tier=Tier.ENTERPRISE),
        model("b", tier=Tier.PRO),
        model("c", "gone", Tier.BASIC),
    )

    assert (
        "the viewer's tier were pro"
        in judge(dear, Viewer("usr_", Tier.BASIC), "app").would_be_visible_if
    )


@pytest.mark.parametrize(
    "whole",
    [
        snapshot(model(), flags={"app.enabled": False}),
        snapshot(model(tier=Tier.PRO), flags={"app.enabled": False}),
        snapshot(model(), app=plugin(state="rejected", code="IMPORT_ERROR")),
    ],
)
def test_no_tier_is_promised_where_no_tier_would_help(whole: Snapshot) -> None:
    for viewer in (FREE, NOBODY):
        wishes = judge(whole, viewer, "app").would_be_visible_if

        assert not [wish for wish in wishes if wish.startswith("the viewer's tier")]


def test_a_wish_has_all_that_must_be_otherwise() -> None:
    whole = snapshot(model(tier=Tier.PRO, enabled=False), flags={"app.enabled": False})

    wishes = judge(whole, FREE, "app").would_be_visible_if

    on = "the app were switched on (lumiku plugins enable app --reason 'it is wanted')"
    enabled = "app:one were enabled (lumiku models set app:one --enable)"
    how = "lumiku models set app:one --tier free"
    opened = f"app:one were open to the tier free ({how})"
    assert wishes == (
        f"{on} and {enabled} and {opened}",
        f"{on} and {enabled} and the viewer's tier were pro",
    )


def test_extensions_have_no_card() -> None:
    app = plugin(declaration={"kind": "extension"})

    assert evaluate(snapshot(model(), app=app), OPERATOR) == {}
