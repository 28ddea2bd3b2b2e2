"""What a flag's change does: foretold, told by the verdict, kept by jobs."""

from collections.abc import Iterator
from typing import Any

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.kernel.flagged import KEY, SWITCH, WHY, flagged, listed, put, unset
from tests.kernel.site import Site, problem

from lumiku_kernel.flags.openfeature import provide
from lumiku_kernel.store.tables import jobs, processes
from lumiku_kernel.visibility import converge


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with flagged(tmp_path_factory.mktemp("flags")) as made:
        yield made


@pytest.fixture(scope="module")
def operator(site: Site) -> TestClient:
    return site.browser("operator")


@pytest.fixture(autouse=True)
def clean(site: Site) -> Iterator[None]:
    yield
    unset(site)


def test_a_preview_counts_who_gains_and_loses_and_changes_nothing(
    site: Site, operator: TestClient
) -> None:
    for tier in ("free", "free", "pro"):
        site.browser(tier=tier)
    word = {"rules": [{"value": False, "tiers": ["free"]}]}

    told = operator.post(f"/api/admin/flags/{SWITCH}/preview", json=word).json()

    # the operator is on the free tier as well
    lost = {"app": "acme-flags", "tier": "free", "effect": "lose", "users": 3}
    assert told["apps"] == [lost]
    assert told["summary"].startswith("hides 1 app for 3 users; ")
    by_tier = {one.pop("tier"): one for one in told["tiers"]}
    assert by_tier["free"] == {"users": 3, "on_before": 3, "on_after": 0}
    assert by_tier["pro"] == {"users": 1, "on_before": 1, "on_after": 1}
    assert listed(operator, SWITCH)["version"] == 0


def test_a_preview_is_what_the_verdict_says_afterwards(
    site: Site, operator: TestClient
) -> None:
    viewers = [site.browser() for _ in range(8)]
    word: dict[str, Any] = {"percentage": 50}
    told = operator.post(f"/api/admin/flags/{SWITCH}/preview", json=word).json()

    put(operator, SWITCH, 0, **word, preview=told["hash"])

    seen = [bool(one.get("/api/apps").json()["items"]) for one in (*viewers, operator)]
    lost = sum(one["users"] for one in told["apps"] if one["effect"] == "lose")
    assert seen.count(False) == lost


def test_a_flag_that_hides_no_app_says_for_whom_it_turns(
    site: Site, operator: TestClient
) -> None:
    site.browser()

    told = operator.post(f"/api/admin/flags/{KEY}/preview", json={}).json()

    assert told["apps"] == []
    assert "changes no app; turns acme-flags.new on for 2" in told["summary"]


def test_the_preview_that_was_looked_at_is_kept_in_the_audit(
    operator: TestClient,
) -> None:
    word = {"state": "off"}
    hash_ = operator.post(f"/api/admin/flags/{SWITCH}/preview", json=word).json()[
        "hash"
    ]

    problem(put(operator, SWITCH, 0, preview=hash_), 409, "preview-outdated")
    assert put(operator, SWITCH, 0, **word, preview=hash_).status_code == 200
    newest = operator.get("/api/admin/audit").json()["items"][0]

    assert (newest["action"], newest["subject"]) == ("flag.set", SWITCH)
    assert newest["after"]["preview"] == hash_


def test_the_kill_switch_hides_the_app_and_says_why(
    site: Site, operator: TestClient
) -> None:
    viewer = site.browser()
    path = "/api/admin/plugins/acme-flags"

    assert operator.post(f"{path}/disable", json=WHY).json()["enabled"] is False
    problem(viewer.get("/api/apps/acme-flags/asked"), 404, "app-not-available")
    verdict = operator.get("/api/admin/apps/acme-flags/visibility").json()
    operator.post(f"{path}/enable", json=WHY)

    (gate,) = verdict["blocking"]
    assert (gate["code"], gate["evidence"]["reason"]) == ("FLAG_OFF", "DISABLED")
    assert viewer.get("/api/apps/acme-flags/asked").status_code == 200


def test_a_verdict_names_the_rule_that_hides(operator: TestClient) -> None:
    put(operator, SWITCH, 0, rules=[{"value": False, "tiers": ["free"]}])

    path = "/api/admin/apps/acme-flags/visibility"
    free, pro = (
        operator.get(path, params={"as_tier": tier}).json() for tier in ("free", "pro")
    )

    (gate,) = free["blocking"]
    assert gate["evidence"] == {
        "flag": SWITCH,
        "value": False,
        "reason": "TARGETING_MATCH",
        "rule": 0,
    }
    assert "rule 0" in gate["detail"]
    assert pro["visible"] is True


def test_a_change_waits_until_every_process_has_adopted_it(
    site: Site, operator: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converge, "PATIENCE", 0.0)

    late = put(operator, KEY, 0, query="?wait=converged").json()
    with site.host.store.write() as session:
        session.execute(update(processes).values(epoch=1_000_000))
    done = put(operator, KEY, 1, query="?wait=converged").json()
    with site.host.store.write() as session:
        session.execute(update(processes).values(epoch=None))

    assert late["converged"] is False
    assert [one["role"] for one in late["lagging"]] == ["worker"]
    assert (done["converged"], done["lagging"]) == (True, [])
    assert put(operator, KEY, 2, query="?wait=longer").status_code == 422


def test_what_plugins_ask_is_told(site: Site, operator: TestClient) -> None:
    before = listed(operator, KEY)["evaluations"]
    site.browser().get("/api/apps/acme-flags/asked")
    site.host.tally.write(site.host.store)

    told = listed(operator, KEY)

    assert told["evaluations"] > before
    assert told["last_evaluated"]
    assert "never-evaluated" not in told["stale"]


def test_openfeatures_client_gets_the_same_answers(
    site: Site, operator: TestClient
) -> None:
    rules = [{"value": True, "tiers": ["pro"]}]
    put(operator, KEY, 0, rules=rules, percentage=0)
    provide(site.host._judge)
    client = api.get_client("lumiku")

    pro = EvaluationContext("usr_a", {"tier": "pro"})
    found = client.get_boolean_details(KEY, False, pro)
    ghost = client.get_boolean_details("acme-flags.ghost", True)
    text = client.get_string_details(KEY, "red")

    assert (found.value, found.reason) == (True, "TARGETING_MATCH")
    assert found.flag_metadata == {"rule": 0}
    assert client.get_boolean_value(KEY, True, EvaluationContext("usr_b")) is False
    assert (ghost.value, ghost.error_code) == (True, ErrorCode.FLAG_NOT_FOUND)
    assert (text.value, text.error_code) == ("red", ErrorCode.TYPE_MISMATCH)


def test_a_job_keeps_the_flags_of_the_moment_it_was_accepted(
    site: Site, operator: TestClient
) -> None:
    put(operator, KEY, 0)
    started = site.browser().post("/api/apps/acme-flags/make", json={})
    put(operator, KEY, 1, state="off")

    mine = select(jobs.c.snapshot).where(jobs.c.id == started.json()["job"]["id"])
    with site.host.store.read() as session:
        kept = session.execute(mine).scalar_one()["flags"]

    assert kept == {KEY: True, SWITCH: True}
