"""Sign-in links: looked at, used once, taken back."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update
from starlette.testclient import TestClient
from tests.kernel.guests import ALL, BETTER, COOKIE, WHY, me, operator_of, sign_in
from tests.kernel.site import PASSWORD, Site, problem

from lumiku_kernel.accounts.sessions import sign_in_token
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import now
from lumiku_kernel.store.tables import accounts, sign_ins


def test_a_link_never_leads_to_an_address_that_is_none() -> None:
    assert Settings(host=ALL, port=80).url == "http://127.0.0.1:80"


def made_link(site: Site, browser: TestClient) -> str:
    with site.host.store.write() as session:
        return f"/sign-in/{sign_in_token(session, me(browser)['id'])}"


def test_looking_at_a_sign_in_link_does_not_use_it_up(site: Site) -> None:
    browser = site.browser()
    path = made_link(site, browser)

    assert site.client().head(path).status_code == 200
    seen = site.client().get(path)

    assert (seen.status_code, COOKIE in seen.cookies) == (200, False)
    assert me(browser)["email"] in seen.text
    assert site.client().post(path, follow_redirects=False).status_code == 303


def test_a_sign_in_link_works_once(site: Site) -> None:
    browser = site.browser()
    path = made_link(site, browser)
    clients = [site.client() for _ in range(4)]

    with ThreadPoolExecutor(4) as crowd:
        came = list(crowd.map(lambda c: c.post(path, follow_redirects=False), clients))

    assert sorted(one.status_code for one in came) == [303, 404, 404, 404]
    (winner,) = [c for c, one in zip(clients, came, strict=True) if one.is_redirect]
    assert me(winner)["id"] == me(browser)["id"]
    for late in (site.client().get(path), site.client().post(path)):
        problem(late, 404, "link-used")


def test_a_link_helps_who_has_forgotten_the_password(site: Site) -> None:
    browser, visitor = site.browser(), site.client()
    email, path = me(browser)["email"], made_link(site, browser)

    weak = visitor.post(path, data={"password": "Password1!"}, follow_redirects=False)
    strong = visitor.post(path, data={"password": BETTER}, follow_redirects=False)

    assert (weak.status_code, strong.status_code) == (422, 303)
    assert me(visitor)["email"] == email
    problem(browser.get("/api/auth/me"), 401, "session-expired")
    problem(sign_in(site, {"email": email, "password": PASSWORD}), 401, "login-failed")
    assert sign_in(site, {"email": email, "password": BETTER}).status_code == 200


def test_a_new_password_ends_the_links_that_were_given_out(site: Site) -> None:
    browser = site.browser()
    path = made_link(site, browser)

    change = {"current": PASSWORD, "password": BETTER}
    browser.post("/api/auth/password", json=change).raise_for_status()

    problem(site.client().post(path), 404, "link-used")


def test_an_operator_makes_links_and_takes_them_back(site: Site) -> None:
    operator, viewer = operator_of(site), site.browser()
    users_path = f"/api/admin/users/{me(viewer)['id']}/links"

    made = operator.post(users_path, json={**WHY, "hours": 2})

    assert made.status_code == 201
    url = made.json()["url"]
    assert url.startswith(f"{site.host.settings.url}/sign-in/")
    (row,) = operator.get(users_path).json()["items"]
    assert row["made_by"] == me(operator)["id"]
    assert url.rpartition("/")[2] not in str(row)
    gone = operator.request("DELETE", users_path, json=WHY)
    assert gone.json() == {"revoked": 1}
    path = url.removeprefix(site.host.settings.url)
    problem(site.client().post(path), 404, "link-used")
    log = operator.get("/api/admin/audit").json()["items"]
    assert [one["action"] for one in log[:2]] == ["user.unlink", "user.link"]


def test_a_program_makes_no_sign_in_links(site: Site) -> None:
    operator, viewer = operator_of(site), site.browser()
    program = site.program(operator, ("account:write", "operator"))

    made = program.post(f"/api/admin/users/{me(viewer)['id']}/links", json=WHY)

    problem(made, 403, "browser-only")


def test_a_link_dies_with_its_day_and_with_its_accounts_access(site: Site) -> None:
    old, shut = site.browser(), site.browser()
    paths = made_link(site, old), made_link(site, shut)
    late = sign_ins.c.account_id == me(old)["id"]
    out = accounts.c.id == me(shut)["id"]
    with site.host.store.write() as session:
        session.execute(update(sign_ins).where(late).values(expires_at=now() - 1))
        session.execute(update(accounts).where(out).values(disabled_at=now()))

    for path in paths:
        problem(site.client().get(path), 404, "link-used")
        problem(site.client().post(path), 404, "link-used")
