"""Flags by HTTP: tried before they are changed, for a version, with a reason."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.kernel.flagged import KEY, SWITCH, WHY, flagged, listed, put, unset
from tests.kernel.site import Site, problem

from lumiku_kernel.web.api.flags import ENDPOINTS


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
