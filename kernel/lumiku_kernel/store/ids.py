"""Identifiers: a prefix that names the kind, then time and chance."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str) -> str:
    """Such as `job_01hq…`: 48 bits of milliseconds and 80 of chance, in base 32.

    Identifiers of one kind sort by the moment they were made.
    """
    number = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    return f"{prefix}_" + "".join(
        _ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)
    )
