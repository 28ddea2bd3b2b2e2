"""What the regressions stand on: a stranger's shop and a database of their own."""

from tests.kernel.conftest import bare, shop, site, store

__all__ = ["bare", "shop", "site", "store"]
