"""Through the public address: the site, its doors, large bodies, and events."""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx

from lumiku_kernel.doctor.ear import PATIENCE, by_socket, by_stream
from lumiku_kernel.doctor.question import Question
from lumiku_kernel.doctor.rehearsal import Rehearsal, rehearsal
from lumiku_kernel.errors import Finding

LARGEST = 10 * 2**20
"""Bytes of the largest picture that viewers may send."""
EDGES = {200: "let in", 403: "kept out"}


def through(asked: Question) -> Iterator[Finding]:
    """X01, A01, A02, E01: what a viewer meets at the public address."""
    base = asked.wish.public
    if base is None:
        return
    base = base.rstrip("/")
    trust = ssl.create_default_context()
    with httpx.Client(
        base_url=base, timeout=PATIENCE, trust_env=False, verify=trust
    ) as client:
        away = _away(client)
        if away is not None:
            fix = "lumiku config --explain LUMIKU_PUBLIC_URL"
            yield Finding("X01", "error", f"{base} is not this site: {away}", fix)
            return
        with rehearsal(asked.store) as play:
            yield from _passed(client, asked, play)
            yield from _doors(client, play)
            yield from _signed_in(client, base, play)
            yield from _events(client, base, play)


def _away(client: httpx.Client) -> str | None:
    """Why nobody of ours answers there; None if somebody does."""
    try:
        answer = client.get("/livez")
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}."
    if answer.is_success and _is_ours(answer):
        return None
    return f"/livez is answered with {_said(answer)}"


def _is_ours(answer: httpx.Response) -> bool:
    return "x-request-id" in answer.headers


def _said(answer: httpx.Response) -> str:
    if "problem+json" in answer.headers.get("content-type", ""):
        told = answer.json()
        return f"{answer.status_code} {told['code']}: {told.get('detail', '')}"
    whose = "" if _is_ours(answer) else ", which is not ours"
    return f"{answer.status_code} {answer.reason_phrase}{whose}."


def _passed(
    client: httpx.Client, asked: Question, play: Rehearsal
) -> Iterator[Finding]:
    """X01: paths and bodies come to us, and our answers back."""
    bearer = {"Authorization": f"Bearer {play.viewer.key}"}
    largest = min(asked.settings.max_upload_bytes, LARGEST) - 4096
    wrong = 0
    for path, wanted in (("/api/apps", 200), ("/files/none", 404), ("/", 200)):
        answer = client.get(path, headers=bearer, follow_redirects=True)
        if answer.status_code != wanted or not _is_ours(answer):
            wrong += 1
            cause = f"GET {path} is answered with {_said(answer)}"
            yield Finding("X01", "error", cause, "lumiku doctor --explain X01")
    mib = largest / 2**20
    refused = _large(client, bearer, largest)
    if refused is not None:
        wrong += 1
        cause = f"A body of {mib:.0f} MiB, as uploads may have, is refused: {refused}"
        fix = f"nginx: client_max_body_size {largest // 2**20 + 1}m;"
        yield Finding("X01", "error", cause, fix, {"bytes": largest})
    if not wrong:
        cause = f"Pages, /api, /files and bodies of {mib:.0f} MiB pass."
        yield Finding("X01", "ok", cause)


def _large(client: httpx.Client, headers: dict[str, str], size: int) -> str | None:
    """Why the largest upload does not come to us; None if it does."""
    form = {"file": ("none.png", b"\0" * size, "image/png")}
    try:
        answer = client.post("/api/uploads", headers=headers, files=form)
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}."
    # It is no picture, and we say so: then it has come to us.
    return None if _is_ours(answer) else _said(answer)


def _doors(client: httpx.Client, play: Rehearsal) -> Iterator[Finding]:
    """A01: operators are let in where others are kept out."""
    wrong = 0
    for who, guest, wanted in (
        ("An operator", play.operator, 200),
        ("A viewer", play.viewer, 403),
    ):
        bearer = {"Authorization": f"Bearer {guest.key}"}
        answer = client.get("/api/admin/plugins", headers=bearer)
        if answer.status_code != wanted:
            wrong += 1
            cause = f"{who} is not {EDGES[wanted]} for operators: {_said(answer)}"
            yield Finding("A01", "error", cause, "lumiku doctor --explain X01")
    if not wrong:
        cause = "Operators are let in where viewers are kept out."
        yield Finding("A01", "ok", cause)


def _signed_in(client: httpx.Client, base: str, play: Rehearsal) -> Iterator[Finding]:
    """A02: a viewer signs in by password, and is known by the cookie."""
    guest = play.viewer
    given = {"email": guest.email, "password": guest.password}
    answer = client.post("/api/auth/login", json=given)
    cookie = answer.headers.get("set-cookie", "")
    fix = "lumiku config --explain LUMIKU_SECURE_COOKIES"
    secure = urlsplit(base).scheme == "https"
    if not answer.is_success or not cookie:
        cause = f"Nobody can sign in there: {_said(answer)}"
        yield Finding("A02", "error", cause, "lumiku doctor --explain A02")
    elif secure != ("secure" in cookie.lower().split("; ")):
        cause = f"Cookies of {base} are {'not ' if secure else ''}for HTTPS only."
        yield Finding("A02", "error", cause, fix)
    elif not (me := client.get("/api/auth/me")).is_success:
        cause = f"Who has signed in is not known: {_said(me)}"
        yield Finding("A02", "error", cause, fix)
    else:
        yield Finding("A02", "ok", "A viewer signs in and stays in.")
    client.cookies.clear()


def _events(client: httpx.Client, base: str, play: Rehearsal) -> Iterator[Finding]:
    """E01: what happens to a job is heard there, in both ways."""
    path, key = f"/api/jobs/{play.job}", play.viewer.key
    client.headers["Authorization"] = f"Bearer {key}"
    ways = {
        "server-sent events": by_stream(client, f"{path}/stream", play.happen),
        "WebSocket": by_socket(base, f"{path}/ws", key, play.happen),
    }
    cures = {
        "server-sent events": "nginx: proxy_buffering off; proxy_read_timeout 1h;",
        "WebSocket": "nginx: proxy_http_version 1.1; proxy_set_header Upgrade "
        '$http_upgrade; proxy_set_header Connection "upgrade";',
    }
    for way, why in ways.items():
        if why is None:
            yield Finding("E01", "ok", f"Events come by {way}.")
        else:
            cause = f"Events do not come by {way} through {base}: {why}."
            yield Finding("E01", "error", cause, cures[way], {"way": way})
