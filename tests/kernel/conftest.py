"""What the tests of the kernel stand on: a stranger's shop, a database, a server."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from tests.backends import DATABASES, Template
from tests.kernel.chronicled import APP
from tests.kernel.command import lumiku
from tests.kernel.guests import Door
from tests.kernel.listener import Listener, Talk
from tests.kernel.serving import commanding, serving
from tests.kernel.shop import Shop
from tests.kernel.site import ACME, DEAR, MUTE, Site

from lumiku_kernel.catalogue.models import reconcile
from lumiku_kernel.plugins.admission import Loaded
from lumiku_kernel.plugins.prepare import record
from lumiku_kernel.store import Store
from lumiku_kernel.store.migrate import migrate_kernel

PLUGINS = {"acme-paint": ACME, "acme-dear": DEAR, "acme-mute": MUTE}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """An empty one."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    shop = Shop(folder)
    yield shop
    for module in shop.modules:
        sys.modules.pop(module, None)


@pytest.fixture(params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    named: str = request.param
    return named


@pytest.fixture(scope="session")
def empty(request: pytest.FixtureRequest) -> Callable[[str], Template]:
    """For a kind of database, one with nothing in it."""

    def of(kind: str) -> Template:
        if kind == "sqlite":
            return Template()
        return Template(None, request.getfixturevalue("cluster"), "template1")

    return of


@pytest.fixture
def bare(
    kind: str, empty: Callable[[str], Template], tmp_path: Path
) -> Iterator[Store]:
    """A database with nothing in it."""
    with empty(kind).copied(tmp_path) as url:
        store = Store(url or f"sqlite:///{tmp_path / 'lumiku.db'}")
        yield store
        store.close()


@pytest.fixture
def store(bare: Store) -> Store:
    """A database with the kernel's tables."""
    migrate_kernel(bare)
    return bare


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a file: they leave no switch turned."""
    home = tmp_path_factory.mktemp("site")
    with serving(home, PLUGINS, max_body_bytes=10_000) as made:
        yield made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For a file: a data folder brought up by `lumiku migrate`, with an operator."""
    with commanding(tmp_path_factory.mktemp("cli"), PLUGINS) as data:
        made = lumiku("users", "create", "boss@example.com", "--role", "operator")
        assert made.code == 0
        yield data


@pytest.fixture
def data(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for each test, which the command line works on."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    monkeypatch.setenv("LUMIKU_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def listener() -> Iterator[Callable[[Talk], Listener]]:
    """Listeners, each of which says what it is told to; they end with the test."""
    made: list[Listener] = []

    def listen(talk: Talk) -> Listener:
        made.append(Listener(talk))
        return made[-1]

    yield listen
    for one in made:
        one.close()


@pytest.fixture
def door(site: Site, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Sets who may register."""

    def turned(word: Literal["open", "closed", "approval"]) -> None:
        settings = site.host.settings.model_copy(update={"registration": word})
        monkeypatch.setattr(site.host, "settings", settings)

    return turned


@pytest.fixture
def stocked(store: Store) -> Store:
    """One app, two models."""
    record(store, [Loaded("app", "acme-app", "1.0", plugin=APP)])
    reconcile(store, [(APP, "1.0")])
    return store
