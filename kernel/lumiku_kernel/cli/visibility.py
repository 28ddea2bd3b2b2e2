"""`visibility`: every app for every tier, as it is, as agreed, and as it was."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, group, say, show
from lumiku_kernel.cli.open import opened, tier_named

if TYPE_CHECKING:
    from lumiku_kernel.visibility.lock import Lock
    from lumiku_kernel.visibility.snapshot import Snapshot

visibility = group("visibility", "Every app for every tier, checked against a lock.")

LOCK = Path("visibility.lock")
File = Annotated[Path, typer.Argument(help="A lock.", metavar="FILE")]


def _now() -> "Snapshot":
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.visibility.watch import take

    with opened() as (settings, store):
        return take(store, Local.of(settings))


def _read(file: Path) -> dict[str, dict[str, list[str]]]:
    return lock_in(file).agreed


def lock_in(file: Path) -> "Lock":
    """The lock in a file; 404 `no-lock`, 422 `lock-invalid`."""
    from lumiku_kernel.errors import Problem
    from lumiku_kernel.visibility.lock import read

    try:
        text = file.read_text()
    except OSError as error:
        fix = f"lumiku visibility lock {file}"
        detail = f"The lock {file} cannot be read: {error.strerror}."
        raise Problem(404, "no-lock", detail, fix=fix) from error
    return read(text)


@visibility.command("check")
def check(
    lock: Annotated[
        Path | None,
        typer.Option(help="Without it, ./visibility.lock, or what is declared."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Exit 1 if a tier can use other models than agreed; each with its gate and fix."""
    from lumiku_kernel.visibility.lock import differences, intended

    snapshot = _now()
    file = lock or (LOCK if LOCK.exists() else None)
    agreed = _read(file) if file else intended(snapshot)
    found = [one.row() for one in differences(agreed, snapshot)]
    if as_json or found:
        columns = ("app", "tier", "model", "usable", "gate", "cause", "fix")
        show(found, columns, as_json=as_json)
    if not as_json:
        against = str(file) if file else "what is declared"
        say(f"{len(found)} differences from {against}")
    if found:
        raise typer.Exit(1)


@visibility.command("lock")
def lock(file: File = LOCK) -> None:
    """Write which models each tier can use now."""
    from lumiku_kernel.visibility.lock import dump, packages, usable

    snapshot = _now()
    agreed = usable(snapshot)
    file.write_text(dump(agreed, packages(snapshot)))
    say(f"{file}: {len(agreed)} apps")


@visibility.command("diff")
def diff(a: File, b: File, *, as_json: AsJson = False) -> None:
    """What one lock has that another has not; exit 1 if they differ."""
    from lumiku_kernel.visibility.lock import changes

    found = list(changes(_read(a), _read(b)))
    show(found, ("app", "tier", "model", "change"), as_json=as_json)
    if found:
        raise typer.Exit(1)


@visibility.command("matrix")
def matrix(*, as_json: AsJson = False) -> None:
    """Every app for every tier."""
    from lumiku_kernel.visibility.lock import matrix as rows_of

    rows = rows_of(_now())
    if as_json:
        show(rows, (), as_json=True)
        return
    table = [
        {"app": row["app"], **{t: _cell(one) for t, one in row["tiers"].items()}}
        for row in rows
    ]
    tiers = list(rows[0]["tiers"]) if rows else []
    show(table, ("app", *tiers), as_json=False)


def _cell(one: dict[str, Any]) -> str:
    if not one["visible"]:
        return " ".join(one["codes"])
    models = f"{len(one['models'])} models"
    return models if one["runnable"] else f"{models}, {' '.join(one['degraded'])}"


@visibility.command("history")
def history(
    app: Annotated[str | None, typer.Option(help="Of one app.")] = None,
    tier: Annotated[str | None, typer.Option(help="For one tier.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    *,
    as_json: AsJson = False,
) -> None:
    """What became of verdicts and by what cause, newest first."""
    from lumiku_kernel.clock import iso
    from lumiku_kernel.visibility import chronicle

    wanted = tier_named(tier)
    word = wanted.word if wanted is not None else None
    with opened() as (_, store), store.read() as session:
        rows = chronicle.history(session, app=app, tier=word, limit=limit)
    told = [{**row, "at": iso(row["at"])} for row in rows]
    columns = ("at", "app", "tier", "before", "after", "codes", "cause")
    show(told, columns, as_json=as_json)
