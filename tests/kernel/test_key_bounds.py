"""Bounds of a key by HTTP and by command line: set, shown, and not stepped over."""

import pytest
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem


def program(site: Site, browser: TestClient, **bounds: object) -> TestClient:
    made = browser.post("/api/keys", json={"name": "shop", **bounds})
    assert made.status_code == 201, made.text
    return site.client(Authorization=f"Bearer {made.json()['key']}")


def worker(browser: TestClient) -> str:
    app = browser.get("/api/apps/acme-paint").json()
    return f"/api/apps/acme-paint/{app['workers'][0]['name']}"


def test_a_budget_is_kept_and_shown(site: Site) -> None:
    browser = site.browser()
    client = program(site, browser, budget_per_day=7, models=["acme-paint:plain"])
    path = worker(browser)

    answers = [
        client.post(path, json={}, headers={"Idempotency-Key": str(n)})
        for n in range(4)
    ]
    (key,) = browser.get("/api/keys").json()["items"]

    price = answers[0].json()["job"]["price"]
    fit = 7 // price
    assert [one.status_code for one in answers] == [202] * fit + [402] * (4 - fit)
    told = problem(answers[-1], 402, "key-budget")
    assert (told["left"], told["price"]) == (7 - price * fit, price)
    assert int(answers[-1].headers["retry-after"]) <= 86_401
    assert (key["budget_per_day"], key["spent_today"]) == (7, price * fit)
    assert key["models"] == ["acme-paint:plain"]


def test_a_model_off_the_list_is_not_for_this_key(site: Site) -> None:
    browser = site.browser(tier="pro")
    client = program(site, browser, models=["acme-paint:fine"])

    answer = client.post(
        worker(browser), json={"model": "plain"}, headers={"Idempotency-Key": "1"}
    )

    told = problem(answer, 403, "key-model")
    assert told["models"] == ["acme-paint:fine"]


@pytest.mark.parametrize("bounds", [{"budget_per_day": 0}, {"models": []}])
def test_a_bounded_key_makes_no_key_without_bounds(
    site: Site, bounds: dict[str, object]
) -> None:
    browser = site.browser()
    client = program(site, browser, **bounds)

    problem(client.post("/api/keys", json={"name": "free"}), 403, "key-bounded")


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ({"budget_per_day": -1}, "invalid-input"),
        ({"budget_per_day": 10**10}, "invalid-input"),
        ({"budget_per_day": "1e9"}, "invalid-input"),
        ({"models": ["nothing:there"]}, "unknown-model"),
        ({"models": [""]}, "invalid-input"),
    ],
)
def test_strange_bounds_are_refused(
    site: Site, bounds: dict[str, object], code: str
) -> None:
    browser = site.browser()

    problem(browser.post("/api/keys", json={"name": "x", **bounds}), 422, code)
    assert browser.get("/api/keys").json()["items"] == []
