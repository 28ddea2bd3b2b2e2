"""“No apps available”: each row of the old system's list of invisible apps (class A).

Rows that do not apply: 11 October (rows left under an old app id) and 18 October (an
app outside the list) need an allow-list of apps in the kernel, which there is not;
“looping-flow absent” needs a switch computed from an address, which there is not.
The first half of 17 October (files not committed) is the doctor's X02.
"""

from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.kernel.shop import Shop, good
from tests.regressions.house import app, opened

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.doctor.palette import ICONS
from lumiku_kernel.plugins.discovery import discover
from lumiku_kernel.store.tables import models
from lumiku_kernel.visibility.verdict import evaluate
from lumiku_kernel.visibility.watch import take

DEAR = "(Model('gold', price=5, tier='basic'),)"


def test_10_october_an_app_without_models_is_hidden_and_says_so(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, mute=app("mute", models="()")) as room:
        gate = room.verdict("mute").blocking[0]

        assert (gate.number, gate.code) == (9, "NO_MODELS")
        assert "declares no models" in gate.detail


def test_11_october_starting_seeds_and_no_other_step_is_needed(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, fresh=good("fresh")) as room:
        assert room.verdict("fresh").visible
        assert room.found("S01") == []


def test_11_october_rows_deleted_by_hand_come_back_at_the_next_start(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, fresh=good("fresh")) as room:
        with room.store.write() as session:
            session.execute(delete(models))
        (told,) = room.found("S01")

        room.again()

        assert told.fix == "lumiku seed"
        assert "declares 1 models; 0 are stored" in told.cause
        assert room.verdict("fresh").visible


def test_13_october_an_app_follows_its_declaration_and_nobodys_list(
    shop: Shop, tmp_path: Path
) -> None:
    apps = {name: good(name) for name in ("one", "two", "three")}
    with opened(tmp_path, shop, **apps) as room:
        seen = evaluate(take(room.store), Viewer("usr_a"))

        assert {one for one, verdict in seen.items() if verdict.visible} == set(apps)


def test_13_october_an_icon_that_is_not_there_is_told(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, odd=app("odd", icon="'eraserr'")) as room:
        (told,) = room.found("K06")

        assert "“eraserr”" in told.cause
    assert {"puzzle"} <= ICONS


def test_14_october_two_models_of_one_id_are_refused_at_load(shop: Shop) -> None:
    twice = "(Model('same', price=1), Model('same', price=2))"
    shop.install("twice", app("twice", models=twice))

    (found,) = discover(points=shop.points)

    assert found.code == "MANIFEST_INVALID"
    assert "twice" in (found.reason or "")


def test_16_october_an_app_without_a_free_model_says_the_tier(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, dear=app("dear", models=DEAR)) as room:
        verdict = room.verdict("dear")
        (told,) = room.found("K04")

        assert verdict.blocking[0].code == "TIER_TOO_LOW"
        assert "hidden from the tier free" in told.cause
        assert room.verdict("dear", Tier.BASIC).visible


def test_16_october_one_verdict_names_every_cause_at_once(
    shop: Shop, tmp_path: Path
) -> None:
    with opened(tmp_path, shop, gone="raise ImportError('commented out')") as room:
        verdict = room.verdict("gone")

        assert {gate.code for gate in verdict.blocking} >= {"IMPORT_ERROR", "NO_MODELS"}


def test_17_october_a_plugin_that_is_not_installed_is_named(
    shop: Shop, tmp_path: Path
) -> None:
    required = {"plugins_required": "remover"}
    with opened(tmp_path, shop, more=required, one=good("one")) as room:
        (told,) = room.found("K01")

        assert told.evidence["code"] == "EXPECTED_PLUGIN_MISSING"
        assert "remover" in told.cause


@pytest.mark.parametrize("tier", list(Tier))
def test_each_tier_sees_what_its_models_say(
    shop: Shop, tmp_path: Path, tier: Tier
) -> None:
    with opened(tmp_path, shop, dear=app("dear", models=DEAR)) as room:
        assert room.verdict("dear", tier).visible == (tier >= Tier.BASIC)
