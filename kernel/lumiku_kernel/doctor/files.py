"""The data folder, the files in it, and the files of this installation."""

import secrets
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from sqlalchemy import func, select

from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs.artifacts import Unkept
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.space import MIB, free
from lumiku_kernel.store import sentinel
from lumiku_kernel.store.tables import artifacts

SAMPLE = 50


def storage(asked: Question) -> Iterator[Finding]:
    """F01: the data folder is the one this database was set up with."""
    folder = asked.settings.data_dir.resolve()
    wanted, found = sentinel.known(asked.store), sentinel.written(folder)
    if wanted is not None and wanted != found:
        with asked.store.read() as session:
            count = session.execute(select(func.count(artifacts.c.id))).scalar_one()
        what = "is of another installation" if found else "is not the one it was"
        cause = f"{folder} {what}; the database has {count} files. Is it mounted?"
        fix = f"mount it, or: echo {wanted} > {folder / sentinel.NAME}"
        yield Finding("F01", "error", cause, fix, {"wanted": wanted, "found": found})
    else:
        yield Finding("F01", "ok", f"{folder} is this database's.")


def room(asked: Question) -> Iterator[Finding]:
    """F03: there is room; without, no job is accepted, and all else goes on."""
    there, floor = free(asked.settings), asked.settings.disk_floor_mb
    level = "ok" if there >= floor * MIB else "error"
    folder = asked.settings.data_dir.resolve()
    cause = f"{there // MIB} MiB are free in {folder}; {floor} are to stay so."
    fix = "" if level == "ok" else "free some space there, or set LUMIKU_DISK_FLOOR_MB"
    yield Finding("F03", level, cause, fix, {"free": there})


def written(asked: Question) -> Iterator[Finding]:
    """F01: what is written there can be read and removed again."""
    path = asked.settings.data_dir.resolve() / f".trial-{secrets.token_hex(4)}"
    try:
        path.write_text("lumiku")
        right = path.read_text() == "lumiku"
        path.unlink()
    except OSError as error:
        right, said = False, str(error)
    else:
        said = "what was written is not what was read"
    if right:
        yield Finding("F01", "ok", "Files can be written, read and removed.")
    else:
        cause = f"The data folder cannot be used: {said}."
        yield Finding("F01", "error", cause, f"chown -R $(id -u) {path.parent}")


def sample(asked: Question) -> Iterator[Finding]:
    """F02: the newest artifacts have their files."""
    shelf = shelf_of(asked.settings)
    newest = select(artifacts.c.id, artifacts.c.key).order_by(artifacts.c.id.desc())
    with asked.store.read() as session:
        rows = session.execute(newest.limit(SAMPLE)).all()
    try:
        lost = [row.id for row in rows if shelf.size(row.key) is None]
    except Unkept as away:
        yield Finding("F02", "error", away.detail, "lumiku config")
        return
    if lost:
        cause = f"{len(lost)} of the {len(rows)} newest artifacts have no file."
        yield Finding("F02", "error", cause, "lumiku verify", {"artifacts": lost})
    else:
        yield Finding(
            "F02", "ok", f"The {len(rows)} newest artifacts have their files."
        )


def installed(asked: Question) -> Iterator[Finding]:
    """X02: every file that installed distributions declare is there."""
    plugins = asked.snapshot.configuration.plugins.values()
    lost: dict[str, list[str]] = {}
    for name in ["lumiku-kernel", *(p.dist for p in plugins if p.state == "ready")]:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            lost[name] = ["the distribution itself"]
            continue
        # Caches are made and removed at will.
        absent = [str(f) for f in files if f.suffix != ".pyc" and not _there(f)]
        if absent:
            lost[name] = absent
    for name, absent in lost.items():
        cause = f"{name} lacks {len(absent)} files, {absent[0]} among them."
        fix = f"pip install --force-reinstall {name}"
        yield Finding("X02", "error", cause, fix, {"files": absent[:10]})
    if not lost:
        version = distribution("lumiku-kernel").version
        yield Finding("X02", "ok", f"All files of release {version} are there.")


def _there(file: object) -> bool:
    place = file.locate()  # type: ignore[attr-defined]
    return bool(place.exists())
