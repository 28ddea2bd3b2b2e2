"""A server's application with the console in it."""

from collections.abc import Iterator

import pytest
from tests.kernel.site import Site

from lumiku_kernel.jobs.host import Host
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.web.app import build


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a file: they leave no switch turned."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("site"), plugins="operator-console"
    )
    store = Store(settings.database)
    prepare(settings, store)
    store.close()
    host = Host(settings, "server")
    host.watch.refresh()
    yield Site(build(host), host)
    host.store.close()
