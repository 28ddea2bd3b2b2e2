"""Another site neither acts with a viewer's cookie nor leads anybody astray."""

import pytest
from starlette.websockets import WebSocketDisconnect
from tests.kernel.guests import me
from tests.kernel.site import MAKE, PASSWORD, Site, problem

EVIL = {"Origin": "https://evil.example"}
FOREIGN = [
    EVIL,
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8080"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_act_with_the_viewers_cookie(
    site: Site, headers: dict[str, str]
) -> None:
    browser = site.browser()

    for method, path in (("POST", MAKE), ("POST", "/api/auth/logout")):
        answer = browser.request(method, path, json={}, headers=headers)

        problem(answer, 403, "cross-origin")
    assert browser.get("/api/auth/me", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_sign_a_viewer_in(
    site: Site, headers: dict[str, str]
) -> None:
    who = {"email": "a@example.com", "password": PASSWORD}

    answer = site.client().post("/api/auth/login", json=who, headers=headers)

    problem(answer, 403, "cross-origin")


def test_our_own_pages_and_programs_with_keys_may_act(site: Site) -> None:
    browser = site.browser()
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}

    assert browser.post(f"{MAKE}/quote", json={}, headers=own).status_code == 200
    program = site.program(browser)
    assert program.post(f"{MAKE}/quote", json={}, headers=EVIL).status_code == 200


def test_another_site_cannot_listen_with_the_viewers_cookie(site: Site) -> None:
    browser = site.browser()

    with (
        pytest.raises(WebSocketDisconnect),
        browser.websocket_connect("/api/events/ws", headers=EVIL),
    ):
        pass


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(site: Site, wanted: str) -> None:
    form = {"email": me(site.browser())["email"], "password": PASSWORD, "next": wanted}

    answer = site.client().post("/login", data=form, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_signing_in_leads_where_the_viewer_wanted_to_go(site: Site) -> None:
    form = {"email": me(site.browser())["email"], "password": PASSWORD}

    answer = site.client().post(
        "/login", data={**form, "next": "/jobs?a=1"}, follow_redirects=False
    )

    assert answer.headers["location"] == "/jobs?a=1"
