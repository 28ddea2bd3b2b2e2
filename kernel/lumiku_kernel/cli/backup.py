"""`backup` and `restore`: a whole installation in one file."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_kernel.cli.frame import app, findings, say
from lumiku_kernel.cli.open import opened


@app.command()
def backup(
    out: Annotated[
        Path, typer.Option(help="The file to write, or a folder for it.")
    ] = Path(),
    files: Annotated[
        bool, typer.Option("--files/--no-files", help="Artifacts and uploads too.")
    ] = True,
    secret: Annotated[
        bool, typer.Option("--with-secret", help="The secret key too.")
    ] = False,
) -> None:
    """Write rows and files to one tar while everything works; exit 1 if some lack."""
    from lumiku_kernel.accounts.pepper import FILE
    from lumiku_kernel.backup import back_up

    with opened() as (settings, store):
        made = back_up(settings, store, out, files=files, secret=secret)
    found = made.manifest
    size = made.path.stat().st_size / 1e6
    say(
        f"{made.path}: {sum(one.rows for one in found.tables)} rows, "
        f"{len(found.files)} files, {size:.1f} MB, of {found.made_at}"
    )
    if found.gone:
        say(f"{len(found.gone)} files were forgotten meanwhile, and are left out")
    if not files:
        say("files are not in it: keep the folder or the bucket of artifacts")
    if not secret:
        kept = "LUMIKU_SECRET_KEY" if settings.secret_key else settings.data_dir / FILE
        say(f"the secret key is not in it: keep {kept} elsewhere")
    for what, ids in (("are missing", found.lost), ("are damaged", found.damaged)):
        if ids:
            say(f"{len(ids)} files {what} here already: {', '.join(ids[:5])}")
    if found.lost or found.damaged:
        raise typer.Exit(1)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What backup made.")],
    into: Annotated[
        str | None, typer.Option(help="Another data folder, or a database's URL.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Have what is there make way.")
    ] = False,
    without: Annotated[
        list[str] | None, typer.Option(help="A plugin whose tables to leave out.")
    ] = None,
) -> None:
    """Bring a backup back, bring it up to this release, and verify it."""
    from lumiku_kernel.backup import restore as bring_back
    from lumiku_kernel.backup.target import into as target
    from lumiku_kernel.settings import Settings

    settings = target(Settings(), into)
    done = bring_back(settings, path, force=force, without=without or ())
    if done.aside is not None:
        say(f"what was there is kept in {done.aside}")
    if done.manifest is None:
        say(f"{path} is the database again, as it was; files stay as they are")
        say("start the release that wrote it, or: lumiku migrate")
        return
    say(
        f"restored what release {done.manifest.release} had {done.manifest.made_at}: "
        f"{sum(one.rows for one in done.manifest.tables)} rows, "
        f"{len(done.manifest.files)} files"
    )
    if done.revisions:
        say(f"revisions applied since: {', '.join(done.revisions[::-1])}")
    if not done.manifest.with_secret:
        say("bring the secret key too: LUMIKU_SECRET_KEY, or the file secret.key")
    findings(done.findings, as_json=False)
