"""Credits by HTTP and by command line: statements, refunds, modes, the way to more."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient
from tests.kernel.command import lumiku
from tests.kernel.site import Site, problem

from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs import finish
from lumiku_kernel.jobs.cancel import cancel
from lumiku_kernel.ledger.allowance import period, renew
from lumiku_kernel.ledger.post import grant
from lumiku_kernel.ledger.statement import guarded
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.settings import Settings
from lumiku_kernel.store.tables import jobs

WHY = {"reason": "it was ugly"}


@pytest.fixture(scope="module")
def operator(site: Site) -> TestClient:
    return site.browser("operator")


def start(browser: TestClient, **body: Any) -> dict[str, Any]:
    """A job accepted."""
    app = browser.get("/api/apps/acme-paint").json()
    path = f"/api/apps/acme-paint/{app['workers'][0]['name']}"
    answer = browser.post(path, json=body)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()["job"]
    return job


def deliver(site: Site, job_id: str) -> None:
    """Make all of a job, as a worker process would that has claimed it."""
    mine = jobs.c.id == job_id
    with site.host.store.write() as session:
        taken = update(jobs).where(mine).values(state="running", epoch=jobs.c.epoch + 1)
        session.execute(taken)
        job = dict(session.execute(select(jobs).where(mine)).mappings().one())
        for index in range(job["items_total"]):
            finish.item_done(session, job, index, [], None)
        finish.end(session, job_id, epoch=job["epoch"], from_states=("running",))


def account(browser: TestClient) -> str:
    ident: str = browser.get("/api/auth/me").json()["user"]["id"]
    return ident


def entries(browser: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = browser.get("/api/credits/entries", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def broken(site: Site) -> list[Finding]:
    return [one for one in verify(site.host.store) if one.level != "ok"]


def test_a_statement_tells_each_movement_and_what_was_there_after_it(
    site: Site,
) -> None:
    browser = site.browser()
    job = start(browser)
    cancel(site.host.store, job["id"], account(browser))

    newest, middle, oldest = entries(browser)

    price = job["price"]
    assert [
        (one["kind"], one["amount"], one["balance"]) for one in (newest, middle)
    ] == [
        ("finalize", price, 100),
        ("reserve", -price, 100 - price),
    ]
    assert (oldest["kind"], oldest["reason"], oldest["balance"]) == (
        "grant",
        "welcome",
        100,
    )
    assert (newest["job_id"], newest["app"]) == (job["id"], "acme-paint")
    assert oldest["app"] is None


def test_a_statement_is_filtered_and_paged(site: Site) -> None:
    browser = site.browser()
    for _ in range(3):
        start(browser)
    whole = entries(browser)

    first = browser.get("/api/credits/entries", params={"limit": 2}).json()
    second = entries(browser, limit=2, cursor=first["next_cursor"])

    assert first["items"] + second == whole
    assert [one["kind"] for one in entries(browser, kind="grant")] == ["grant"]
    assert entries(browser, kind="reserve") == whole[:3]
    assert entries(browser, until="2020-01-01T00:00:00") == []
    assert entries(browser, since="2020-01-01T00:00:00Z") == whole
    problem(
        browser.get("/api/credits/entries", params={"kind": "gift"}),
        422,
        "invalid-input",
    )


def test_nobody_reads_anothers_statement(site: Site) -> None:
    start(site.browser())

    assert [one["kind"] for one in entries(site.browser())] == ["grant"]
    problem(site.client().get("/api/credits/statement.csv"), 401, "not-signed-in")


def test_a_sheet_holds_no_formula_of_anybodys(site: Site) -> None:
    browser = site.browser()
    with site.host.store.write() as session:
        reason = '=HYPERLINK("http://evil.example")'
        grant(session, account(browser), 7, actor="test", reason=reason)

    answer = browser.get("/api/credits/statement.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert rows[0]["reason"] == f"'{reason}"
    assert [(row["amount"], row["balance"]) for row in rows] == [
        ("7", "107"),
        ("100", "100"),
    ]


@pytest.mark.parametrize("word", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_every_beginning_of_a_formula_is_guarded(word: str) -> None:
    assert guarded(word) == f"'{word}"
    assert guarded(-5) == -5


def test_the_allowance_is_shown_with_what_is_left_of_it(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/api/credits").json() == {"available": 100, "reserved": 0}
    with site.host.store.write() as session:
        renew(session, account(browser), 40, period("month", site.host.store.now()))

    told = browser.get("/api/credits").json()

    assert (told["available"], told["allowance"]["left"]) == (140, 40)
    assert told["allowance"]["renews_at"].endswith("-01T00:00:00.000Z")


def test_an_operator_gives_back_what_a_job_has_cost_and_no_more(
    site: Site, operator: TestClient
) -> None:
    browser = site.browser()
    job = start(browser)
    path = f"/api/admin/jobs/{job['id']}/refund"
    problem(operator.post(path, json=WHY), 409, "refund-too-much")
    deliver(site, job["id"])

    part = operator.post(path, json={**WHY, "amount": 1}).json()
    too_much = operator.post(path, json={**WHY, "amount": job["price"]})
    rest = operator.post(path, json=WHY).json()
    told = operator.get("/api/admin/audit").json()["items"][0]

    assert (part["amount"], part["left"]) == (1, job["price"] - 1)
    assert problem(too_much, 409, "refund-too-much")["left"] == job["price"] - 1
    assert (rest["amount"], rest["refunded"], rest["left"]) == (
        job["price"] - 1,
        job["price"],
        0,
    )
    assert (told["action"], told["subject"], told["reason"]) == (
        "job.refund",
        job["id"],
        WHY["reason"],
    )
    assert browser.get("/api/credits").json()["available"] == 100
    assert [one["kind"] for one in entries(browser)][:2] == ["refund", "refund"]
    assert broken(site) == []


def test_a_refund_sent_again_with_its_key_gives_back_once(
    site: Site, operator: TestClient
) -> None:
    job = start(site.browser())
    deliver(site, job["id"])
    path, body = f"/api/admin/jobs/{job['id']}/refund", {**WHY, "amount": 1}

    answers = [
        operator.post(path, json=body, headers={"Idempotency-Key": "one"}).json()
        for _ in range(3)
    ]

    assert [(one["amount"], one["refunded"]) for one in answers] == [(1, 1)] * 3


def test_a_refund_is_for_operators_with_a_reason(
    site: Site, operator: TestClient
) -> None:
    browser = site.browser()
    path = f"/api/admin/jobs/{start(browser)['id']}/refund"

    problem(browser.post(path, json=WHY), 403, "operator-only")
    problem(operator.post(path, json={}), 422, "invalid-input")
    for amount in (0, -5, 10**12, 1.5, "1e3"):
        answer = operator.post(path, json={**WHY, "amount": amount})
        problem(answer, 422, "invalid-input")
    absent = "/api/admin/jobs/job_none/refund"
    problem(operator.post(absent, json=WHY), 404, "not-found")


@pytest.fixture
def changed(site: Site) -> Iterator[Settings]:
    """The site's settings, to be changed and put back."""
    kept = site.host.settings
    site.host.settings = kept.model_copy()
    yield site.host.settings
    site.host.settings = kept


