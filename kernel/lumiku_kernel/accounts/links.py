"""Links to files that need no session: signed, for a while, in their owner's name."""

import base64
import hmac
import json
from dataclasses import dataclass

from lumiku_kernel.accounts.pepper import Keys, derive

PURPOSE = "file"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens, for whom it was made, and until when (seconds since 1970)."""

    artifact_id: str
    account_id: str
    until: int


def sign(keys: Keys, link: Link) -> str:
    """The token of a link, signed by the first key."""
    text = json.dumps([link.artifact_id, link.account_id, link.until])
    said = _write(text.encode())
    return f"{said}.{_write(derive(keys[0], PURPOSE, said)[:16])}"


def read(keys: Keys, token: str, now: float) -> Link | None:
    """What a token says; None if it is not ours, or too old `now`."""
    said, _, seal = token.partition(".")
    right = (_write(derive(key, PURPOSE, said)[:16]) for key in keys)
    if not any(hmac.compare_digest(seal.encode(), one.encode()) for one in right):
        return None
    artifact_id, account_id, until = json.loads(_read(said))
    found = Link(artifact_id, account_id, until)
    return found if found.until > now else None


def _write(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
