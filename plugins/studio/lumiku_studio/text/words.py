"""Words and what they mean: both languages come down to the same concepts.

`lexicon.json` names concepts and the words for them; a word that is in none stands for
itself, in the forms that inflection gives it.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

WORD = re.compile(r"[^\W_]+(?:['’/-][^\W_]+)*|[,;.:!?&]")
BREAK = ","
LONGEST_PHRASE, SHORTEST_STEM = 4, 3
ENDINGS = re.compile(r"(?:ing|ed|es|s|ly|er)$")
AFFIXES = (
    re.compile(r"(?:nya|lah|kan|an|i)$"),
    re.compile(r"^(?:meng|meny|mem|men|me|ber|ter|peng|pem|pen|pe|di|ke|se)"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """Some words of a sentence as one: what was said, and what it may mean."""

    said: str
    means: tuple[str, ...]
    """Concepts, the likeliest first; else the word's own forms."""
    known: bool
    """Whether it is in the lexicon."""
    idle: bool = False
    """A word that carries nothing."""


@cache
def _file() -> Any:
    text = files(__package__).joinpath("lexicon.json").read_text("utf-8")
    return json.loads(text)


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(_file()[name].split())


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for concept, phrases in _file()["concepts"].items():
        for phrase in phrases.split("|"):
            key = " ".join(_spelled(phrase))
            if concept not in found[key]:
                found[key].append(concept)
    return {key: tuple(concepts) for key, concepts in found.items()}


def _spelled(text: str) -> list[str]:
    words: list[str] = WORD.findall(text.casefold().replace("’", "'"))
    return [word for word in words if word not in _list("determiners")]


def forms(word: str) -> tuple[str, ...]:
    """A word as it is and without what English or Indonesian adds to it."""
    found = [word]
    stem = ENDINGS.sub("", word)
    if len(stem) >= SHORTEST_STEM and stem != word:
        found += [stem, stem + "e"]
        if stem[-1:] == stem[-2:-1]:
            found.append(stem[:-1])
    for affix in (AFFIXES[0], AFFIXES[1]):
        found += [
            bare
            for one in tuple(found)
            if len(bare := affix.sub("", one)) > SHORTEST_STEM
        ]
    return tuple(dict.fromkeys(found))


def words(text: str) -> list[Word]:
    """A sentence as words and phrases in their order; breaks between parts are kept."""
    return list(_read(_spelled(text)))


def _read(spelled: list[str]) -> Iterator[Word]:
    at = 0
    while at < len(spelled):
        length, word = _longest(spelled[at : at + LONGEST_PHRASE])
        yield word
        at += length


def _longest(spelled: list[str]) -> tuple[int, Word]:
    """The longest phrase of the lexicon that these words begin with, or one word."""
    meanings = _lexicon()
    for length in range(len(spelled), 0, -1):
        said = " ".join(spelled[:length])
        if said in meanings:
            return length, Word(said, meanings[said], known=True)
    first = spelled[0]
    if first in _list("breaks"):
        return 1, Word(first, (BREAK,), known=True, idle=True)
    if first in _list("stop"):
        return 1, Word(first, (), known=False, idle=True)
    shapes = forms(first)
    found = next((meanings[one] for one in shapes if one in meanings), None)
    if found is not None:
        return 1, Word(first, found, known=True)
    return 1, Word(first, shapes, known=False)
