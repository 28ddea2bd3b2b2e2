"""`flags`: what there is, what a change would do, and the change."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, Reason, group, say, show
from lumiku_kernel.cli.open import opened

if TYPE_CHECKING:
    from lumiku_kernel.flags.word import Word

flags = group("flags", "Flags: the author's default, the operator's word.")

State = Annotated[str, typer.Argument(help="on, off or archived.")]
Percentage = Annotated[
    float | None,
    typer.Option(help="On for so many of those that nothing else speaks of."),
]
Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rule", help="Such as “on tier=pro,enterprise role=user”; in order."
    ),
]
OnFor = Annotated[list[str] | None, typer.Option(help="An account's id.")]
OffFor = Annotated[list[str] | None, typer.Option(help="An account's id.")]
Salt = Annotated[str | None, typer.Option(help="Another salt draws lots anew.")]
Version = Annotated[int | None, typer.Option(help="Only if it is still this one.")]
CONDITIONS = {
    "user": "users",
    "tier": "tiers",
    "role": "roles",
    "environment": "environments",
}


@flags.command("list")
def list_flags(
    *,
    stale: Annotated[bool, typer.Option("--stale", help="Only those.")] = False,
    as_json: AsJson = False,
) -> None:
    """Every flag; those to look after say why."""
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.visibility.flag_report import report
    from lumiku_kernel.visibility.watch import take

    with opened() as (settings, store), store.read() as session:
        known = take(store, Local.of(settings)).configuration.flags
        rows = report(session, known)
    wanted = [row for row in rows if row["stale"] or not stale]
    if as_json:
        show(wanted, (), as_json=True)
        return
    lines = [{**row, "stale": ", ".join(row["stale"])} for row in wanted]
    columns = ("key", "default", "state", "percentage", "effective", "version")
    show(lines, (*columns, "last_evaluated", "stale"), as_json=False)


@flags.command("set")
def set_flag(
    key: str,
    state: State,
    reason: Reason,
    percentage: Percentage = None,
    rule: Rules = None,
    on_for: OnFor = None,
    off_for: OffFor = None,
    salt: Salt = None,
    if_version: Version = None,
    preview_hash: Annotated[
        str | None, typer.Option("--preview", help="The hash that `preview` printed.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what holds from now on; what is not said is as for a flag just on."""
    from lumiku_kernel.flags.change import By, change
    from lumiku_kernel.visibility.preview import must_match

    said = _said(state, percentage, rule, on_for, off_for)
    with opened() as (settings, store):
        made = _tried(settings, store, key, said, salt)
        if preview_hash is not None:
            must_match(made, preview_hash)
        by = By("cli", reason, preview_hash)
        version = made.version if if_version is None else if_version
        done = change(store, key, made.word, by, version=version)
    document = {"key": key, "version": done.version, "epoch": done.epoch}
    if as_json:
        say(json.dumps({**document, **done.word.document()}, indent=2))
    else:
        say(f"{key} is {state}, version {done.version}: {made.summary}")


@flags.command("preview")
def preview_flag(
    key: str,
    state: State,
    percentage: Percentage = None,
    rule: Rules = None,
    on_for: OnFor = None,
    off_for: OffFor = None,
    salt: Salt = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say which apps which tiers would gain or lose; change nothing."""
    said = _said(state, percentage, rule, on_for, off_for)
    with opened() as (settings, store):
        made = _tried(settings, store, key, said, salt).document()
    if as_json:
        say(json.dumps(made, indent=2))
        return
    say(made["summary"])
    show(made["apps"], ("app", "tier", "effect", "users"), as_json=False)
    say(f"--preview {made['hash']}")


@flags.command("undo")
def undo_flag(
    key: str, reason: Reason, if_version: Version = None, *, as_json: AsJson = False
) -> None:
    """Take the last change back."""
    from lumiku_kernel.flags.change import By, undo

    with opened() as (_, store):
        done = undo(store, key, By("cli", reason), version=if_version)
    document = {"key": key, "version": done.version, **done.word.document()}
    if as_json:
        say(json.dumps(document, indent=2))
    else:
        say(f"{key} is {done.word.state} again, version {done.version}")


@flags.command("history")
def flag_history(key: str, *, as_json: AsJson = False) -> None:
    """A flag's changes, newest first."""
    from lumiku_kernel.clock import iso
    from lumiku_kernel.flags.read import history, must_know
    from lumiku_kernel.visibility.watch import take

    with opened() as (_, store), store.read() as session:
        must_know(take(store).configuration.flags, key)
        rows = history(session, key, limit=100)
    found = [{**row, "at": iso(row["at"])} for row in rows]
    show(found, ("at", "actor", "action", "reason", "after"), as_json=as_json)


def _tried(settings: Any, store: Any, key: str, said: "Word", salt: str | None) -> Any:
    """The preview of a word; a salt that is not said stays."""
    from lumiku_kernel.flags.read import stored, word_of
    from lumiku_kernel.flags.word import Local
    from lumiku_kernel.visibility.preview import preview
    from lumiku_kernel.visibility.watch import take

    with store.read() as session:
        row = stored(session).get(key)
        kept = word_of(row).salt if row else ""
        word = said.model_copy(update={"salt": kept if salt is None else salt})
        return preview(session, take(store, Local.of(settings)), key, word)


def _said(
    state: str,
    percentage: float | None,
    rules: list[str] | None,
    on_for: list[str] | None,
    off_for: list[str] | None,
) -> "Word":
    """The word on the command line, or a usage error."""
    from pydantic import ValidationError

    from lumiku_kernel.flags.word import Word

    targets = {
        **dict.fromkeys(on_for or (), True),
        **dict.fromkeys(off_for or (), False),
    }
    given = {
        "state": state,
        "targets": targets,
        "rules": [_rule(one) for one in rules or ()],
        "percentage": 100 if percentage is None else percentage,
    }
    try:
        return Word.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        raise typer.BadParameter(f"{where}: {fault['msg']}") from error


def _rule(text: str) -> dict[str, Any]:
    value, *conditions = text.split()
    if value not in ("on", "off"):
        raise typer.BadParameter(f"a rule begins with on or off: “{text}”")
    found: dict[str, Any] = {"value": value == "on"}
    for condition in conditions:
        name, _, words = condition.partition("=")
        if name not in CONDITIONS or not words:
            names = ", ".join(CONDITIONS)
            raise typer.BadParameter(f"“{condition}”: a condition is one of {names}=…")
        found[CONDITIONS[name]] = words.split(",")
    return found
