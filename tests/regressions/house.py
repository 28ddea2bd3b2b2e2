"""A data folder with strangers' apps, brought up as `lumiku up` does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kernel.shop import Shop

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.doctor import examine
from lumiku_kernel.errors import Finding
from lumiku_kernel.prepare import Prepared, prepare
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.verdict import Verdict, judge
from lumiku_kernel.visibility.watch import take


@dataclass
class Room:
    """Settings, a database, and what was done to it."""

    settings: Settings
    store: Store
    done: Prepared

    def verdict(self, app: str, tier: Tier = Tier.FREE) -> Verdict:
        """Through the eyes of a viewer of this tier."""
        return judge(take(self.store), Viewer("usr_a", tier), app)

    def found(self, check: str) -> list[Finding]:
        """What the doctor says of a check, apart from that all is well."""
        told = examine(self.settings, self.store)
        return [one for one in told if one.check == check and one.level != "ok"]

    def again(self) -> None:
        """Start once more."""
        self.done = prepare(self.settings, self.store)


@contextmanager
def opened(home: Path, shop: Shop, *, more: Any = None, **apps: str) -> Iterator[Room]:
    """A room with these apps, by id."""
    for ident, source in apps.items():
        shop.install(ident, source)
    given: dict[str, Any] = {"plugins": ",".join(apps) or "none", "database_url": None}
    given |= {"data_dir": home / "data", **(more or {})}
    settings = Settings(**given)
    store = Store(settings.database)
    yield Room(settings, store, prepare(settings, store))
    store.close()


def app(ident: str, **more: str) -> str:
    """The source of an app whose declaration has these parts."""
    parts = "".join(f", {name}={text}" for name, text in more.items())
    return f"""
    @hookimpl
    def lumiku_plugin() -> Plugin:
        return declared({ident!r}{parts})
    """
