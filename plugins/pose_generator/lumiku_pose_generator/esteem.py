"""What all viewers think of each pose, read again once a minute.

Every visit of the page asks for it, and the answer takes a look at every rating.
"""

import time
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session

from lumiku_pose_generator import tastes

SECONDS: Final = 60.0

_known: WeakKeyDictionary[Engine, tuple[float, dict[str, float]]] = WeakKeyDictionary()
"""By database: when it was read, and what was found."""


def means(session: Session) -> dict[str, float]:
    """The mean stars of each pose that has any, 1.0-5.0; up to a minute old."""
    engine = session.get_bind().engine
    read_at, found = _known.get(engine, (0.0, {}))
    now = time.monotonic()
    if engine not in _known or now - read_at > SECONDS:
        found = tastes.means(session)
        _known[engine] = (now, found)
    return found
