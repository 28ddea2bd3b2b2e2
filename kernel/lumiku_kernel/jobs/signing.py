"""Webhooks' secrets and signatures, as Standard Webhooks 1.0 has them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from lumiku_kernel.accounts.pepper import derive
from lumiku_kernel.errors import Problem

PREFIX = "whsec_"
PURPOSE = "webhook"


def new_salt(key: bytes) -> str:
    """What is kept of a new secret: chance, and a mark of the key it goes with."""
    chance = secrets.token_hex(16)
    return f"{chance}.{_mark(key, chance)}"


def secret_of(key: bytes, salt: str) -> str:
    """The secret as the receiver has it; 503 `secret-key-changed` with another key."""
    chance, _, mark = salt.partition(".")
    if not hmac.compare_digest(mark, _mark(key, chance)):
        detail = "This process has another secret key than the one that made it."
        fix = (
            "Set LUMIKU_SECRET_KEY to the same value everywhere, or rotate the secret."
        )
        raise Problem(503, "secret-key-changed", detail, fix=fix)
    return PREFIX + base64.b64encode(derive(key, PURPOSE, chance)).decode()


def _mark(key: bytes, chance: str) -> str:
    return derive(key, "mark", chance).hex()[:8]


def signature(secret: str, ident: str, at: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body`, in base 64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{ident}.{at}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def headers(known: Sequence[str], ident: str, at: float, body: bytes) -> dict[str, str]:
    """What goes with a message, signed by each secret that is good now."""
    moment = int(at)
    signed = (signature(secret, ident, moment, body) for secret in known)
    return {
        "content-type": "application/json",
        "user-agent": "Lumiku",
        "webhook-id": ident,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(signed),
    }
