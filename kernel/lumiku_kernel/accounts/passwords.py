"""Passwords, hashed with argon2 as OWASP sizes it: 19 MiB, two passes."""

import secrets
import threading
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from lumiku_kernel.errors import Problem

SHORTEST, LONGEST = 8, 256
_HASH = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
# Hashing is work that strangers can ask for: two at once, the others wait.
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The hash to keep; raises 422 for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        detail = f"A password has {SHORTEST} to {LONGEST} characters."
        raise Problem(422, "password-length", detail)
    with _AT_ONCE:
        return _HASH.hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether it is the password; as slow for an account that has none."""
    with _AT_ONCE:
        right = _HASH.verify(password[:LONGEST], hashed or _nobodys())
    return right and hashed is not None


@lru_cache
def _nobodys() -> str:
    return _HASH.hash(secrets.token_urlsafe())
