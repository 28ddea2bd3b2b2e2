"""Which shelf files are kept on."""

from lumiku_kernel.jobs.artifacts import Folder, Shelf
from lumiku_kernel.settings import Settings


def shelf_of(settings: Settings) -> Shelf:
    """The shelf that the settings name."""
    if settings.artifacts_url is None:
        return Folder(settings.data_dir.resolve() / "artifacts")
    from lumiku_kernel.jobs.bucket import Bucket  # noqa: PLC0415 (an extra's library)

    return Bucket.of(settings)
