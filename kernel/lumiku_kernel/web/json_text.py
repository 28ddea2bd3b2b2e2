"""What a JSON text may be, before it is parsed: so deep, with numbers so long."""

import re

from lumiku_kernel.errors import Problem

DEEPEST = 32
DIGITS = 16
"""Of an integer: what every JSON reader keeps exactly."""
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_LONG = re.compile(rb"(?<![\d.eE+])-?\d{%d,}(?![\d.eE])" % (DIGITS + 1))
_PAIRS = bytes.maketrans(b"{}", b"[]")
_REST = bytes(set(range(256)) - set(b"[]{}"))


def check(text: bytes) -> None:
    """Raise 400 `json-too-deep` or 422 `number-too-long`; linear in the text."""
    bare = _STRINGS.sub(b'"', text)
    if _LONG.search(bare):
        detail = f"An integer has at most {DIGITS} digits here."
        raise Problem(422, "number-too-long", detail)
    # Taking the innermost pairs away DEEPEST times leaves what is deeper.
    left = bare.translate(_PAIRS, _REST)
    if left.count(b"[") <= DEEPEST or left.count(b"[") != left.count(b"]"):
        return  # not deep, or no JSON: the parser says so
    for _ in range(DEEPEST):
        left = left.replace(b"[]", b"")
    if left:
        raise Problem(400, "json-too-deep", f"JSON nests at most {DEEPEST} deep here.")
