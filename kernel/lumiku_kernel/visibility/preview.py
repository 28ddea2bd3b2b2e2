"""What a change of a flag would do, by the verdict function, before it is made."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.errors import Problem
from lumiku_kernel.flags.evaluate import SOMEBODY
from lumiku_kernel.flags.read import must_know, stored
from lumiku_kernel.flags.word import Word
from lumiku_kernel.store.tables import accounts
from lumiku_kernel.visibility.snapshot import Snapshot
from lumiku_kernel.visibility.verdict import evaluate

Effects = Counter[tuple[str, str, str]]
"""Users by app, tier and what happens to them: `gain` or `lose`."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Which apps which tiers gain or lose, and for how many users the flag turns."""

    key: str
    version: int
    word: Word
    effects: Effects
    turned: Counter[tuple[str, bool, bool]]
    """Users by tier, by the flag's value before and after."""

    @property
    def hash(self) -> str:
        """The same for the same change with the same effect on apps and tiers."""
        told = [self.key, self.version, self.word.document(), sorted(self.effects)]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def summary(self) -> str:
        """One sentence."""
        said = [self._said("hides", "lose"), self._said("shows", "gain")]
        words = " and ".join(one for one in said if one) or "changes no app"
        on, off = self._turns(on=True), self._turns(on=False)
        return f"{words}; turns {self.key} on for {on} and off for {off} users"

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "key": self.key,
            "version": self.version,
            "word": self.word.document(),
            "summary": self.summary,
            "apps": [
                {"app": app, "tier": tier, "effect": effect, "users": users}
                for (app, tier, effect), users in sorted(self.effects.items())
            ],
            "tiers": [self._tier(tier.word) for tier in Tier],
            "hash": self.hash,
        }

    def _said(self, verb: str, effect: str) -> str:
        mine = {key: n for key, n in self.effects.items() if key[2] == effect}
        apps, users = len({app for app, _, _ in mine}), sum(mine.values())
        return f"{verb} {_count(apps, 'app')} for {_count(users, 'user')}" * bool(mine)

    def _turns(self, *, on: bool) -> int:
        turned = self.turned.items()
        return sum(n for (_, was, is_), n in turned if was is not on and is_ is on)

    def _tier(self, tier: str) -> dict[str, Any]:
        mine = [(was, is_, n) for (t, was, is_), n in self.turned.items() if t == tier]
        return {
            "tier": tier,
            "users": sum(n for _, _, n in mine),
            "on_before": sum(n for was, _, n in mine if was),
            "on_after": sum(n for _, is_, n in mine if is_),
        }


def preview(session: Session, snapshot: Snapshot, key: str, word: Word) -> Preview:
    """Try `word` of `key` on every account; two queries, nothing is written.

    A verdict asks of an account only its tier, its role and this flag's value: one
    account of each kind is judged, before and after, and stands for the others.
    """
    flags = snapshot.configuration.flags
    must_know(flags, key)
    after = _with(snapshot, key, word)
    turned: Counter[tuple[str, bool, bool]] = Counter()
    kinds: Counter[tuple[Tier, str, bool, bool]] = Counter()
    one_of: dict[tuple[Tier, str, bool, bool], Viewer] = {}
    for viewer in (*_accounts(session), *map(_anybody, Tier)):
        was = flags.judge(key, viewer).value
        will = after.configuration.flags.judge(key, viewer).value
        kind = (viewer.tier, viewer.role, was, will)
        real = viewer.id != SOMEBODY
        kinds[kind] += real
        turned[viewer.tier.word, was, will] += real
        one_of.setdefault(kind, viewer)
    effects: Effects = Counter()
    for kind, viewer in one_of.items():
        for app, effect in _effects(snapshot, after, viewer):
            effects[app, viewer.tier.word, effect] += kinds[kind]
    rows = stored(session)
    version = rows[key]["version"] if key in rows else 0
    return Preview(key, version, word, effects, turned)


def must_match(made: Preview, hash_: str) -> None:
    """Raise 409 unless `hash_` is that of this preview."""
    if made.hash != hash_:
        detail = f"The change would not do what was previewed: {made.summary}."
        raise Problem(409, "preview-outdated", detail, fix="Preview it again.")


def _with(snapshot: Snapshot, key: str, word: Word) -> Snapshot:
    flags = snapshot.configuration.flags.saying(key, word)
    return replace(snapshot, configuration=replace(snapshot.configuration, flags=flags))


def _effects(
    before: Snapshot, after: Snapshot, viewer: Viewer
) -> list[tuple[str, str]]:
    was, will = evaluate(before, viewer), evaluate(after, viewer)
    return [
        (app, "gain" if will[app].visible else "lose")
        for app in was
        if was[app].visible != will[app].visible
    ]


def _accounts(session: Session) -> list[Viewer]:
    columns = (accounts.c.id, accounts.c.tier, accounts.c.role)
    alive = select(*columns).where(accounts.c.disabled_at.is_(None))
    return [
        Viewer(row.id, Tier[row.tier.upper()], row.role)
        for row in session.execute(alive)
    ]


def _anybody(tier: Tier) -> Viewer:
    return Viewer(SOMEBODY, tier)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
