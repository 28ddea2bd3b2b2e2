"""`secrets`: where they lie, and the installation's own key turned over."""

from typing import Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, group, say, show
from lumiku_kernel.cli.open import opened

secrets = group("secrets", "Where secrets lie; the installation's own key.")
LONGEST_LINK = 7 * 86400.0
"""Seconds for which a link to a file may be good."""


@secrets.command("list")
def list_secrets(*, as_json: AsJson = False) -> None:
    """Each secret: where it lies and since when, never what it is."""
    from lumiku_kernel import filed
    from lumiku_kernel.clock import iso
    from lumiku_kernel.settings import Settings

    with opened() as (settings, store):
        rows = [
            {**one, "changed_at": iso(one["changed_at"]), "does": "", "webhooks": None}
            for one in filed.told(Settings, "LUMIKU_")
            if one["name"] != "LUMIKU_SECRET_KEY"
        ]
        rows = [*_keys(settings, store), *rows]
    show(rows, ("name", "from", "changed_at", "does", "webhooks"), as_json=as_json)


def _keys(settings: Any, store: Any) -> list[dict[str, Any]]:
    from lumiku_kernel.accounts import pepper
    from lumiku_kernel.clock import iso
    from lumiku_kernel.jobs.rekey import kept_by

    keys, path = pepper.pepper(settings), pepper.place(settings)
    with store.read() as session:
        counted = kept_by(session, keys)
    at = iso(path.stat().st_mtime) if path and path.exists() else None
    rows = [
        {
            "name": f"LUMIKU_SECRET_KEY {pepper.mark(key)}",
            "from": str(path or "environment"),
            "changed_at": at,
            "does": "signs" if key == keys[0] else "verifies",
            "webhooks": counted[pepper.mark(key)],
        }
        for key in keys
    ]
    if counted[""]:
        lost = {"name": "a key that is not here", "from": "", "changed_at": None}
        rows.append({**lost, "does": "is lacking", "webhooks": counted[""]})
    return rows


@secrets.command()
def rotate() -> None:
    """Have a new key sign; the old one still verifies. Servers need no restart."""
    from lumiku_kernel.accounts import pepper
    from lumiku_kernel.jobs.rekey import rekey
    from lumiku_kernel.store.audit import By

    with opened() as (settings, store):
        path = _path(settings)
        pepper.pepper(settings)  # the first one is made if there is none
        with pepper.changing(path):
            keys = (pepper.new_key(), *pepper.pepper(settings))
            pepper.write(path, keys)
        with store.write() as session:
            done = rekey(session, keys)
            after = {"signs": pepper.mark(keys[0]), "webhooks": done}
            by = By("cli", "lumiku secrets rotate")
            by.write(
                session, "secret.rotate", "LUMIKU_SECRET_KEY", before=None, after=after
            )
    say(f"{pepper.mark(keys[0])} signs; {done} secrets of webhooks follow it")
    say("when all machines have the new file: lumiku secrets retire")


@secrets.command()
def retire(
    *,
    links: Annotated[
        bool, typer.Option("--links", help="Though links to files end with it.")
    ] = False,
) -> None:
    """Forget the keys that no longer sign."""
    import time

    from lumiku_kernel.accounts import pepper
    from lumiku_kernel.errors import Problem
    from lumiku_kernel.jobs.rekey import kept_by, rekey
    from lumiku_kernel.store.audit import By

    with opened() as (settings, store):
        path = _path(settings)
        keys = pepper.pepper(settings)
        if len(keys) == 1:
            say(f"{pepper.mark(keys[0])} is the only key")
            return
        young = time.time() - path.stat().st_mtime < LONGEST_LINK
        if young and not links:
            detail = "Links to files that the old key has signed may still be good."
            fix = "lumiku secrets retire --links, or wait until a week has gone by"
            raise Problem(409, "secret-in-use", detail, fix=fix)
        with pepper.changing(path), store.write() as session:
            rekey(session, keys)
            counted = kept_by(session, keys)
            assert not set(counted) - {pepper.mark(keys[0]), ""}  # noqa: S101 (just done)
            gone = [pepper.mark(key) for key in keys[1:]]
            by = By("cli", "lumiku secrets retire")
            by.write(
                session,
                "secret.retire",
                "LUMIKU_SECRET_KEY",
                before={"keys": gone},
                after=None,
            )
            pepper.write(path, keys[:1])
    say(f"{', '.join(gone)} verifies nothing any more")


def _path(settings: Any) -> Any:
    from lumiku_kernel.accounts import pepper
    from lumiku_kernel.errors import Problem

    path = pepper.place(settings)
    if path is None:
        detail = "LUMIKU_SECRET_KEY is in the environment, which no command can change."
        fix = (
            "put it in a file that LUMIKU_SECRET_KEY_FILE names, or set two lines of it"
        )
        raise Problem(409, "secret-in-environment", detail, fix=fix)
    return path
