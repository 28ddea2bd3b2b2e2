"""The data folder, the files in it, and the files of this installation."""

import secrets
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from sqlalchemy import ColumnElement, func, select

from lumiku_kernel.doctor.question import Question
from lumiku_kernel.errors import Finding
from lumiku_kernel.jobs.artifacts import Unkept
from lumiku_kernel.jobs.shelves import shelf_of
from lumiku_kernel.jobs.space import MIB, free
from lumiku_kernel.store import now, sentinel
from lumiku_kernel.store.tables import artifacts, jobs, uploads

SAMPLE = 50
WEEK_DAYS = 7
SOON_DAYS = 14
"""A disk that is full before so many days is worth a warning."""


def storage(asked: Question) -> Iterator[Finding]:
    """F01: the data folder is the one this database was set up with."""
    folder = asked.settings.data_dir.resolve()
    if _is_scratch(asked):
        yield Finding("F01", "ok", f"Nothing is kept in {folder}.")
        return
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


def roots(asked: Question) -> Iterator[Finding]:
    """F05: every process that lives has the same data folder as this database."""
    if _is_scratch(asked):
        yield Finding("F05", "ok", "Each process may have a data folder of its own.")
        return
    wanted = sentinel.known(asked.store)
    own = sentinel.mark(asked.settings.data_dir.resolve())
    there = [one for one in asked.snapshot.presence.everyone if "root" in one.attested]
    other = [
        one
        for one in there
        if one.attested["root"] != wanted
        or (own and (one.attested.get("mark") or own) != own)
    ]
    for one in other:
        folder = one.attested["folder"]
        cause = f"The {one.role} {one.name} has another data folder: {folder}."
        fix = f"mount the volume at {folder} of {one.name}, and restart it"
        told = {"process": one.id, "wanted": wanted, "found": one.attested["root"]}
        yield Finding("F05", "error", cause, fix, told)
    if not other:
        cause = f"{len(there)} processes have this data folder."
        yield Finding("F05", "ok", cause)


def _is_scratch(asked: Question) -> bool:
    """Whether rows are in a server's database, and files in an object store."""
    return asked.settings.artifacts_url is not None and not asked.store.is_sqlite


def forecast(asked: Question) -> Iterator[Finding]:
    """F04: at the pace of the last seven days there is room for a while."""
    since = now() - WEEK_DAYS * 86400.0
    with asked.store.read() as session:
        kept = [
            session.execute(
                select(
                    func.coalesce(func.sum(t.c.size), 0), func.min(t.c.created_at)
                ).where(t.c.created_at > since)
            ).one()
            for t in (artifacts, uploads)
        ]
        at = session.execute(select(now())).scalar_one()
    began = min((first for _, first in kept if first is not None), default=at)
    days = max(1.0, (at - began) / 86400.0)
    pace = sum(size for size, _ in kept) / days
    left = max(0, free(asked.settings) - asked.settings.disk_floor_mb * MIB)
    told = {"bytes_a_day": round(pace), "free": left}
    if asked.settings.artifacts_url is not None or pace == 0:
        yield Finding("F04", "ok", "The disk does not fill with files.", evidence=told)
        return
    until = left / pace
    room_for = "less than a day" if until < 1 else f"{until:.0f} days"
    room_for = "1 day" if room_for == "1 days" else room_for
    cause = f"{sized(pace)} a day are kept: room for {room_for}."
    if until < SOON_DAYS:
        kind, most = max(_kinds(asked, since).items(), key=lambda one: one[1])
        cause += f" Most of it, {sized(most / days)} a day, is {kind}."
        fix = "lumiku tiers set free --retention-days 30 --reason 'room'"
        if until < 1:
            fix = (
                "lumiku retention --now; then give the volume more, or keep less: "
                "lumiku tiers set free --retention-days 7 --reason 'room'"
            )
        level = "error" if until < 1 else "warn"
        yield Finding("F04", level, cause, fix, told | {"days": round(until, 1)})
    else:
        yield Finding("F04", "ok", cause, evidence=told | {"days": round(until)})


def _kinds(asked: Question, since: ColumnElement[float]) -> dict[str, int]:
    """Bytes kept since a moment, by what keeps them."""
    size = func.coalesce(func.sum(artifacts.c.size), 0)
    made = (
        select(jobs.c.plugin_id, size)
        .join(artifacts, artifacts.c.job_id == jobs.c.id)
        .where(artifacts.c.created_at > since)
        .group_by(jobs.c.plugin_id)
    )
    sent = select(func.coalesce(func.sum(uploads.c.size), 0))
    with asked.store.read() as session:
        found = {f"files of {app}": int(n) for app, n in session.execute(made)}
        own = session.execute(sent.where(uploads.c.created_at > since)).scalar_one()
    return found | {"uploads of viewers": int(own)}


def sized(count: float) -> str:
    """Bytes for people: at most three digits before the point."""
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    for unit in units[:-1]:
        if count < 1000:  # noqa: PLR2004 (three digits)
            return f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} {units[-1]}"


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
    named = select(artifacts.c.id, artifacts.c.key, artifacts.c.size)
    newest = named.order_by(artifacts.c.id.desc())
    with asked.store.read() as session:
        rows = session.execute(newest.limit(SAMPLE)).all()
    try:
        sizes = {row.id: shelf.size(row.key) for row in rows}
    except Unkept as away:
        yield Finding("F02", "error", away.detail, "lumiku config")
        return
    lost = [row.id for row in rows if sizes[row.id] is None]
    other = [row.id for row in rows if sizes[row.id] not in (None, row.size)]
    for ids, what in ((lost, "no file"), (other, "a file of another size")):
        if ids:
            cause = f"{len(ids)} of the {len(rows)} newest artifacts have {what}."
            yield Finding("F02", "error", cause, "lumiku verify", {"artifacts": ids})
    if not lost and not other:
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
