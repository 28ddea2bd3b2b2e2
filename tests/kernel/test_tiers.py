"""Tiers are data: operators change them, and every process goes by it at once."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.kernel.command import lumiku
from tests.kernel.site import Site, problem

from lumiku_contracts import Refused, Tier
from lumiku_kernel.accounts.tiers import BOUNDS, Tiers, change, read
from lumiku_kernel.store import Store
from lumiku_kernel.store.audit import By
from lumiku_kernel.store.tables import tiers

BY = By("test", "a test")


@pytest.fixture(scope="module")
def operator(site: Site) -> TestClient:
    return site.browser("operator")


def test_every_tier_has_terms_from_the_start(store: Store) -> None:
    with store.read() as session:
        assert list(read(session)) == [tier.word for tier in Tier]

    assert Tiers(store).of(Tier.FREE).max_running == 4
    assert Tiers(store).of(Tier.ENTERPRISE).max_running is None


def test_a_tier_whose_row_is_gone_may_do_next_to_nothing(store: Store) -> None:
    with store.write() as session:
        session.execute(tiers.delete().where(tiers.c.name == "pro"))

    lost = Tiers(store).of(Tier.PRO)

    assert (lost.max_running, lost.storage_bytes, lost.allowance) == (1, 0, 0)


def test_a_change_is_adopted_with_the_next_epoch(site: Site) -> None:
    before = site.host.tiers.of(Tier.BASIC)

    change(site.host.store, "basic", {"max_running": 9}, BY)
    assert site.host.tiers.of(Tier.BASIC) == before
    site.refresh()

    assert site.host.tiers.of(Tier.BASIC).max_running == 9


@pytest.mark.parametrize(
    "values",
    [
        {"allowance": -1},
        {"allowance": None},
        {"allowance": 10**12},
        {"allowance": True},
        {"period": "week"},
        {"period": None},
        {"name": "root"},
        *({bound: -1} for bound in BOUNDS),
        *({bound: "4"} for bound in BOUNDS),
    ],
)
def test_a_strange_value_is_refused_and_changes_nothing(
    store: Store, values: dict[str, Any]
) -> None:
    before = Tiers(store).of(Tier.FREE)

    with pytest.raises(Refused, match=r"tier") as told:
        change(store, "free", values, BY)

    assert told.value.code == "tier-invalid"
    assert Tiers(store).of(Tier.FREE) == before


def test_operators_change_a_tier_with_a_reason_that_is_kept(
    site: Site, operator: TestClient
) -> None:
    path = "/api/admin/tiers/pro"
    wanted = {"allowance": 50, "max_running": None, "reason": "spring"}

    answer = operator.patch(path, json=wanted)
    listed = operator.get("/api/admin/tiers").json()["items"]
    told = operator.get("/api/admin/audit").json()["items"][0]

    assert answer.status_code == 200, answer.text
    assert listed[2] == {k: v for k, v in answer.json().items() if k != "epoch"}
    assert (listed[2]["allowance"], listed[2]["max_running"]) == (50, None)
    assert (told["action"], told["subject"], told["reason"]) == (
        "tier.set",
        "pro",
        "spring",
    )
    assert told["before"]["max_running"] == 16
    assert site.host.tiers.of(Tier.PRO).allowance == 50


def test_a_tier_is_not_changed_without_reason_right_or_name(
    site: Site, operator: TestClient
) -> None:
    path = "/api/admin/tiers/pro"
    why = {"reason": "a test"}

    problem(operator.patch(path, json={"allowance": 1}), 422, "invalid-input")
    problem(operator.patch(path, json={**why, "price": 1}), 422, "invalid-input")
    problem(operator.patch(path, json={**why, "allowance": None}), 422, "invalid-input")
    problem(operator.patch("/api/admin/tiers/gold", json=why), 404, "not-found")
    for client in (site.browser(), site.program(operator)):
        problem(client.patch(path, json=why), 403, "operator-only")


def test_the_command_line_lists_and_sets_tiers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LUMIKU_PLUGINS", "none-at-all")
    assert lumiku("migrate").code == 0

    done = lumiku(
        *("tiers", "set", "free", "--allowance", "20", "--period", "day"),
        *("--max-running", "none", "--reason", "a gift"),
    )
    listed = lumiku("tiers", "list", "--json").json["items"][0]
    wrong = lumiku("tiers", "set", "free", "--per-minute", "-3", "--reason", "no")

    assert done.code == 0, done.err
    assert (listed["allowance"], listed["period"]) == (20, "day")
    assert (listed["max_running"], listed["per_minute"]) == (None, 600)
    assert wrong.code == 2
