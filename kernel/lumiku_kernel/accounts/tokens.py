"""Secrets handed out once: shown to their owner, kept as hashes only."""

import hashlib
import secrets


def new_token(prefix: str = "") -> str:
    """256 bits of chance, written for headers and links."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a token: it has too much chance in it to be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
