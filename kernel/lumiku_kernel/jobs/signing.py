"""Webhooks' secrets and signatures, as Standard Webhooks 1.0 has them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from lumiku_kernel.accounts.pepper import Keys, derive
from lumiku_kernel.errors import Problem

PREFIX = "whsec_"
PURPOSE, WRAP = "webhook", "webhook-wrap"


def new_salt(keys: Keys) -> str:
    """What is kept of a new secret: chance, and a mark of the key it goes with."""
    chance = secrets.token_hex(16)
    return f"{chance}.{_mark(keys[0], chance)}"


def secret_of(keys: Keys, salt: str) -> str:
    """The secret as the receiver has it; 503 `secret-key-changed` without its key."""
    return PREFIX + base64.b64encode(_opened(keys, salt)).decode()


def goes_with(keys: Keys, salt: str) -> bytes | None:
    """The key among these by which a secret was kept."""
    chance, mark, *_ = salt.split(".")
    right = (key for key in keys if hmac.compare_digest(mark, _mark(key, chance)))
    return next(right, None)


def kept_anew(keys: Keys, salt: str) -> str:
    """The same secret, kept by the first key: what its receiver has stays good.

    It is no longer made from the key but hidden by it: combined with bytes that only
    the holder of the key can make, and that are used for nothing else.
    """
    chance = secrets.token_hex(16)
    hidden = _combined(_opened(keys, salt), derive(keys[0], WRAP, chance))
    return f"{chance}.{_mark(keys[0], chance)}.{hidden.hex()}"


def _opened(keys: Keys, salt: str) -> bytes:
    key = goes_with(keys, salt)
    if key is None:
        detail = "This process has another secret key than the one that made it."
        fix = (
            "Set LUMIKU_SECRET_KEY to the same value everywhere, or rotate the secret."
        )
        raise Problem(503, "secret-key-changed", detail, fix=fix)
    chance, _, *hidden = salt.split(".")
    if hidden:
        return _combined(bytes.fromhex(hidden[0]), derive(key, WRAP, chance))
    return derive(key, PURPOSE, chance)


def _combined(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


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
