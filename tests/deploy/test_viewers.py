"""The production set sees viewers and not its proxy, and believes nobody but that."""

import json
import re

import httpx
import pytest
from tests.deploy.accounts import PASSWORD, grant_with_password
from tests.deploy.proxy import EDGE
from tests.deploy.stage import Stage

pytestmark = pytest.mark.faults


def test_a_session_cookie_is_for_this_host_by_https_only(site: Stage) -> None:
    with site.client(headers={"Origin": site.nginx.url}) as browser:
        secret = {"email": "bo@shop.example", "password": PASSWORD}
        closed = browser.post("/api/auth/register", json=secret)
        grant_with_password(site, "bo@shop.example")
        answer = browser.post("/api/auth/login", json=secret)

    assert closed.status_code == 403
    assert closed.json()["code"] == "registration-closed"
    cookie = answer.headers["set-cookie"]
    assert re.match(r"__Host-lumiku_session=\S{20,};", cookie)
    rest = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= rest
    assert not any(part.startswith("domain") for part in rest)
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def from_(stage: Stage, address: str) -> httpx.Client:
    """A browser at an address of this machine."""
    transport = httpx.HTTPTransport(verify=stage.trusting(), local_address=address)
    return stage.client(transport=transport, headers={"Origin": stage.nginx.url})


def seen_as(browser: httpx.Client, email: str, **headers: str) -> str:
    """Where a new session of somebody's came from, as they are shown."""
    secret = {"email": email, "password": PASSWORD}
    answer = browser.post("/api/auth/login", json=secret, headers=headers)
    assert answer.status_code == 200, answer.text
    (mine,) = [
        one for one in browser.get("/api/sessions").json()["items"] if one["current"]
    ]
    address: str = mine["address"]
    return address


def test_the_server_sees_the_viewer_and_not_the_proxy(site: Stage) -> None:
    grant_with_password(site, "cy@shop.example")
    with from_(site, "127.0.0.5") as browser:
        plain = seen_as(browser, "cy@shop.example")
        forged = {"X-Forwarded-For": "198.51.100.66", "X-Real-IP": "198.51.100.66"}
        lying = seen_as(browser, "cy@shop.example", **forged)

    assert plain == "127.0.0.5"
    assert lying == "127.0.0.5"
    lines = map(json.loads, site.log("server").read_text().splitlines())
    logins = [one for one in lines if one.get("route") == "/api/auth/login"]
    assert [one["client"] for one in logins][-2:] == ["127.0.0.5"] * 2


def test_who_comes_past_the_proxy_is_not_believed(site: Stage) -> None:
    grant_with_password(site, "di@shop.example")
    direct = f"http://127.0.0.1:{site.port}"
    forged = {"X-Forwarded-For": "198.51.100.66", "X-Forwarded-Proto": "https"}
    secret = {"email": "di@shop.example", "password": PASSWORD}
    named = {"Host": f"localhost:{site.nginx.port}", "Origin": site.nginx.url}

    with httpx.Client(base_url=direct, headers=named, trust_env=False) as client:
        answer = client.post("/api/auth/login", json=secret, headers=forged)
        cookie = answer.headers["set-cookie"].split(";")[0]
        shown = client.get("/api/sessions", headers={"Cookie": cookie})

    assert [one["address"] for one in shown.json()["items"] if one["current"]] == [
        "127.0.0.1"
    ]


def test_limits_count_viewers_and_not_the_proxy(site: Stage) -> None:
    wrong = {"email": "nobody@shop.example", "password": "not this one either"}

    def tries(viewer: str, count: int) -> list[int]:
        with from_(site, EDGE) as edge:
            return [
                edge.post(
                    "/api/auth/login",
                    json=wrong | {"email": f"{number}@{viewer}.example"},
                    headers={"X-Forwarded-For": viewer},
                ).status_code
                for number in range(count)
            ]

    hasty = tries("203.0.113.7", 25)
    patient = tries("203.0.113.8", 1)

    assert hasty[-1] == 429
    assert patient == [401]
