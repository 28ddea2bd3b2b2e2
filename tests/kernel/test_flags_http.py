"""Flags by HTTP: tried before they are changed, for a version, with a reason."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient
from tests.kernel.shop import Shop
from tests.kernel.site import Site, problem

from lumiku_kernel.flags.openfeature import provide
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import accounts, flags, jobs, processes
from lumiku_kernel.visibility import converge
from lumiku_kernel.web.api.flags import ENDPOINTS
from lumiku_kernel.web.app import build

PLUGIN = """
    def asked(call) -> bool:
        return call.flag("new")

    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared(
            "acme-flags",
            flags=(Flag("new", description="A new brush.", expires="2020-01-31"),),
            routes=(Route("GET", "/asked", asked),),
        )
"""
KEY = "acme-flags.new"
SWITCH = "acme-flags.enabled"
WHY = {"reason": "a test"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one app, whose author has declared a flag."""
    home = tmp_path_factory.mktemp("flags")
    shop = Shop(home / "shop")
    shop.folder.mkdir()
    shop.install("acme-flags", PLUGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(shop.folder))
        settings = Settings(data_dir=home / "data", plugins="acme-flags")
        store = Store(settings.database)
        prepare(settings, store)
        store.close()
        host = Host(settings, "server")
        Presence(host.store, settings, "worker", host.registry, None).appear()
        with host.store.write() as session:  # alive until the year 2286
            session.execute(update(processes).values(seen_at=9_999_999_999.0))
        host.watch.refresh()
        yield Site(build(host), host)
        host.store.close()


@pytest.fixture(scope="module")
def operator(site: Site) -> TestClient:
    return site.browser("operator")


@pytest.fixture(autouse=True)
def unset(site: Site) -> Iterator[None]:
    """Leave no flag set and no account behind but the operators'."""
    yield
    with site.host.store.write() as session:
        session.execute(delete(flags))
        session.execute(
            update(accounts).where(accounts.c.role == "user").values(disabled_at=1.0)
        )
    site.refresh()


def put(
    client: TestClient, key: str, version: int | None, query: str = "", **word: Any
) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    path = f"/api/admin/flags/{key}{query}"
    return client.put(path, json={**WHY, **word}, headers=headers)


def listed(client: TestClient, key: str) -> dict[str, Any]:
    items = client.get("/api/admin/flags").json()["items"]
    found: dict[str, Any] = next(one for one in items if one["key"] == key)
    return found


ROUTES = [(one.method, re.sub(r"{\w+}", KEY, one.path)) for one in ENDPOINTS]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_operators_come_in(site: Site, method: str, path: str) -> None:
    problem(site.client().request(method, path, json=WHY), 401, "not-signed-in")
    user = site.browser()
    problem(user.request(method, path, json=WHY), 403, "operator-only")


def test_the_list_says_what_authors_declare_and_what_is_stale(
    operator: TestClient,
) -> None:
    new, switch = listed(operator, KEY), listed(operator, SWITCH)

    assert (new["default"], new["state"], new["version"]) == (False, "unset", 0)
    assert (new["effective"], new["plugin"]) == ("off", "acme-flags")
    assert new["description"] == "A new brush."
    assert new["stale"] == ["expired", "never-evaluated"]
    assert (switch["effective"], switch["stale"]) == ("on", [])


def test_a_change_holds_at_once_and_says_its_version(
    site: Site, operator: TestClient
) -> None:
    viewer = site.browser()
    before = viewer.get("/api/apps/acme-flags/asked").json()

    answer = put(operator, KEY, 0)

    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert before is False
    assert viewer.get("/api/apps/acme-flags/asked").json() is True
    assert listed(operator, KEY)["reason"] == WHY["reason"]


def test_a_change_needs_the_version_it_was_made_for(operator: TestClient) -> None:
    problem(put(operator, KEY, None), 428, "if-match-missing")
    problem(put(operator, KEY, 1), 412, "flag-changed")
    assert put(operator, KEY, 0).status_code == 200
    problem(put(operator, KEY, 0, state="off"), 412, "flag-changed")
    assert put(operator, KEY, 1, state="off").json()["version"] == 2


