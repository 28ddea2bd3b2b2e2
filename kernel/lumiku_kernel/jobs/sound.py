"""Everything that must hold of credits, jobs, files and seals."""

from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs.files import verify_files
from lumiku_kernel.ledger.verify import verify
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store, seals


def verified(settings: Settings, store: Store) -> list[Finding]:
    """A finding for each rule; reads every file."""
    return [*verify(store), *verify_files(settings, store), *seals.check(store)]
