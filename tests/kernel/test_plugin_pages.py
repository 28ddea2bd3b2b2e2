"""Plugins' pages: who may open them, and which the header links to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.site import Site

from lumiku_contracts import DeclarationError, Page
from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.web.app import build

BROWSER = {"Accept": "text/html"}
APP = '''
"""An app with a page for everybody, one for its viewers and one for operators."""

from pydantic import BaseModel
from lumiku_contracts import Model, Output, Page, Plugin, Worker, hookimpl


class Wanted(BaseModel):
    text: str = "Hello"


def run(task, item):
    return Output(b"", "text/plain", kind="export")


def load(call):
    return {"who": call.viewer.id or "nobody"}


@hookimpl
def lumiku_plugin():
    return Plugin(
        id="acme-pages",
        name="Acme Pages",
        models=(Model("plain", price=1),),
        workers=(Worker("make", accepts=Wanted, run="acme_pages:run"),),
        pages=(
            Page("/", "page.html", load, menu="Acme"),
            Page("/open", "page.html", load, auth="public", menu="Open"),
            Page("/staff", "page.html", load, auth="operator", menu="Staff"),
        ),
    )
'''
TEMPLATE = """{% extends "layout.html" %}
{% block main %}
<p>{{ app.name }}, seen by {{ who }}, {{ own("a.css") }}</p>
{% endblock %}
"""


def lay_out(folder: Path) -> None:
    """Put the distribution into a folder of the path."""
    package = folder / "acme_pages"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text(APP)
    (package / "templates" / "page.html").write_text(TEMPLATE)
    info = folder / "acme_pages-1.0.dist-info"
    info.mkdir()
    needs = "Requires-Dist: lumiku-contracts>=0.1"
    (info / "METADATA").write_text(f"Name: acme-pages\nVersion: 1.0\n{needs}\n")
    entry = "[lumiku.plugins]\nacme-pages = acme_pages\n"
    (info / "entry_points.txt").write_text(entry)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a file."""
    home = tmp_path_factory.mktemp("site")
    lay_out(home / "shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(home / "shop"))
        settings = Settings(data_dir=home / "data", plugins="acme-pages")
        store = Store(settings.database)
        prepare(settings, store)
        store.close()
        host = Host(settings, "server")
        host.watch.refresh()
        yield Site(build(host), host)
        host.store.close()


def test_a_public_page_is_there_for_strangers(site: Site) -> None:
    answer = site.client().get("/apps/acme-pages/open", headers=BROWSER)

    assert answer.status_code == 200
    assert "Acme Pages, seen by nobody, /static/apps/acme-pages/a.css" in answer.text


def test_a_viewers_page_asks_strangers_to_sign_in(site: Site) -> None:
    stranger = site.client().get(
        "/apps/acme-pages", headers=BROWSER, follow_redirects=False
    )
    viewer = site.browser().get("/apps/acme-pages", headers=BROWSER)

    assert (stranger.status_code, viewer.status_code) == (303, 200)
    assert "seen by usr_" in viewer.text


def test_an_operators_page_is_not_there_for_others(site: Site) -> None:
    address = "/apps/acme-pages/staff"
    clients = (site.client(), site.browser(), site.browser(role="operator"))

    found = [
        client.get(address, headers=BROWSER, follow_redirects=False).status_code
        for client in clients
    ]

    assert found == [404, 404, 200]


@pytest.mark.parametrize(
    ("who", "linked"),
    [
        ("stranger", {"Open"}),
        ("user", {"Acme", "Open"}),
        ("operator", {"Acme", "Open", "Staff"}),
    ],
)
def test_the_header_links_what_one_may_open(
    site: Site, who: str, linked: set[str]
) -> None:
    client = site.client() if who == "stranger" else site.browser(role=who)

    text = client.get("/apps/acme-pages/open", headers=BROWSER).text

    words = ("Acme", "Open", "Staff")
    assert {word for word in words if f'aria-label="{word}"' in text} == linked


def test_the_page_one_is_on_is_marked_and_no_other(site: Site) -> None:
    text = site.browser().get("/apps/acme-pages/open", headers=BROWSER).text

    nav = text.split('aria-label="Main"')[1].split("</nav>")[0]
    marked = [part for part in nav.split("<a ")[1:] if "aria-current" in part]
    assert ['aria-label="Open"' in part for part in marked] == [True]


def test_a_page_that_is_many_has_no_menu() -> None:
    with pytest.raises(DeclarationError, match="no menu"):
        Page("/{id}", "page.html", menu="Things")
