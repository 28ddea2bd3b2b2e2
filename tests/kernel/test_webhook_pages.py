"""Webhooks on the account page, without JavaScript."""

import re

import pytest
from tests.kernel.site import Site

PAGE = "/account/webhooks"
HOOK = "http://127.0.0.1:8080/hook"


@pytest.fixture(autouse=True)
def _near(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    near = {"outbound_private": "127.0.0.1:8080"}
    settings = site.host.settings.model_copy(update=near)
    monkeypatch.setattr(site.host, "settings", settings)


def test_a_viewer_adds_turns_over_and_removes_a_webhook(site: Site) -> None:
    browser = site.browser()

    made = browser.post(PAGE, data={"url": HOOK})
    (hook,) = browser.get("/api/webhooks").json()["items"]
    change = {"webhook": hook["id"]}
    turned = browser.post(f"{PAGE}/change", data={**change, "act": "rotate"})
    off = browser.post(f"{PAGE}/change", data={**change, "act": "off"})
    listed = browser.get(f"{PAGE}?of={hook['id']}")
    gone = browser.post(f"{PAGE}/change", data={**change, "act": "remove"})

    secrets = [re.findall(r"whsec_[\w+/=]+", one.text) for one in (made, turned)]
    assert (made.status_code, turned.status_code) == (201, 201)
    assert secrets[0]
    assert secrets[1]
    assert set(secrets[0]).isdisjoint(secrets[1])
    assert "whsec_" not in off.text + listed.text
    assert "Switch on" in listed.text
    assert "None has been sent." in listed.text
    assert HOOK not in gone.text


def test_an_address_inside_is_refused_beside_its_field(site: Site) -> None:
    browser = site.browser()

    for url in ("http://127.0.0.1/x", "not an address", ""):
        answer = browser.post(PAGE, data={"url": url})

        assert answer.status_code in (400, 403, 422), url
        assert 'id="url-fault"' in answer.text
    assert browser.get("/api/webhooks").json()["items"] == []


def test_another_s_webhook_is_as_absent(site: Site) -> None:
    owner, other = site.browser(), site.browser()
    owner.post(PAGE, data={"url": HOOK})
    (hook,) = owner.get("/api/webhooks").json()["items"]

    for act in ("rotate", "off", "remove"):
        data = {"webhook": hook["id"], "act": act}
        assert other.post(f"{PAGE}/change", data=data).status_code == 404
    assert other.get(f"{PAGE}?of={hook['id']}").status_code == 404
    assert owner.get("/api/webhooks").json()["items"] == [hook]