def test_who_lacks_credits_is_told_where_there_are_more(
    site: Site, changed: Settings
) -> None:
    changed.topup_url = "https://shop.example/plans"
    browser = site.browser()
    with site.host.store.write() as session:
        grant(session, account(browser), -100, actor="test", reason="test")
    worker = browser.get("/api/apps/acme-paint").json()["workers"][0]["name"]
    path = f"/api/apps/acme-paint/{worker}"

    refused = problem(browser.post(path, json={}), 402, "insufficient-credits")
    quoted = browser.post(f"{path}/quote", json={}).json()

    assert refused["topup_url"] == quoted["topup_url"] == changed.topup_url
    assert browser.get("/api/credits").json()["topup_url"] == changed.topup_url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "/\\evil", "x"]
)
def test_a_link_to_more_credits_is_a_link(url: str) -> None:
    with pytest.raises(ValueError, match="path such as"):
        Settings(topup_url=url)


def test_what_the_command_line_says_of_credits(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(site.host.settings.data_dir))
    browser = site.browser()
    email = browser.get("/api/auth/me").json()["user"]["email"]
    job = start(browser)
    deliver(site, job["id"])

    back = lumiku("credits", "refund", job["id"], "--amount", "1", "--reason", "why")
    again = lumiku("credits", "refund", job["id"], "--amount", "999", "--reason", "no")
    shown = lumiku("credits", "show", email, "--json").json["items"][0]
    listed = lumiku("credits", "statement", email, "--kind", "refund", "--json").json
    sheet = lumiku("credits", "statement", email, "--csv")

    assert (back.code, again.code) == (0, 1)
    assert "refund-too-much" in again.err
    assert shown["available"] == 100 - job["price"] + 1
    assert [one["amount"] for one in listed["items"]] == [1]
    assert sheet.out.startswith("at,kind,amount,balance,job_id,app,reason")
    assert lumiku("credits", "statement", email, "--kind", "gift").code == 2
    assert lumiku("credits", "statement", email, "--since", "soon").code == 2


def test_a_page_shows_what_there_is_and_each_movement(
    site: Site, changed: Settings
) -> None:
    changed.topup_url = "/plans"
    browser = site.browser()
    with site.host.store.write() as session:
        grant(session, account(browser), 7, actor="test", reason="<b>bold</b>")
    job = start(browser)

    shown = browser.get("/credits", headers={"Accept": "text/html"}).text
    given = browser.get("/credits", params={"kind": "grant"}).text

    assert f"{107 - job['price']} to spend" in shown
    assert f'href="/jobs/{job["id"]}"' in shown
    assert "&lt;b&gt;bold" in shown
    assert 'href="/plans"' in shown
    assert job["id"] not in given
    assert site.client().get("/credits", follow_redirects=False).status_code == 303
