"""Wrong passwords are counted by address, whether it has an account or not.

The first ones are free; then each one costs a longer wait. What is kept is no address.
"""

from collections.abc import Callable

from sqlalchemy import delete, select, text, update

from lumiku_kernel.accounts.pepper import Keys, derive
from lumiku_kernel.errors import Problem
from lumiku_kernel.store import Store, now
from lumiku_kernel.store.tables import attempts

FREE = 5
FIRST_SECONDS, LONGEST_SECONDS = 30.0, 900.0
FORGOTTEN_SECONDS = 86400.0
_FIRST = text(
    "INSERT INTO attempt (name, failures, until) VALUES (:name, 0, 0) "
    "ON CONFLICT (name) DO NOTHING"
)


def wait_after(failures: int) -> float:
    """Seconds until another attempt is heard."""
    if failures < FREE:
        return 0.0
    return min(FIRST_SECONDS * 2.0 ** min(failures - FREE, 16), LONGEST_SECONDS)


class Attempts:
    """The wrong passwords of late, in the database: all servers count together."""

    def __init__(self, store: Store, keys: Callable[[], Keys]) -> None:
        """`keys` are the installation's own, as they are when it is asked."""
        self._store = store
        self._keys = keys

    def begin(self, email: str) -> str:
        """Count an attempt as failed before it is looked at; its name for `forgive`.

        Raises 429 `too-many-attempts` while the address has to wait.
        """
        name = derive(self._keys()[0], "attempt", email).hex()
        mine = attempts.c.name == name
        with self._store.write() as session:
            gone = attempts.c.until < now() - FORGOTTEN_SECONDS
            session.execute(delete(attempts).where(gone))
            session.execute(_FIRST, {"name": name})
            columns = (attempts.c.failures, (attempts.c.until - now()).label("wait"))
            row = session.execute(select(*columns).where(mine).with_for_update()).one()
            if row.wait > 0:
                raise _wait(row.wait)
            failures = row.failures + 1
            values = {"failures": failures, "until": now() + wait_after(failures)}
            session.execute(update(attempts).where(mine).values(**values))
        return name

    def forgive(self, name: str) -> None:
        """It was the right password."""
        with self._store.write() as session:
            session.execute(delete(attempts).where(attempts.c.name == name))


def _wait(seconds: float) -> Problem:
    whole = str(int(seconds) + 1)
    detail = f"There were too many wrong passwords; try again in {whole} s."
    fix = "Operators can give a sign-in link: lumiku users link EMAIL."
    headers = {"Retry-After": whole}
    return Problem(429, "too-many-attempts", detail, fix=fix, headers=headers)