@pytest.mark.parametrize("sent", ["*", '"one"', "", "-1", '"99999999999999999999"'])
def test_another_word_for_a_version_matches_none(
    operator: TestClient, sent: str
) -> None:
    path = f"/api/admin/flags/{KEY}"
    answer = operator.put(path, json=WHY, headers={"If-Match": sent})

    problem(answer, 412, "flag-changed")


BAD: list[dict[str, Any]] = [
    {"reason": ""},
    {"state": "perhaps"},
    {"percentage": 101},
    {"percentage": "NaN"},
    {"rules": [{"tiers": ["pro"]}]},
    {"rules": [{"value": True, "countries": ["fr"]}]},
    {"targets": ["usr_a"]},
    {"enabled": True},
    {"preview": "abc"},
]


@pytest.mark.parametrize("word", BAD)
def test_a_word_that_says_nothing_sensible_is_refused(
    operator: TestClient, word: dict[str, Any]
) -> None:
    assert put(operator, KEY, 0, **word).status_code == 422
    assert listed(operator, KEY)["version"] == 0


@pytest.mark.parametrize(("method", "path"), ROUTES[1:])
def test_a_flag_that_nobody_knows_is_not_found(
    operator: TestClient, method: str, path: str
) -> None:
    path = path.replace(KEY, "acme-flags.ghost")
    body = WHY if "preview" not in path else {}
    answer = operator.request(method, path, json=body, headers={"If-Match": "0"})

    problem(answer, 404, "not-found")


def test_rules_decide_for_each_viewer(site: Site, operator: TestClient) -> None:
    free, pro = site.browser(), site.browser(tier="pro")
    rules = [{"value": True, "tiers": ["pro"]}]
    put(operator, KEY, 0, rules=rules, percentage=0)

    told = [one.get("/api/apps/acme-flags/asked").json() for one in (free, pro)]

    assert told == [False, True]
    assert listed(operator, KEY)["effective"] == "some"


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


def test_a_change_is_taken_back_in_one_step_and_brought_again(
    operator: TestClient,
) -> None:
    undo = f"/api/admin/flags/{KEY}/undo"
    problem(operator.post(undo, json=WHY), 409, "nothing-to-undo")
    put(operator, KEY, 0, percentage=20)
    put(operator, KEY, 1, state="off")

    problem(
        operator.post(undo, json=WHY, headers={"If-Match": '"1"'}), 412, "flag-changed"
    )
    back = operator.post(undo, json=WHY, headers={"If-Match": '"2"'}).json()
    again = operator.post(undo, json=WHY).json()

    assert (back["state"], back["percentage"], back["version"]) == ("on", 20, 3)
    assert (again["state"], again["version"]) == ("off", 4)
    path = f"/api/admin/flags/{KEY}/history?limit=3"
    first = operator.get(path).json()
    rest = operator.get(f"{path}&cursor={first['next_cursor']}").json()
    acts = [one["action"] for one in (*first["items"], *rest["items"])]
    assert acts[:4] == ["flag.undo", "flag.undo", "flag.set", "flag.set"]


def test_taking_back_the_first_change_leaves_the_authors_default(
    site: Site, operator: TestClient
) -> None:
    put(operator, SWITCH, 0, state="off")
    operator.post(f"/api/admin/flags/{SWITCH}/undo", json=WHY)

    assert listed(operator, SWITCH)["effective"] == "on"
    assert site.browser().get("/api/apps").json()["items"]


def test_a_salt_stays_unless_it_is_sent(operator: TestClient) -> None:
    put(operator, KEY, 0, salt="again", percentage=10)

    assert put(operator, KEY, 1, percentage=20).json()["salt"] == "again"
    assert put(operator, KEY, 2, salt="").json()["salt"] == ""


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
