"""From a cookie or a key to the one who holds it; remembered for a moment.

The memory is dropped when anything about sessions, keys or accounts changes (an epoch
raised by triggers), so that what is revoked is refused at once where the bell rings,
and within `REMEMBERED` seconds anywhere.
"""

import threading
import time
from dataclasses import dataclass

from sqlalchemy import select, update

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.accounts.keys import OPERATOR
from lumiku_kernel.accounts.sessions import is_open
from lumiku_kernel.accounts.tokens import KEY, fingerprint, is_key
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import accounts, api_keys, epochs, sessions

REMEMBERED = 2.0
MOST = 10_000
AT_ONCE = 500
ANONYMOUS = Viewer(None)
EPOCH = select(epochs.c.value).where(epochs.c.name == "access")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking and by what right; `scopes` is None for a browser."""

    viewer: Viewer
    email: str = ""
    name: str = ""
    scopes: frozenset[str] | None = None
    key_id: str | None = None

    @property
    def by_key(self) -> bool:
        """Whether a program is asking."""
        return self.scopes is not None


NOBODY = Identity(ANONYMOUS)


class Identities:
    """Looks identities up, one query each, and remembers them briefly."""

    def __init__(self, store: Store) -> None:
        """Nothing is remembered yet."""
        self._store = store
        self._known: dict[str, tuple[float, Identity]] = {}
        self._lock = threading.Lock()
        self._epoch = -1
        self._seen: set[str] = set()

    def remembered(self, token: str) -> Identity | None:
        """The identity without a query, if it is fresh."""
        entry = self._known.get(fingerprint(token))
        if entry is None or entry[0] < time.monotonic():
            return None
        return entry[1]

    def look_up(self, token: str) -> Identity:
        """The identity, or `NOBODY`; one query."""
        key = fingerprint(token)
        if is_key(token):
            found = self._by_key(key)
        else:
            found = NOBODY if token.startswith(KEY) else self._by_session(key)
        if found is not NOBODY:
            with self._lock:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = (time.monotonic() + REMEMBERED, found)
                self._seen.add(key)
        return found

    def forget(self) -> None:
        """Remember nothing: something has changed."""
        with self._lock:
            self._known.clear()

    def follow(self) -> None:
        """Forget if the epoch of accounts has risen; called when the bell rings."""
        epoch = self._store.glance(EPOCH)
        if epoch != self._epoch:
            self._epoch = epoch
            self.forget()

    def note(self) -> None:
        """Write down who was seen of late, to the minute."""
        with self._lock:
            seen, self._seen = list(self._seen), set()
        columns = (
            (sessions.c.token_hash, "seen_at"),
            (api_keys.c.secret_hash, "used_at"),
        )
        for start in range(0, len(seen), AT_ONCE):
            some = seen[start : start + AT_ONCE]
            with self._store.write() as session:
                for column, moment in columns:
                    table = column.table
                    old = table.c[moment].is_(None) | (table.c[moment] < now() - 60)
                    fresh = update(table).where(column.in_(some), old)
                    session.execute(fresh.values({moment: now()}))

    def _by_session(self, key: str) -> Identity:
        statement = (
            select(accounts)
            .join(sessions, sessions.c.account_id == accounts.c.id)
            .where(
                sessions.c.token_hash == key,
                is_open(),
                accounts.c.disabled_at.is_(None),
            )
        )
        with self._store.read() as session:
            row = session.execute(statement).mappings().first()
        if row is None:
            return NOBODY
        viewer = Viewer(row["id"], Tier[row["tier"].upper()], row["role"])
        return Identity(viewer, row["email"], row["name"])

    def _by_key(self, key: str) -> Identity:
        statement = (
            select(accounts, api_keys.c.scopes, api_keys.c.id.label("key_id"))
            .join(api_keys, api_keys.c.account_id == accounts.c.id)
            .where(
                api_keys.c.secret_hash == key,
                api_keys.c.revoked_at.is_(None),
                (api_keys.c.expires_at.is_(None)) | (api_keys.c.expires_at > now()),
                accounts.c.disabled_at.is_(None),
            )
        )
        with self._store.read() as session:
            row = session.execute(statement).mappings().first()
        if row is None:
            return NOBODY
        # An operator's key is a viewer's key, unless it was made to be more.
        role = row["role"] if OPERATOR in row["scopes"] else "user"
        viewer = Viewer(row["id"], Tier[row["tier"].upper()], role)
        scopes = frozenset(row["scopes"])
        return Identity(viewer, row["email"], row["name"], scopes, row["key_id"])
