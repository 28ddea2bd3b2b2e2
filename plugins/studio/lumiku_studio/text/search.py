"""Which poses of a library a sentence speaks of."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from lumiku_contracts.senses import Known
from lumiku_studio.text.words import Word, words

TITLE, TAGS, TOLD, SHELF = 3.0, 2.4, 1.3, 1.2
"""What a word counts where it stands: name, tags, description, category."""
HEARD = 0.3
MORE = 0.05
"""What each thing that a pose is named for, and nobody asked about, takes away."""
SECOND = 0.8
"""What another meaning of a word counts, against its first."""
OTHER_POSTURE, UNASKED_POSTURE = 0.35, 0.85
POSTURES: Mapping[str, frozenset[str]] = {
    "sit": frozenset({"seated", "floor"}),
    "crosslegged": frozenset({"seated", "floor"}),
    "kneel": frozenset({"kneeling"}),
    "crouch": frozenset({"crouching"}),
    "lie": frozenset({"lying"}),
    "jump": frozenset({"jumping"}),
    "lean": frozenset({"leaning"}),
    "stand": frozenset({"standing", "leaning", "striding", "lunging"}),
    "walk": frozenset({"standing", "striding"}),
    "run": frozenset({"standing", "striding", "jumping"}),
}
"""What carries the weight of somebody who does so."""
UPRIGHT = frozenset(
    {"standing", "striding", "leaning", "jumping", "crouching", "lunging"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A library by word."""

    known: tuple[Known, ...]
    weights: tuple[Mapping[str, float], ...]
    rarity: Mapping[str, float]
    named: tuple[frozenset[str], ...]
    """What each name means, likeliest meanings only."""

    def others(self, place: int, asked: Sequence[tuple[Word, float]]) -> int:
        """How much a pose is named for that nobody asked about."""
        wanted = {one for word, _ in asked for one in word.means}
        return len(self.named[place] - wanted)

    def holds(self, word: Word) -> bool:
        """Whether any pose is told of with this word."""
        return any(one in self.rarity for one in word.means)


@lru_cache(maxsize=4)
def index(known: tuple[Known, ...]) -> Index:
    """Read a library once."""
    weights = tuple(_weights(one) for one in known)
    seen = Counter(word for one in weights for word in one)
    rarity = {word: log(1 + len(known) / count) for word, count in seen.items()}
    named = tuple(
        frozenset(word.means[0] for word in words(one.title) if not word.idle)
        for one in known
    )
    return Index(known, weights, rarity, named)


def _weights(known: Known) -> dict[str, float]:
    found: dict[str, float] = {}
    for text, weight in (
        (known.title, TITLE),
        (known.tags, TAGS),
        (known.told, TOLD),
        (known.shelf, SHELF),
    ):
        for word in words(text):
            for place, one in enumerate(() if word.idle else word.means):
                worth = weight * (SECOND if place else 1)
                found[one] = max(found.get(one, 0), worth)
    return found


def ranked(
    library: Index, sentence: Sequence[Word], heard: Container[int] = ()
) -> list[tuple[float, Known]]:
    """Poses that share words with a sentence, best first, scores from 0 to 1.

    Words at the places in `heard` are edits, which any pose can follow: they count
    less.
    """
    asked = [
        (word, HEARD if place in heard else 1.0)
        for place, word in enumerate(sentence)
        if not word.idle and library.holds(word)
    ]
    if not asked:
        return []
    whole = sum(
        share * max(library.rarity.get(one, 0) for one in word.means)
        for word, share in asked
    )
    wanted = {m for word in sentence for m in word.means[:1]} & set(POSTURES)
    allowed = frozenset().union(*(POSTURES[one] for one in wanted))
    found = []
    for place, (known, weights) in enumerate(
        zip(library.known, library.weights, strict=True)
    ):
        score = sum(
            share * _worth(word, weights, library.rarity) for word, share in asked
        )
        score /= 1 + MORE * library.others(place, asked)
        contact = str(known.pose.contact)
        if wanted and contact not in allowed:
            score *= OTHER_POSTURE
        elif not wanted and contact not in UPRIGHT:
            score *= UNASKED_POSTURE
        if score > 0:
            found.append((score / (whole * TITLE), -place, known))
    found.sort(key=lambda one: one[:2], reverse=True)
    return [(round(score, 4), known) for score, _, known in found]


def _worth(
    word: Word, weights: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    return max(
        weights.get(one, 0) * rarity.get(one, 0) * (SECOND if place else 1)
        for place, one in enumerate(word.means)
    )
