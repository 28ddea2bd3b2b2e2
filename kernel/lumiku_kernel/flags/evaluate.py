"""Is a flag on for this viewer, and why: one pure function that never raises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from lumiku_contracts import Viewer
from lumiku_kernel.flags.word import NOWHERE, Declared, Local, Word

Reason = Literal[
    "STATIC",
    "CACHED",
    "DISABLED",
    "TARGETING_MATCH",
    "SPLIT",
    "DEFAULT",
    "TARGETING_KEY_MISSING",
    "FLAG_NOT_FOUND",
    "PARSE_ERROR",
]
BUCKETS = 10_000
SOMEBODY = "usr_"
"""The id of a viewer who stands for any account of a tier."""


@dataclass(frozen=True, slots=True)
class Result:
    """A flag's value for a viewer; `rule` counts from 0."""

    key: str
    value: bool
    reason: Reason
    rule: int | None = None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "flag": self.key,
            "value": self.value,
            "reason": self.reason,
            "rule": self.rule,
        }


def bucket(salt: str, key: str, unit: str) -> int:
    """Where a unit falls, 0 to 9,999; the same for ever, and in any language."""
    digest = sha256(f"{salt}\0{key}\0{unit}".encode(errors="replace")).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def evaluate(
    key: str, word: Word | None, viewer: Viewer, default: bool, local: Local = NOWHERE
) -> Result:
    """The first that speaks: forced, state, target, rule, percentage, default."""
    if key in local.forced:
        return Result(key, local.forced[key], "STATIC")
    if word is None:
        return Result(key, default, "DEFAULT")
    if word.state != "on":
        return Result(key, default and word.state == "archived", "DISABLED")
    targeted = _targeted(key, word, viewer, local)
    if targeted is not None:
        return targeted
    if word.percentage is None:
        return Result(key, default, "DEFAULT")
    return _split(key, word.salt, word.percentage, viewer, default)


def _targeted(key: str, word: Word, viewer: Viewer, local: Local) -> Result | None:
    if viewer.id in word.targets:
        return Result(key, word.targets[viewer.id], "TARGETING_MATCH")
    for index, rule in enumerate(word.rules):
        if rule.here(local.environment) and rule.matches(viewer):
            return Result(key, rule.value, "TARGETING_MATCH", index)
    return None


def _split(
    key: str, salt: str, percentage: float, viewer: Viewer, default: bool
) -> Result:
    if percentage in (0, 100):  # nobody's bucket matters
        return Result(key, percentage == 100, "SPLIT")  # noqa: PLR2004
    if viewer.id is None or viewer.id == SOMEBODY:
        return Result(key, default, "TARGETING_KEY_MISSING")
    inside = bucket(salt, key, viewer.id) < round(percentage * BUCKETS / 100)
    return Result(key, inside, "SPLIT")


def outcomes(key: str, word: Word | None, default: bool, local: Local) -> set[bool]:
    """The values that a flag can have for anybody, here."""
    if key in local.forced or word is None or word.state != "on":
        return {evaluate(key, word, Viewer(None), default, local).value}
    found = set(word.targets.values())
    for rule in word.rules:
        if rule.here(local.environment):
            found.add(rule.value)
            if rule.for_all:
                return found
    if word.percentage is None:
        return found | {default}
    return found | (
        {word.percentage > 0} if word.percentage in (0, 100) else {True, False}
    )


@dataclass(frozen=True, slots=True)
class Flags:
    """All flags of one moment: what authors and operators have said.

    `broken` are those whose stored words cannot be read; they have their defaults.
    """

    words: Mapping[str, Word] = field(default_factory=dict)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    local: Local = NOWHERE

    @property
    def keys(self) -> set[str]:
        """Every flag that anybody speaks of."""
        return {*self.declared, *self.words, *self.broken, *self.local.forced}

    def knows(self, key: str) -> bool:
        """Whether anybody speaks of it."""
        said = key in self.words or key in self.broken
        return said or key in self.declared or key in self.local.forced

    def judge(self, key: str, viewer: Viewer, default: bool = False) -> Result:
        """The flag's value for `viewer`; `default` is for one that nobody knows."""
        known = self.declared.get(key)
        default = default if known is None else known.default
        if key in self.broken and key not in self.local.forced:
            return Result(key, default, "PARSE_ERROR")
        if not self.knows(key):
            return Result(key, default, "FLAG_NOT_FOUND")
        return evaluate(key, self.words.get(key), viewer, default, self.local)

    def outcomes(self, key: str, default: bool = False) -> set[bool]:
        """The values that it can have for anybody, here."""
        known = self.declared.get(key)
        default = default if known is None else known.default
        return outcomes(key, self.words.get(key), default, self.local)

    def of(self, viewer: Viewer) -> "Answers":
        """Every flag's value for a viewer, evaluated when it is asked for."""
        return Answers(self, viewer)

    def kept(self, plugin_id: str, viewer: Viewer) -> dict[str, bool]:
        """What a job keeps: its plugin's flags, and those of others that are set."""
        own = {key for key in self.declared if key.startswith(f"{plugin_id}.")}
        wanted = sorted({*own, *self.words, *self.local.forced})
        return {key: self.judge(key, viewer).value for key in wanted}

    def saying(self, key: str, word: Word) -> "Flags":
        """The same, had the operator said `word`."""
        return replace(
            self, words={**self.words, key: word}, broken=self.broken - {key}
        )


@dataclass(frozen=True, slots=True)
class Answers(Mapping[str, bool]):
    """A viewer's flags; an unknown one is not off, it is not there."""

    flags: Flags
    viewer: Viewer

    def __getitem__(self, key: str) -> bool:
        """Its value, or KeyError if nobody knows it."""
        result = self.flags.judge(key, self.viewer)
        if result.reason == "FLAG_NOT_FOUND":
            raise KeyError(key)
        return result.value

    def __iter__(self) -> Iterator[str]:
        """Every known key."""
        return iter(sorted(self.flags.keys))

    def __len__(self) -> int:
        """How many are known."""
        return len(self.flags.keys)
