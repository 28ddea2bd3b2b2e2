"""Tells the operator's webhook of changed verdicts; whoever listens may be slow."""

import logging
import time

import httpx
from sqlalchemy import select, update

from lumiku_kernel import outbound
from lumiku_kernel.clock import iso
from lumiku_kernel.store import Store
from lumiku_kernel.store.tables import transitions

TIMEOUT = 3.0
ENOUGH = 64 * 1024
"""Bytes that the receiver may answer with."""
WAITS = (0.0, 0.5, 2.0)
"""Seconds before each try."""
log = logging.getLogger(__name__)


def tell_due(store: Store, url: str) -> int:
    """Post every change that is due, oldest first; how many were received."""
    due = select(transitions).where(transitions.c.told == "due")
    with store.read() as session:
        rows = session.execute(due.order_by(transitions.c.id)).mappings().all()
    received = 0
    for row in rows:
        message = {
            "type": f"app.{row['after']}",
            "app": row["app"],
            "tier": row["tier"],
            "cause": row["cause"],
            "at": iso(row["at"]),
        }
        heard = _post(url, message)
        received += heard
        mine = update(transitions).where(transitions.c.id == row["id"])
        with store.write() as session:
            session.execute(mine.values(told="sent" if heard else "failed"))
    return received


def _post(url: str, message: dict[str, str | None]) -> bool:
    parsed, fault = httpx.URL(url), ""
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    place = (parsed.raw_host.decode("ascii"), port)
    for wait in WAITS:
        time.sleep(wait)
        try:
            with outbound.client({place}, seconds=TIMEOUT, most_bytes=ENOUGH) as http:
                answer = http.post(url, json=message)
        except httpx.HTTPError as error:
            fault = type(error).__name__
            continue
        if answer.is_success:
            return True
        fault = f"HTTP {answer.status_code}"
    log.error(
        "the operator's webhook was not told that %s is %s: %s",
        message["app"],
        message["type"],
        fault,
    )
    return False
