"""`why`, `verify`, `config`, `openapi`: nothing is changed."""

import json
from typing import Annotated

import typer

from lumiku_kernel.cli.frame import AsJson, app, findings, say
from lumiku_kernel.cli.open import opened, tier_named


@app.command()
def why(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="An app, or APP:MODEL.")],
    as_: Annotated[str | None, typer.Option("--as", help="A viewer's address.")] = None,
    tier: Annotated[str | None, typer.Option(help="A tier instead.")] = None,
    at: Annotated[
        str | None, typer.Option(help="A past time, such as 2026-01-31T09:30.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Why an app is, or is not, there for a viewer; exit 1 when it is hidden."""
    from lumiku_contracts import Tier, Viewer
    from lumiku_kernel.accounts import users
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.visibility.explain import model_words, words
    from lumiku_kernel.visibility.switched import switched
    from lumiku_kernel.visibility.verdict import judge
    from lumiku_kernel.visibility.watch import take

    with opened() as (settings, store):
        snapshot = take(store, Local.of(settings))
        viewer = Viewer("usr_", tier_named(tier) or Tier.FREE)
        if as_ is not None:
            with store.read() as session:
                found = users.named(session, as_)
            viewer = Viewer(found["id"], Tier[found["tier"].upper()], found["role"])
        ident, _, model = app_id.partition(":")
        verdict = judge(snapshot, viewer, ident)
        with store.read() as session:
            word = switched(session, verdict)
    if at is not None:
        _why_then(ident, viewer.tier.word, at, as_json=as_json)
        return
    if as_json:
        told = {"switched": word} if word else {}
        say(json.dumps(verdict.document() | told, indent=2))
    else:
        lines = model_words(verdict, app_id) if model else words(verdict, word)
        for line in lines:
            say(line)
    if not verdict.visible:
        raise typer.Exit(1)


def _why_then(ident: str, tier: str, at: str, *, as_json: bool) -> None:
    from lumiku_kernel.clock import moment
    from lumiku_kernel.errors import not_found
    from lumiku_kernel.visibility.chronicle import as_of
    from lumiku_kernel.visibility.explain import past, past_words

    try:
        when = moment(at)
    except ValueError as error:
        raise typer.BadParameter(f"--at: {error}") from error
    with opened() as (_, store), store.read() as session:
        row = as_of(session, ident, tier, when)
    if row is None:
        raise not_found(f"record of {ident} for the tier {tier} at {at}")
    if as_json:
        say(json.dumps(past(row), indent=2))
    else:
        for line in past_words(row):
            say(line)
    if row["after"] == "hidden":
        raise typer.Exit(1)


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Check that credits, jobs, artifacts and seals hold; exit 1 names the row."""
    from lumiku_kernel.jobs.sound import verified

    with opened() as (settings, store):
        found = verified(settings, store)
    findings(found, as_json=as_json)


@app.command()
def config(
    explain: Annotated[str | None, typer.Option(help="One setting.")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="A file of all settings.")
    ] = False,
) -> None:
    """The settings as they are in force."""
    from lumiku_kernel.cli.settings import described, example_file, in_use, origin
    from lumiku_kernel.settings import Settings

    if example:
        say(example_file())
        return
    settings = Settings()
    rows = [row for row in described(settings) if explain in (None, *row["names"])]
    if explain is not None and not rows:
        raise typer.BadParameter(f"there is no setting {explain}")
    for row in rows:
        say(f"{row['names'][0]}={row['value']}  # {row['description']}")
        if explain is not None:
            say(f"  names: {', '.join(row['names'])}; default: {row['default']}")
            say(f"  from: {origin(row['names'])}")
            if (made := in_use(settings, row["names"])) is not None:
                say(f"  in use: {made}")


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from lumiku_kernel.plugins import load
    from lumiku_kernel.settings import Settings
    from lumiku_kernel.web.app import document

    say(json.dumps(document(load(Settings())), indent=2))
