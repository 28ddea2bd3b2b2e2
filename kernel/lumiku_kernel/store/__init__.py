"""The database: doors, tables, migrations, and a bell for changes."""

from lumiku_kernel.store.bell import Bell, ring_out
from lumiku_kernel.store.engine import POOL, Store, changed, now, upsert
from lumiku_kernel.store.ids import new_id

__all__ = ["POOL", "Bell", "Store", "changed", "new_id", "now", "ring_out", "upsert"]
