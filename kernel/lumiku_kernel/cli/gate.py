"""`doctor`, `preflight`: every check, in the day's work and before traffic comes."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, app, say, show
from lumiku_kernel.cli.open import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lumiku_kernel.errors import Finding

LOCK = Path("visibility.lock")
PublicUrl = Annotated[
    str | None,
    typer.Option(help="Go through this address too: pages, files, events, sign-in."),
]


@app.command()
def doctor(
    user: Annotated[
        str | None, typer.Option(help="A viewer's address: what is hidden from them.")
    ] = None,
    public_url: PublicUrl = None,
    explain: Annotated[
        str | None, typer.Option(help="What a code means, and what mends it: W01.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check everything that can keep an app from running; exit 1 on an error."""
    from lumiku_contracts import Tier, Viewer
    from lumiku_kernel.accounts import users
    from lumiku_kernel.doctor import Wish, entry, examine

    if explain is not None:
        for line in entry(explain).words():
            say(line)
        return
    _check(public_url)
    with opened(migrated=user is not None) as (settings, store):
        viewer = None
        if user is not None:
            with store.read() as session:
                row = users.named(session, user)
            viewer = Viewer(row["id"], Tier[row["tier"].upper()], row["role"])
        found = examine(settings, store, Wish(viewer=viewer, public=public_url))
    rows = _rows(found)
    show(rows, ("level", "check", "cause", "fix"), as_json=as_json)
    if not as_json:
        _see(found)
    if any(one.level == "error" for one in found):
        raise typer.Exit(1)


@app.command()
def preflight(
    lock: Annotated[
        Path | None, typer.Option(help="Without it, ./visibility.lock if it is there.")
    ] = None,
    public_url: PublicUrl = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Whether traffic may come to this release; exit 1 names what stands against it.

    All that `doctor` checks, what each tier can use against the lock, and, by
    --public-url, the way that viewers take. It changes nothing.
    """
    from importlib.metadata import version

    from lumiku_kernel.cli.visibility import lock_in
    from lumiku_kernel.doctor import Wish, examine

    _check(public_url)
    file = lock or (LOCK if LOCK.exists() else None)
    agreed = lock_in(file) if file is not None else None
    began = time.monotonic()
    with opened(migrated=False) as (settings, store):
        found = examine(settings, store, Wish(lock=agreed, public=public_url))
    against = [one for one in found if one.level == "error"]
    release = version("lumiku-kernel")
    if as_json:
        told = {
            "ready": not against,
            "release": release,
            "lock": str(file) if file is not None else None,
            "public_url": public_url,
            "seconds": round(time.monotonic() - began, 2),
            "items": _rows(found),
            "next_cursor": None,
        }
        say(json.dumps(told, indent=2, default=str))
    else:
        wrong = [one for one in found if one.level != "ok"]
        show(_rows(wrong), ("level", "check", "cause", "fix"), as_json=False)
        _see(found)
        held = f"{len(against)} things stand against it" if against else "ready"
        said = f" against {file}" if file is not None else ", without a lock"
        say(f"release {release}: {len(found)} checks{said}: {held}")
    if against:
        raise typer.Exit(1)


def _check(url: str | None) -> None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise typer.BadParameter("--public-url is an http or https address")


def _rows(found: "Sequence[Finding]") -> list[dict[str, Any]]:
    from lumiku_kernel.doctor import page_of

    return [
        {"level": one.level, "check": one.check, "cause": one.cause, "fix": one.fix}
        | {"see": page_of(one.check), "evidence": dict(one.evidence)}
        for one in found
    ]


def _see(found: "Sequence[Finding]") -> None:
    codes = dict.fromkeys(one.check for one in found if one.level != "ok")
    for code in codes:
        say(f"{code}: lumiku doctor --explain {code}")


@app.command("support-bundle")
def support_bundle(
    out: Annotated[
        Path | None, typer.Option(help="Without it, lumiku-support.zip here.")
    ] = None,
    log: Annotated[
        list[Path] | None, typer.Option(help="A log whose end is put in; repeatable.")
    ] = None,
) -> None:
    """Pack what somebody who helps has to know: no secrets, nobody's address.

    What the doctor says, verdicts, settings, plugins, processes, schema, failed jobs
    without their content, what operators did, ends of logs.
    """
    import os

    from lumiku_kernel.doctor.bundle import bundle

    place = out or Path("lumiku-support.zip")
    with opened(migrated=False) as (settings, store):
        packed = bundle(settings, store, log or ())
    mode = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(place, mode, 0o600), "wb") as file:
        file.write(packed)
    say(f"{place}: {len(packed) / 1024:.0f} KiB; look into it before you send it")
