"""`users`, `keys`: who may come in, and what they may spend."""

import sys
from typing import Annotated, Any

import typer

from lumiku_kernel.cli.frame import AsJson, group, say, show
from lumiku_kernel.cli.open import opened, tier_named

users = group("users", "Accounts.")
keys = group("keys", "API keys.")

FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input."),
]


@users.command("create")
def create_user(
    email: str,
    name: Annotated[str, typer.Option()] = "",
    tier: Annotated[str, typer.Option(help="free, basic, pro, enterprise.")] = "free",
    role: Annotated[str, typer.Option(help="user or operator.")] = "user",
    *,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account; without a password, print a link that signs it in once."""
    from lumiku_contracts import Tier
    from lumiku_kernel.accounts import sessions
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.accounts.passwords import hash_password
    from lumiku_kernel.errors import Problem
    from lumiku_kernel.newcomers import begin

    _role(role)
    wanted = tier_named(tier) or Tier.FREE
    hashed = (
        hash_password(sys.stdin.readline().rstrip("\n")) if password_stdin else None
    )
    with opened() as (settings, store):
        site = address(settings, store)
        with store.write() as session:
            if rooms.find(session, email) is not None:
                detail = "There is an account with this address."
                fix = f"lumiku users set {rooms.normal(email)} --role {role}"
                raise Problem(409, "email-taken", detail, fix=fix)
            ident = rooms.create(
                session, email, name=name, password=hashed, tier=wanted, role=role
            )
            begin(session, ident, email, settings.welcome_credits, actor="cli")
            token = None
            if hashed is None:
                token = sessions.sign_in_token(session, ident, made_by="cli")
            after = {"email": email, "tier": wanted.word, "role": role}
            _told(session, "user.create", ident, "lumiku users create", after=after)
    say(ident)
    if token is not None:
        say(f"{site}/sign-in/{token}")


def address(settings: Any, store: Any) -> str:
    """Where the living server is, or would be by the settings."""
    from lumiku_kernel.visibility.reading import read_presence

    with store.read() as session:
        alive = read_presence(session).alive("server")
    return alive[-1].name if alive else str(settings.url)


def _told(
    session: Any,
    action: str,
    subject: str,
    command: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down what a command has done; it is its own reason."""
    from lumiku_kernel.store.audit import By

    By("cli", command).write(session, action, subject, before=before, after=after)


def _role(role: str | None) -> None:
    from lumiku_kernel.accounts.users import ROLES

    if role is not None and role not in ROLES:
        raise typer.BadParameter(f"a role is one of {', '.join(ROLES)}")


@users.command("set")
def set_user(
    email: str,
    tier: Annotated[
        str | None, typer.Option(help="free, basic, pro, enterprise.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="user or operator.")] = None,
    disable: Annotated[bool | None, typer.Option("--disable/--enable")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "",
    *,
    password_stdin: FromStdin = False,
) -> None:
    """Change an account."""
    from lumiku_kernel.accounts import users as rooms

    _role(role)
    with opened() as (_, store):
        with store.read() as session:
            found = rooms.named(session, email)
        after = rooms.change(
            store,
            found["id"],
            tier=tier_named(tier),
            role=role,
            disabled=disable,
            password=sys.stdin.readline().rstrip("\n") if password_stdin else None,
            actor="cli",
            reason=reason,
        )
    say(f"{after['email']}: {after['tier']} {after['role']}")


@users.command("list")
def list_users(
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Those that wait for a word alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Accounts, newest first."""
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.clock import iso
    from lumiku_kernel.ledger.post import holdings

    with opened() as (_, store), store.read() as session:
        rows = [
            {
                "id": row["id"],
                "email": row["email"],
                "tier": row["tier"],
                "role": row["role"],
                "state": rooms.state(row),
                "disabled": row["disabled_at"] is not None,
                "created_at": iso(row["created_at"]),
                **holdings(session, row["id"]),
            }
            for row in rooms.everyone(session, waiting=waiting)
        ]
    columns = ("id", "email", "tier", "role", "state", "available", "reserved")
    show(rows, columns, as_json=as_json)


def whose(session: Any, email: str | None) -> dict[str, Any]:
    """The account named, or the first operator."""
    from lumiku_kernel.accounts import users as rooms
    from lumiku_kernel.errors import Problem

    if email is not None:
        known = rooms.named(session, email)
        rooms.settled(known)
        return known
    found = rooms.first_operator(session)
    if found is None:
        fix = "lumiku users create EMAIL --role operator"
        raise Problem(404, "no-operator", "There is no operator yet.", fix=fix)
    return found


@keys.command("create")
def create_key(
    name: str,
    as_: Annotated[
        str | None,
        typer.Option("--as", help="Whose; without it, the first operator's."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print the key alone.")
    ] = False,
    operator: Annotated[
        bool, typer.Option("--operator", help="A key for the operator's API.")
    ] = False,
    budget: Annotated[
        int | None, typer.Option(min=0, help="Credits it may spend a day, in UTC.")
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option("--models", help="APP:MODEL it may use, and no others; repeat."),
    ] = None,
) -> None:
    """Make an API key; it is shown this once."""
    from lumiku_kernel.accounts import keys as rooms

    scopes = (*rooms.SCOPES, rooms.OPERATOR) if operator else rooms.SCOPES
    with opened() as (_, store), store.write() as session:
        account = whose(session, as_)
        named = [one.strip() for word in models or () for one in word.split(",")]
        bounds = {"budget_per_day": budget, "models": named or None}
        ident, secret = rooms.create_key(
            session,
            account["id"],
            name,
            scopes=scopes,
            budget_per_day=budget,
            models=named or None,
        )
        after = {"account": account["id"], "name": name, "scopes": list(scopes)}
        after |= {key: value for key, value in bounds.items() if value is not None}
        _told(session, "key.create", ident, "lumiku keys create", after=after)
    say(secret if quiet else f"{ident} {secret}\nIt is not kept: note it down now.")


@keys.command("list")
def list_keys(
    as_: Annotated[str | None, typer.Option("--as", help="Whose.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """An account's keys."""
    from lumiku_kernel.accounts import keys as rooms
    from lumiku_kernel.ledger.budget import spent_today

    with opened() as (_, store), store.read() as session:
        rows = rooms.list_keys(session, whose(session, as_)["id"])
        spent = spent_today(session, [row["id"] for row in rows])
    rows = [{**row, "spent_today": spent[row["id"]]} for row in rows]
    columns = ("id", "name", "hint", "scopes", "budget_per_day", "spent_today")
    show(rows, (*columns, "models", "created_at"), as_json=as_json)


@keys.command("revoke")
def revoke_key(
    ident: str, as_: Annotated[str | None, typer.Option("--as", help="Whose.")] = None
) -> None:
    """End a key."""
    from lumiku_kernel.accounts import keys as rooms

    with opened() as (_, store), store.write() as session:
        account = whose(session, as_)
        rooms.revoke_key(session, account["id"], ident)
        before = {"account": account["id"]}
        _told(session, "key.revoke", ident, "lumiku keys revoke", before=before)
    say(f"{ident} is revoked")
