"""Secrets handed out once: shown to their owner, kept as hashes only."""

import hashlib
import secrets
import zlib


def new_token(prefix: str = "") -> str:
    """256 bits of chance, written for headers and links."""
    return prefix + secrets.token_urlsafe(32)


KEY = "lk_"
CHECK = 8
"""Characters at the end of a key that say whether it was copied whole."""
UNSUMMED = len(KEY) + 43
"""Characters of a key of the first release, which had no sum."""


def new_key() -> str:
    """A program's key: a token, and the sum of it."""
    token = new_token(KEY)
    return token + _sum(token)


def is_key(text: str) -> bool:
    """Whether it was a key once: known without a look at the database."""
    if len(text) == UNSUMMED:
        return text.startswith(KEY)
    return text.startswith(KEY) and text[-CHECK:] == _sum(text[:-CHECK])


def _sum(token: str) -> str:
    return f"{zlib.crc32(token.encode()):08x}"


def fingerprint(token: str) -> str:
    """What is kept of a token: it has too much chance in it to be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
