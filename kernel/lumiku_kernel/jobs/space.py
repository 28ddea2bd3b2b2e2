"""Is there room for what is asked: on our disk, and within the tier's share."""

import shutil
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from lumiku_contracts import Viewer
from lumiku_kernel.accounts import tiers
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.artifacts import full
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import artifacts, uploads

MIB = 2**20


def free(settings: Settings) -> int:
    """Bytes free where the data is."""
    folder = settings.data_dir.resolve()
    return shutil.disk_usage(folder if folder.exists() else folder.parent).free


def check_disk(settings: Settings) -> None:
    """Raise 507 `disk-full` when less is free than the operator keeps in reserve."""
    if free(settings) < settings.disk_floor_mb * MIB:
        raise full("the data folder")


def used(session: Session, account_id: str) -> int:
    """Bytes of an account's artifacts and uploads."""
    totals = [
        select(func.coalesce(func.sum(table.c.size), 0))
        .where(table.c.account_id == account_id)
        .scalar_subquery()
        for table in (artifacts, uploads)
    ]
    return int(session.execute(select(totals[0] + totals[1])).scalar_one())


def check(settings: Settings, store: Store, viewer: Viewer, *, adding: int = 0) -> None:
    """Raise 507 before anything is written: `disk-full`, or `storage-full`.

    `adding` bytes are about to be kept; what a job will make is not known yet.
    """
    check_disk(settings)
    with store.read() as session:
        most = tiers.read(session).get(viewer.tier.word)
        if most is None or most.storage_bytes is None or viewer.id is None:
            return
        taken = used(session, viewer.id)
    if taken + adding < most.storage_bytes:
        return
    detail = (
        f"Your files take {taken // MIB} of {most.storage_bytes // MIB} MiB; "
        "delete some, or have your tier raised."
    )
    told: dict[str, Any] = {"used": taken, "most": most.storage_bytes}
    raise Problem(507, "storage-full", detail, extra=told)
