"""What every answer says to browsers, to caches, to other sites; links to files."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient
from tests.kernel.site import Site, problem

from lumiku_kernel.accounts import links
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.settings import Settings
from lumiku_kernel.store.tables import accounts, artifacts
from lumiku_kernel.web.app import build

SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
PAGE = {"content-security-policy": "frame-ancestors 'none'"}
FILE = {"content-security-policy": "sandbox; default-src 'none'"}
ROUTES: list[tuple[str, str, int, dict[str, str]]] = [
    ("GET", "/", 200, PAGE),
    ("GET", "/account", 200, PAGE),
    ("GET", "/nowhere", 404, PAGE),
    ("GET", "/api/apps", 200, PAGE),
    ("GET", "/api/jobs", 200, PAGE),
    ("GET", "/api/auth/me", 200, PAGE),
    ("GET", "/api/nowhere", 404, PAGE),
    ("DELETE", "/api/jobs", 405, PAGE),
    ("GET", "/api/apps/acme-paint/boom", 500, PAGE),
    ("GET", "/api/apps/acme-paint/picture", 200, FILE),
    ("GET", "/api/artifacts/art_file", 200, FILE),
    ("GET", "/openapi.json", 200, PAGE),
    ("GET", "/livez", 200, PAGE),
    ("TRACE", "/", 405, PAGE),
]
MINE = "http://testserver"
SHOP = "https://shop.example"


@pytest.fixture(scope="module")
def viewer(site: Site) -> TestClient:
    """Somebody with an artifact `art_file`."""
    browser = site.browser()
    account = browser.get("/api/auth/me").json()["user"]["id"]
    job = browser.post("/api/apps/acme-paint/make", json={}).json()["job"]["id"]
    shelf = site.host.settings.data_dir / "artifacts"
    shelf.mkdir(exist_ok=True)
    (shelf / "file.png").write_bytes(b"0123456789")
    values = {"item": 0, "position": 0, "epoch": 0, "kind": "image", "meta": {}}
    kept = {"key": "file.png", "sha256": "a" * 64, "size": 10, "created_at": 0.0}
    ids = {"id": "art_file", "account_id": account, "job_id": job}
    with site.host.store.write() as session:
        row = {**values, **kept, **ids, "media_type": "image/png"}
        session.execute(insert(artifacts).values(row))
    return browser


@pytest.mark.parametrize(("method", "path", "status", "more"), ROUTES)
def test_every_answer_is_guarded(
    viewer: TestClient, method: str, path: str, status: int, more: dict[str, str]
) -> None:
    answer = viewer.request(method, path)

    assert answer.status_code == status
    told = answer.headers
    assert {name: told[name] for name in SAFE} == SAFE
    for name, part in more.items():
        assert part in told[name]
    assert "unsafe" not in told["content-security-policy"]
    assert {"cookie", "authorization"} <= {
        word.strip().lower() for word in told["vary"].split(",")
    }
    assert "access-control-allow-origin" not in told
    assert "strict-transport-security" not in told
    if "artifacts" not in path and path != "/livez":
        assert told["cache-control"] in ("no-store", "private, no-cache"), path
    assert "server" not in told


@pytest.fixture(scope="module")
def shared(site: Site) -> Iterator[Any]:
    """The same site behind HTTPS, which lets the pages of a shop use the API."""
    own = site.host.settings.model_dump() | {
        "public_url": "https://lumiku.example",
        "cors_origins": SHOP,
        "registration": "open",
    }
    host = Host(Settings(**own), "server")
    yield lambda **headers: TestClient(
        build(host), base_url="https://lumiku.example", headers=headers
    )
    host.store.close()


def test_behind_https_browsers_are_held_to_it(shared: Any) -> None:
    answer = shared().get("/livez")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_cookie_behind_https_is_for_this_host_alone(shared: Any) -> None:
    who = {"email": "secure@example.com", "password": "four words of mine"}

    cookie = shared().post("/api/auth/register", json=who).headers["set-cookie"]

    assert cookie.startswith("__Host-lumiku_session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def test_a_page_of_an_allowed_site_may_use_the_api_with_a_key(shared: Any) -> None:
    asked = shared(Origin=SHOP, **PREFLIGHT).options("/api/jobs")
    used = shared(Origin=SHOP).get("/api/apps")

    assert asked.status_code == 204
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    assert "POST" in asked.headers["access-control-allow-methods"]
    for answer in (asked, used):
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("origin", "path"),
    [
        ("https://evil.example", "/api/jobs"),
        ("https://shop.example.evil.example", "/api/jobs"),
        ("http://shop.example", "/api/jobs"),
        ("null", "/api/jobs"),
        (SHOP, "/"),
        (SHOP, "/login"),
    ],
)
def test_nobody_else_is_let_in(shared: Any, origin: str, path: str) -> None:
    asked = shared(Origin=origin, **PREFLIGHT).options(path)
    used = shared(Origin=origin).get(path, follow_redirects=False)

    for answer in (asked, used):
        assert "access-control-allow-origin" not in answer.headers


def test_without_the_setting_no_other_site_is_let_in(viewer: TestClient) -> None:
    answer = viewer.options("/api/jobs", headers={"Origin": SHOP, **PREFLIGHT})

    problem(answer, 405, "method-not-allowed")
    assert "access-control-allow-origin" not in answer.headers


def link_of(viewer: TestClient, seconds: int = 60) -> str:
    answer = viewer.post("/api/artifacts/art_file/link", json={"seconds": seconds})
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return "/files/" + url.rpartition("/")[2]


def test_a_link_opens_a_file_for_whoever_has_it(site: Site, viewer: TestClient) -> None:
    path = link_of(viewer)

    answer = site.client().get(path)

    assert (answer.status_code, answer.content) == (200, b"0123456789")
    told = answer.headers
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["referrer-policy"] == "no-referrer"
    assert told["cache-control"].startswith("private, max-age=")
    assert 'filename="image-1.png"' in told["content-disposition"]
    part = site.client(Range="bytes=2-4").get(path)
    assert (part.status_code, part.content) == (206, b"234")
    many = site.client(Range="bytes=" + ",".join(["0-9"] * 500)).get(path)
    assert len(many.content) == 10


def test_a_link_that_was_changed_or_is_too_old_opens_nothing(
    site: Site, viewer: TestClient
) -> None:
    path = link_of(viewer)
    said, _, seal = path.removeprefix("/files/").partition(".")
    account = viewer.get("/api/auth/me").json()["user"]["id"]
    other = links.sign((b"another key",), links.Link("art_file", account, 2**33))
    tokens = [f"{said}x.{seal}", f"{said}.{seal[:-2]}", f"{said}.", "x", ".", other]

    for token in (*tokens, "%00", "é", "a.b.c"):
        problem(site.client().get(f"/files/{token}"), 404, "not-found")
    key = (b"key",)
    old = links.sign(key, links.Link("art_file", account, 100))
    assert links.read(key, old, 99.0) is not None
    assert links.read(key, old, 100.0) is None


def test_a_link_dies_with_its_owners_account_or_its_file(site: Site) -> None:
    browser = site.browser()
    account = browser.get("/api/auth/me").json()["user"]["id"]
    mine = update(artifacts).where(artifacts.c.id == "art_file")
    with site.host.store.write() as session:
        before = session.execute(
            select(artifacts.c.account_id).where(artifacts.c.id == "art_file")
        ).scalar_one()
        session.execute(mine.values(account_id=account))
    path = link_of(browser)
    assert site.client().get(path).status_code == 200

    who = update(accounts).where(accounts.c.id == account)
    with site.host.store.write() as session:
        session.execute(who.values(disabled_at=1.0))
    problem(site.client().get(path), 404, "not-found")
    with site.host.store.write() as session:
        session.execute(who.values(disabled_at=None))
        session.execute(mine.values(account_id=before))
    problem(site.client().get(path), 404, "not-found")


def test_nobody_makes_a_link_to_anothers_file(site: Site, viewer: TestClient) -> None:
    assert viewer.get("/api/artifacts/art_file").status_code == 200

    answer = site.browser("operator").post("/api/artifacts/art_file/link", json={})

    problem(answer, 404, "not-found")
