"""The console: there for operators, and for nobody else; it knows only the contract."""

import re
from pathlib import Path

import pytest
from tests.kernel.site import Site

import lumiku_console
from lumiku_console import SECTIONS, lumiku_plugin, path

HOME = "/apps/operator-console"
PACKAGE = Path(lumiku_console.__file__).parent
BROWSER = {"Accept": "text/html"}
PATHS = [f"{HOME}{path(section)}".rstrip("/") for section in SECTIONS]
SCRIPTS = sorted((PACKAGE / "static").glob("*.js"))


@pytest.mark.parametrize("address", PATHS)
def test_an_operator_opens_every_section(site: Site, address: str) -> None:
    answer = site.browser(role="operator").get(address, headers=BROWSER)

    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.text


@pytest.mark.parametrize("address", PATHS)
def test_for_a_viewer_and_for_a_stranger_no_section_is_there(
    site: Site, address: str
) -> None:
    for client in (site.browser(tier="enterprise"), site.client()):
        answer = client.get(address, headers=BROWSER, follow_redirects=False)

        assert answer.status_code == 404
        assert "Console" not in answer.text


def test_an_operators_key_without_the_scope_does_not_open_it(site: Site) -> None:
    operator = site.browser(role="operator")

    weak = site.program(operator, ("jobs:read",)).get(HOME, headers=BROWSER)
    full = site.program(operator, ("operator",)).get(HOME, headers=BROWSER)

    assert (weak.status_code, full.status_code) == (404, 200)


def test_the_header_links_it_for_operators_alone(site: Site) -> None:
    link = f'href="{HOME}"'

    assert link in site.browser(role="operator").get("/", headers=BROWSER).text
    assert link not in site.browser().get("/", headers=BROWSER).text
    assert link not in site.client().get("/login", headers=BROWSER).text


def test_it_is_never_listed_as_an_app(site: Site) -> None:
    operator = site.browser(role="operator", tier="enterprise")

    assert operator.get("/api/apps").json()["items"] == []
    assert operator.get("/api/apps/operator-console").status_code == 404


def test_it_declares_pages_and_nothing_else() -> None:
    plugin = lumiku_plugin()

    assert plugin.kind == "extension"
    assert {page.auth for page in plugin.pages} == {"operator"}
    assert [page.menu for page in plugin.pages if page.menu] == ["Console"]
    assert not plugin.routes + plugin.workers + plugin.models + plugin.providers


def test_its_python_imports_the_contract_and_nothing_else_of_ours() -> None:
    for file in PACKAGE.rglob("*.py"):
        ours = set(re.findall(r"(?:from|import) (lumiku_\w+)", file.read_text()))

        assert ours <= {"lumiku_contracts"}, file


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_its_scripts_call_only_the_public_admin_api(script: Path) -> None:
    text = script.read_text()

    assert set(re.findall(r"/api/\w+", text)) <= {"/api/admin"}
    assert "innerHTML" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_every_call_it_makes_is_one_of_the_api(site: Site) -> None:
    known = site.client().get("/openapi.json").json()["paths"]
    text = "".join(script.read_text() for script in SCRIPTS)
    called = re.findall(r'["`](/api/admin/[^"`]*)["`]', text)

    for address in called:
        wanted = re.sub(r"\$\{[^}]*\}", "[^/]+", address.split("?")[0])
        assert any(re.fullmatch(wanted, one) for one in known), address
    assert len(called) > len(SECTIONS)


def test_every_section_has_its_template_and_its_script() -> None:
    for section in SECTIONS:
        assert (PACKAGE / "templates" / f"{section}.html").is_file()
        assert (PACKAGE / "static" / f"{section}.js").is_file()
