"""Sign in, register, sign out: forms that work without JavaScript."""

from typing import Any

from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from lumiku_contracts import Refused
from lumiku_kernel.accounts import passwords, sessions, users
from lumiku_kernel.accounts.passwords import SHORTEST
from lumiku_kernel.errors import Problem
from lumiku_kernel.jobs.quote import invalid
from lumiku_kernel.web.api import auth
from lumiku_kernel.web.api import sessions as devices
from lumiku_kernel.web.endpoint import Answer
from lumiku_kernel.web.pages.agents import browser
from lumiku_kernel.web.pages.visit import Visit, safe_path

FIELDS = {
    "password-common": "password",
    "email-invalid": "email",
    "email-taken": "email",
    "password-length": "password",
}
"""Which field a problem stands beside; others stand above the form."""


def show_login(visit: Visit) -> Response:
    """The form to sign in."""
    return _form(visit, "login.html")


def login(visit: Visit) -> Response:
    """Sign in, or say what is wrong."""
    try:
        given = _read(auth.Credentials, visit, "email", "password")
        return _entered(visit, auth.login(visit.context, given))
    except Refused as problem:
        return _form(visit, "login.html", problem)


def show_register(visit: Visit) -> Response:
    """The form for a new account."""
    return _form(visit, "register.html")


def register(visit: Visit) -> Response:
    """Make an account, or say what is wrong."""
    try:
        given = _read(auth.Registration, visit, "email", "password", "name")
        answer = auth.register(visit.context, given)
        if isinstance(answer.data, auth.Waits):
            return RedirectResponse("/register?asked=1", 303)
        return _entered(visit, answer)
    except Refused as problem:
        return _form(visit, "register.html", problem)


def logout(visit: Visit) -> Response:
    """Sign out."""
    headers = auth.logout(visit.context).headers
    return RedirectResponse("/login", 303, dict(headers))


def show_sign_in(visit: Visit) -> Response:
    """What a link would do. Looking at it does not use it up: others look ahead."""
    return _invitation(visit)


def sign_in(visit: Visit) -> Response:
    """Use up a link that signs in once; with a new password, if one is wanted."""
    context, wanted = visit.context, visit.form.get("password", "")
    token, hashed, opened = _token(visit), None, None
    with context.store.read() as session:
        account = sessions.invited(session, token)
    if account is not None and wanted:
        try:
            hashed = passwords.hash_password(wanted, account["email"])
        except Refused as problem:
            return _invitation(visit, problem)
    with context.store.write() as session:
        used = sessions.use_sign_in(session, token)
        if used is not None and hashed is not None:
            users.choose_password(session, used, hashed, why="by a sign-in link")
        if used is not None:
            opened = auth.open_session(context, session, used)
    if opened is None:
        raise _used()
    auth.end_session(context)
    context.site.identities.forget()
    headers = {"Set-Cookie": auth.cookie(context.settings, opened)}
    return RedirectResponse("/", 303, headers)


def _token(visit: Visit) -> str:
    return str(visit.context.request.path_params["token"])


def _invitation(visit: Visit, problem: Refused | None = None) -> Response:
    with visit.context.store.read() as session:
        account = sessions.invited(session, _token(visit))
    if account is None:
        raise _used()
    return visit.show(
        "sign-in.html",
        status=problem.status if problem else 200,
        email=account["email"],
        chosen=account["password"] is not None,
        faults={"password": problem.detail} if problem else {},
        shortest=SHORTEST,
    )


def _used() -> Problem:
    detail = "This sign-in link was used before, was taken back, or is too old."
    fix = "lumiku users link EMAIL prints a new one."
    return Problem(404, "link-used", detail, fix=fix)


def show(visit: Visit) -> Response:
    """The account: signed-in browsers, the password."""
    return _account(visit)


def set_password(visit: Visit) -> Response:
    """Choose a new password, or say what is wrong."""
    try:
        given = _read(auth.NewPassword, visit, "current", "password")
        answer = devices.set_password(visit.context, given)
    except Refused as problem:
        return _account(visit, problem)
    return RedirectResponse("/account?done=password", 303, dict(answer.headers))


def sign_out(visit: Visit) -> Response:
    """Sign out one browser, or all."""
    ident = visit.form.get("session", "")
    if ident:
        devices.end_session(visit.context, ident)
        return RedirectResponse("/account", 303)
    return RedirectResponse("/login", 303, dict(devices.end_all(visit.context).headers))


def _account(visit: Visit, problem: Refused | None = None) -> Response:
    context = visit.context
    with context.store.read() as session:
        chosen = users.get(session, context.account_id)["password"] is not None
    fields = {**FIELDS, "login-failed": "current"}
    return visit.show(
        "account.html",
        status=problem.status if problem else 200,
        browsers=devices.list_sessions(context).items,
        browser=browser,
        chosen=chosen,
        done=visit.query.get("done") == "password",
        faults={fields.get(problem.code, ""): problem.detail} if problem else {},
        shortest=SHORTEST,
    )


def _read(kind: Any, visit: Visit, *names: str) -> Any:
    try:
        return kind(**{name: visit.form.get(name, "") for name in names})
    except ValidationError as error:
        raise invalid(error) from error


def _entered(visit: Visit, answer: Answer[Any]) -> Response:
    return RedirectResponse(_next(visit), 303, dict(answer.headers))


def _next(visit: Visit) -> str:
    return safe_path(visit.form.get("next") or visit.query.get("next"))


def _form(visit: Visit, template: str, problem: Refused | None = None) -> Response:
    if problem is None and visit.context.viewer.signed_in:
        return RedirectResponse(_next(visit), 303)
    faults = {}
    if problem is not None:
        named = {
            one["field"]: one["detail"]
            for one in getattr(problem, "errors", None) or ()
        }
        faults = named or {FIELDS.get(problem.code, ""): problem.detail}
    return visit.show(
        template,
        status=problem.status if problem else 200,
        faults=faults,
        given={name: visit.form.get(name, "") for name in ("email", "name")},
        next=_next(visit),
        shortest=SHORTEST,
        door=visit.context.settings.door,
        asked=visit.query.get("asked") == "1",
        welcome=visit.context.settings.welcome_credits,
    )
