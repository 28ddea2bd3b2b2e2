"""A server's application and a command line over data of their own, with a shop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.kernel.command import lumiku
from tests.kernel.shop import Shop
from tests.kernel.site import Site

from lumiku_kernel.jobs.host import Host
from lumiku_kernel.jobs.presence import Presence
from lumiku_kernel.prepare import prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import processes
from lumiku_kernel.web.app import build


@contextmanager
def selling(home: Path, plugins: Mapping[str, str]) -> Iterator[pytest.MonkeyPatch]:
    """A shop below `home` with plugins (source by id) is on the path meanwhile."""
    shop = Shop(home / "shop")
    shop.folder.mkdir()
    for ident, source in plugins.items():
        shop.install(ident, source)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(shop.folder))
        yield patch


@contextmanager
def commanding(home: Path, plugins: Mapping[str, str]) -> Iterator[Path]:
    """The data folder that commands work on, brought up by `lumiku migrate`."""
    with selling(home, plugins) as patch:
        patch.setenv("LUMIKU_PLUGINS", ",".join(plugins))
        patch.setenv("LUMIKU_DATA_DIR", str(home / "data"))
        assert lumiku("migrate").code == 0
        yield home / "data"


@contextmanager
def serving(home: Path, plugins: Mapping[str, str], **settings: Any) -> Iterator[Site]:
    """A site below `home` with plugins (source by id), and a worker that lives."""
    with selling(home, plugins):
        chosen = Settings(data_dir=home / "data", plugins=",".join(plugins), **settings)
        store = Store(chosen.database)
        prepare(chosen, store)
        store.close()
        host = Host(chosen, "server")
        Presence(host.store, chosen, "worker", host.registry, None).appear()
        with host.store.write() as session:  # alive until the year 2286
            session.execute(update(processes).values(seen_at=9_999_999_999.0))
        host.watch.refresh()
        yield Site(build(host), host)
        host.store.close()
