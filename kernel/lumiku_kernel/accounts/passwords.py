"""Passwords, hashed with argon2 as OWASP sizes it: 19 MiB, two passes."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from lumiku_kernel.accounts.guessable import guessable
from lumiku_kernel.errors import Problem

SHORTEST, LONGEST = 8, 1024
AT_ONCE, WAITING = 2, 6
"""Hashing is work that strangers can ask for: so many at once, so many wait."""
_HASH = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
_turns = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)


def hash_password(password: str, email: str = "") -> str:
    """The hash to keep; 422 for a length that will not do, or one of the first guesses.

    503 `sign-in-busy` when too many are being hashed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        detail = f"A password has {SHORTEST} to {LONGEST} characters."
        raise Problem(422, "password-length", detail)
    if guessable(password, email):
        detail = "This password is one of the first that anybody would try."
        fix = "Take three or four words that do not belong together."
        raise Problem(422, "password-common", detail, fix=fix)
    with _turn():
        return _HASH.hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether it is the password; as slow for an account that has none."""
    with _turn():
        right = _HASH.verify(password[:LONGEST], hashed or _nobodys())
    return right and hashed is not None


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        detail = "Too many sign in at this moment; try again."
        raise Problem(503, "sign-in-busy", detail, headers={"Retry-After": "2"})
    try:
        with _turns:
            yield
    finally:
        _places.release()


@lru_cache
def _nobodys() -> str:
    return _HASH.hash(secrets.token_urlsafe())
