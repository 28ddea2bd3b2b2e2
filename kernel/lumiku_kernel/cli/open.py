"""How a command comes to the settings and the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lumiku_contracts import Tier
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.store import Store


@contextmanager
def opened(*, migrated: bool = True) -> "Iterator[tuple[Settings, Store]]":
    """Settings and store; 503 `migration-pending` if the tables are not up to date."""
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.store import Store, ring_out
    from lumiku_kernel.store.migrate import require

    settings = Settings()
    store = Store(settings.database)
    ring_out(store, settings.redis)
    try:
        if migrated:
            require(store)
        yield settings, store
    finally:
        store.close()


def tier_named(word: str | None) -> "Tier | None":
    """The tier, or a usage error."""
    from lumiku_contracts import Tier

    if word is None:
        return None
    if word.upper() not in Tier.__members__:
        names = ", ".join(tier.word for tier in Tier)
        raise typer.BadParameter(f"a tier is one of {names}")
    return Tier[word.upper()]
