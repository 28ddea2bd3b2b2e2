"""Takes a whole installation into one file while it works, and brings it back.

A backup is a tar: `tables/<name>.jsonl` of one moment of the database, `files/<key>` of
the artifacts and uploads that this moment names, and, last of all, `manifest.json` with
the digest of each. It is the same for SQLite and PostgreSQL, so that it also moves an
installation from one to the other.
"""

from lumiku_kernel.backup.make import Made, back_up
from lumiku_kernel.backup.manifest import Manifest
from lumiku_kernel.backup.restore import Restored, restore

__all__ = ["Made", "Manifest", "Restored", "back_up", "restore"]
