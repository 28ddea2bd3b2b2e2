"""The header by which a request that spends is known again."""

import re

from lumiku_kernel.errors import Problem
from lumiku_kernel.web.context import Context

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
REPLAYED = {"Idempotency-Replayed": "true"}


def key_of(context: Context) -> str | None:
    """The Idempotency-Key sent; programs must send one (400), browsers need not."""
    key = context.connection.headers.get("idempotency-key")
    if key is None:
        if context.identity.by_key:
            detail = (
                "Programs send the header Idempotency-Key with a request that spends."
            )
            fix = "Add a header such as Idempotency-Key: 4f8b2c, new for each request."
            raise Problem(400, "idempotency-key-missing", detail, fix=fix)
        return None
    if not _KEY.fullmatch(key):
        detail = "An Idempotency-Key is 1 to 255 visible ASCII characters."
        raise Problem(400, "idempotency-key-invalid", detail)
    return key
