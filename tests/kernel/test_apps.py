"""The list of apps: what it holds for whom, and how little it costs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem


def ids(client: TestClient, query: str = "") -> list[str]:
    return [one["id"] for one in client.get(f"/api/apps{query}").json()["items"]]


@contextmanager
def queries(site: Site) -> Iterator[list[str]]:
    """The statements of our engine while it is open."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(f"{threading.current_thread().name}: {statement}")

    engine = site.host.store.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_each_viewer_sees_the_apps_of_their_tier(site: Site) -> None:
    assert ids(site.client()) == []
    assert ids(site.browser()) == ["acme-paint"]
    assert ids(site.browser(tier="pro")) == ["acme-dear", "acme-paint"]
    assert ids(site.browser("operator")) == ["acme-dear", "acme-paint"]


def test_an_app_of_a_higher_tier_is_shown_locked_to_who_asks(site: Site) -> None:
    items = site.browser().get("/api/apps?include=locked").json()["items"]

    (locked,) = [one for one in items if one["locked"]]
    assert (locked["id"], locked["tier"], locked["runnable"]) == (
        "acme-dear",
        "pro",
        False,
    )


def test_a_warm_list_costs_no_query(site: Site) -> None:
    browser = site.browser()
    program = site.program(browser)
    for client in (browser, program):
        assert ids(client) == ["acme-paint"]

        with queries(site) as seen:
            assert ids(client) == ["acme-paint"]

        assert seen == []


def test_a_cold_list_costs_one_query(site: Site) -> None:
    browser = site.browser()
    site.app.state.site.identities.forget()

    with queries(site) as seen:
        assert ids(browser) == ["acme-paint"]

    assert len([one for one in seen if "SELECT" in one]) == 1


def test_a_list_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    browser = site.browser()
    first = browser.get("/api/apps")

    again = browser.get("/api/apps", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in again.headers["vary"]


@pytest.mark.parametrize("form", ['"old", {}', "W/{}", "*"])
def test_if_none_match_is_read_as_http_writes_it(site: Site, form: str) -> None:
    browser = site.browser()
    etag = browser.get("/api/apps").headers["etag"]

    again = browser.get("/api/apps", headers={"If-None-Match": form.format(etag)})

    assert again.status_code == 304


def test_a_list_that_has_changed_is_sent(site: Site) -> None:
    browser, operator = site.browser(), site.browser("operator")
    etag = browser.get("/api/apps").headers["etag"]

    with switched_off(operator, "acme-paint"):
        answer = browser.get("/api/apps", headers={"If-None-Match": etag})

        assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert browser.get("/api/apps").headers["etag"] == etag


@contextmanager
def switched_off(operator: TestClient, app: str) -> Iterator[None]:
    why = {"reason": "a test"}
    path = f"/api/admin/plugins/{app}"
    operator.post(f"{path}/disable", json=why).raise_for_status()
    try:
        yield
    finally:
        operator.post(f"{path}/enable", json=why).raise_for_status()


def test_an_app_switched_off_is_reachable_by_nobody(site: Site) -> None:
    browser, operator = site.browser(), site.browser("operator")
    paths = ("", "/models", "/colours", "/colours?wrong=1", "/boom")

    with switched_off(operator, "acme-paint"):
        for client in (browser, operator):
            for path in paths:
                answer = client.get(f"/api/apps/acme-paint{path}")
                problem(answer, 404, "app-not-available")
            answer = client.post("/api/apps/acme-paint/make", json={})
            problem(answer, 404, "app-not-available")
        radio = site.client().get("/api/apps/acme-paint/radio")
        problem(radio, 404, "app-not-available")
    assert browser.get("/api/apps/acme-paint/colours").status_code == 200


def test_the_routes_of_an_app_above_the_tier_are_not_there(site: Site) -> None:
    dear = "/api/apps/acme-dear"

    for path in ("", "/models"):
        problem(site.browser().get(f"{dear}{path}"), 404, "app-not-available")
    problem(site.browser().post(f"{dear}/make", json={}), 404, "app-not-available")
    assert site.browser(tier="pro").get(dear).status_code == 200


def test_an_app_tells_all_that_is_needed_to_start_a_job(site: Site) -> None:
    browser = site.browser()
    app = browser.get("/api/apps/acme-paint").json()

    form = next(one for one in app["workers"] if one["url"].endswith("make"))

    assert form["url"] == "/api/apps/acme-paint/make"
    assert form["input"]["properties"]["text"]["default"] == "Hello"
    assert [(one["id"], one["price"], one["available"], one["reason"])
            for one in app["model_choices"]] == [
        ("plain", 3, True, None),
        ("fine", 9, False, "tier-too-low"),
    ]  # fmt: skip
    assert browser.post(form["url"], json={}).status_code == 202


def test_a_model_above_the_tier_is_refused_and_costs_nothing(site: Site) -> None:
    browser = site.browser()

    answer = browser.post("/api/apps/acme-paint/make", json={"model": "fine"})

    assert problem(answer, 403, "tier-too-low")["tier"] == "pro"
    assert browser.get("/api/credits").json() == {"available": 100, "reserved": 0}


def test_the_short_and_the_full_key_name_one_model(site: Site) -> None:
    browser = site.browser()

    for key in ("plain", "acme-paint:plain"):
        body = {"model": key}
        quote = browser.post("/api/apps/acme-paint/make/quote", json=body).json()
        assert (quote["price"], quote["items"], quote["affordable"]) == (3, 1, True)


def test_what_cannot_be_paid_is_refused_before_it_is_queued(site: Site) -> None:
    browser, operator = site.browser(), site.browser("operator")
    account = browser.get("/api/auth/me").json()["user"]["id"]
    taken = {"amount": -98, "reason": "a test"}
    operator.post(f"/api/admin/users/{account}/credits", json=taken).raise_for_status()

    answer = browser.post("/api/apps/acme-paint/make", json={})

    problem(answer, 402, "insufficient-credits")
    assert browser.get("/api/jobs").json()["items"] == []
    assert browser.get("/api/credits").json() == {"available": 2, "reserved": 0}


def test_a_plugins_route_is_typed_both_ways(site: Site) -> None:
    browser = site.browser()
    path = "/api/apps/acme-paint/colours"

    assert browser.get(path).json() == ["red"]
    assert browser.get(f"{path}?colour=blue").json() == ["blue"]
    problem(browser.get(f"{path}?color=blue"), 422, "invalid-input")
    assert browser.post(path, json={"text": "a"}).json() == {"text": "a"}
    problem(browser.post(path, json={"text": 1}), 422, "invalid-input")


def test_a_plugins_file_comes_as_a_download_that_no_browser_guesses_at(
    site: Site,
) -> None:
    answer = site.browser().get("/api/apps/acme-paint/picture")

    assert answer.content == b"bytes"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == 'attachment; filename="a_b.png"'


def test_a_public_route_is_for_everybody(site: Site) -> None:
    heard = site.client().get("/api/apps/acme-paint/radio")

    assert heard.json() == {"heard": "by everybody"}


def test_why_tells_viewers_less_than_operators(site: Site) -> None:
    path = "/api/apps/acme-mute/visibility"

    viewer = site.browser().get(path).json()
    operator = site.browser("operator").get(path).json()

    assert (viewer["visible"], viewer["blocking"]) == (False, [])
    assert operator["blocking"][0]["code"] == "NO_MODELS"
    assert operator["blocking"][0]["fix"]["command"]
