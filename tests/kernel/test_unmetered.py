"""With credits off none is asked for, shown or charged, whoever looks and where."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.kernel.serving import serving
from tests.kernel.site import ACME, PASSWORD, Site

from lumiku_kernel.accounts.keys import create_key
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.store.tables import ledger_entries, tiers
from lumiku_kernel.visibility.census import BEST
from lumiku_kernel.visibility.explain import model_words
from lumiku_kernel.visibility.verdict import judge

BROWSER = {"accept": "text/html"}
PAINT = "/api/apps/acme-paint/make"
COUNTED = re.compile(r"\d+(?:<[^>]+>)*\s*credits?\b|>Paid\b|set aside", re.IGNORECASE)
"""An amount of credits, or what was done with one, as a page would say it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one app whose models have prices, and credits off."""
    home = tmp_path_factory.mktemp("unmetered")
    off = {"credits_mode": "off", "topup_url": "https://shop.example.org/credits"}
    with serving(home, {"acme-paint": ACME}, **off) as made:
        with made.host.store.write() as session:  # what tiers grant is not granted here
            session.execute(tiers.update().values(allowance=7))
        yield made


def sent(viewer: TestClient, **headers: str) -> dict[str, Any]:
    answer = viewer.post(PAINT, json={}, headers=headers)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()["job"]
    return job


def moved(site: Site) -> list[tuple[str, int]]:
    """Every movement of credits there has been."""
    with site.host.store.read() as session:
        return [
            (row.purse, row.amount) for row in session.execute(ledger_entries.select())
        ]


def test_no_page_speaks_of_an_amount_of_credits(site: Site) -> None:
    viewer = site.browser(role="operator", tier="enterprise")
    job = sent(viewer)
    paths = ("/", "/jobs", f"/jobs/{job['id']}", "/apps/acme-paint", "/account")

    for path in paths:
        page = viewer.get(path, headers=BROWSER)
        assert page.status_code == 200, path
        found = COUNTED.findall(page.text)
        assert not found, f"{path} says {found}"
        assert 'class="purse"' not in page.text, path
        assert 'class="cost"' not in page.text, path
        assert "data-unmetered" in page.text, path


def test_the_door_promises_no_credits(site: Site) -> None:
    page = site.client().get("/register", headers=BROWSER)

    assert page.status_code == 200
    assert not COUNTED.findall(page.text)


def test_the_page_of_credits_says_that_nothing_costs_any(site: Site) -> None:
    page = site.browser().get("/credits", headers=BROWSER)

    assert "Nothing costs credits here." in page.text
    assert "Get more credits" not in page.text
    assert "to spend" not in page.text


def test_the_api_says_everywhere_that_credits_are_off(site: Site) -> None:
    viewer = site.browser()

    me = viewer.get("/api/auth/me").json()["credits"]
    purse = viewer.get("/api/credits").json()
    quote = viewer.post(f"{PAINT}/quote", json={}).json()
    models = viewer.get("/api/apps/acme-paint/models").json()["items"]

    assert me["mode"] == purse["mode"] == "off"
    assert purse.keys() == {"available", "reserved", "mode"}
    assert (quote["price"], quote["affordable"]) == (0, True)
    assert [line["total"] for line in quote["breakdown"]] == [0]
    assert {one["price"] for one in models} == {0}


def test_a_job_is_taken_from_whoever_has_no_credits_and_moves_none(site: Site) -> None:
    viewer = site.browser()
    mine = viewer.get("/api/auth/me").json()["user"]["id"]
    with site.host.store.write() as session:
        _, secret = create_key(session, mine, "program", budget_per_day=0)
    program = site.client(Authorization=f"Bearer {secret}")
    before = moved(site)

    by_page, by_key = sent(viewer), sent(program, **{"Idempotency-Key": "1"})
    canceled = viewer.post(f"/api/jobs/{by_page['id']}/cancel").json()["job"]
    again = viewer.post(f"/api/jobs/{by_page['id']}/retry").json()["job"]

    for job in (by_page, by_key, canceled, again):
        assert (job["price"], job["settled"], job["released"]) == (0, 0, 0)
    assert moved(site) == before
    assert not [one for one in verify(site.host.store) if one.level == "error"]


def test_the_command_line_names_no_price(site: Site) -> None:
    verdict = judge(site.host.watch.snapshot, BEST, "acme-paint")

    assert list(model_words(verdict, "acme-paint:plain")) == [
        "acme-paint:plain is usable."
    ]


def test_who_comes_in_keeps_what_they_would_have_been_given(site: Site) -> None:
    """Credits may be switched on one day; nobody is to be poorer for coming early."""
    who = {"email": "early@example.com", "password": PASSWORD}
    told = site.client().post("/api/auth/register", json=who).json()

    assert told["credits"] == {"available": 100, "reserved": 0, "mode": "off"}
