"""From a description in English or Indonesian to looks; what is not understood is told.

Words belong to the nearest noun that can have them: before it in English, after it in
Indonesian.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from lumiku_avatar_creator import lexicon
from lumiku_avatar_creator.lexicon import spoken
from lumiku_avatar_creator.persona import ADULT
from lumiku_contracts import Refused

OLDEST: Final = 90
LONGEST: Final = 3
"""Words of the longest phrase."""
STOPS: Final = frozenset({",", "with", "dengan", "wearing", "memakai", "mengenakan"})
COLOURS: Final = spoken(lexicon.COLOURS)
GARMENTS: Final = spoken(lexicon.GARMENTS)
HEADWEAR: Final = spoken(lexicon.HEADWEAR)
PARTS: Final = spoken(lexicon.PARTS)
AFTER: Final = frozenset(lexicon.INDONESIAN.split())
CHILDREN: Final = frozenset(lexicon.CHILDREN.split())
FILLERS: Final = frozenset(lexicon.FILLERS.split())
OF_PARTS: Final = {
    "hair": (
        ("hair", spoken(lexicon.HAIR)),
        ("hair_colour", spoken(lexicon.HAIR_COLOURS)),
    ),
    "eyes": (("eyes", spoken(lexicon.EYE_COLOURS)),),
    "skin": (("skin", spoken(lexicon.SKINS)),),
    "face": (("face", spoken(lexicon.FACES)),),
    "body": (
        ("body", spoken(lexicon.BODIES)),
        ("height", spoken(lexicon.HEIGHTS)),
    ),
}
ALONE: Final = (
    ("gender", spoken(lexicon.GENDERS)),
    ("age", spoken(lexicon.AGES)),
    ("body", spoken(lexicon.BODIES)),
    ("height", spoken(lexicon.HEIGHTS)),
    ("origin", spoken(lexicon.ORIGINS)),
    ("expression", spoken(lexicon.EXPRESSIONS)),
    ("beard", spoken(lexicon.BEARDS)),
    ("eyewear", spoken(lexicon.EYEWEAR)),
    ("style", spoken(lexicon.STYLES)),
    ("hair", spoken(lexicon.HAIR)),
    (
        "hair_colour",
        {
            "beruban": "#9a9a9c",
            "blonde": "#c9a063",
            "blond": "#c9a063",
            "pirang": "#c9a063",
        },
    ),
    ("face", {w: v for w, v in spoken(lexicon.FACES).items() if "-" in w}),
)
PATTERNS: Final = spoken(lexicon.PATTERNS)
KNOWN: Final = frozenset().union(
    COLOURS, GARMENTS, HEADWEAR, PARTS, PATTERNS, CHILDREN, FILLERS,
    *(table for _, table in ALONE),
    *(table for tables in OF_PARTS.values() for _, table in tables),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a description says: looks by name, its words understood and not."""

    looks: dict[str, Any]
    garments: tuple[dict[str, str], ...]
    understood: tuple[str, ...]
    not_understood: tuple[str, ...]


def read(text: str) -> Reading:
    """Read a description; raises `Refused` where it describes a child."""
    words = _phrases(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|,", text.lower()))
    _adults_only(words)
    looks: dict[str, Any] = {}
    garments: list[dict[str, str]] = []
    used: set[int] = set()
    for place, word in enumerate(words):
        if word in GARMENTS:
            found = _near(words, place, (("colour", COLOURS), ("pattern", PATTERNS)))
            garments.append({"kind": GARMENTS[word]} | _taken(found, used, place))
        elif word in HEADWEAR:
            found = _near(words, place, (("headwear_colour", COLOURS),))
            looks |= {"headwear": HEADWEAR[word]} | _taken(found, used, place)
        elif word in PARTS:
            found = _near(words, place, OF_PARTS[PARTS[word]])
            looks |= _taken(found, used, place)
    looks = _alone(words, used) | looks
    return Reading(
        looks=looks,
        garments=tuple(garments),
        understood=tuple(words[place] for place in sorted(used)),
        not_understood=tuple(
            word
            for place, word in enumerate(words)
            if place not in used and word not in FILLERS and word != ","
        ),
    )


def _alone(words: list[str], used: set[int]) -> dict[str, Any]:
    """What words say for themselves, the first of a kind before later ones."""
    looks: dict[str, Any] = {}
    for place, word in enumerate(words):
        if place in used:
            continue
        said = {name: table[word] for name, table in ALONE if word in table}
        if word.isdigit() and ADULT <= int(word) <= OLDEST:
            said = {"age": int(word)}
        if said:
            looks = said | looks
            used.add(place)
    return looks


def _phrases(words: list[str]) -> list[str]:
    """The words, those that are one phrase joined by hyphens."""
    out, place = [], 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            phrase = "-".join(words[place : place + length])
            if length == 1 or (phrase in KNOWN and "," not in phrase):
                out += [phrase] if phrase in KNOWN else phrase.split("-")
                place += length
                break
    return out


def _adults_only(words: list[str]) -> None:
    young = [word for word in words if word in CHILDREN]
    ages = (
        word
        for place, word in enumerate(words)
        if word.isdigit()
        and int(word) < ADULT
        and {"year", "years", "old", "yo", "tahun", "umur", "usia", "berusia", "aged",
             "age", "berumur"} & set(words[max(place - 2, 0) : place + 3])
    )  # fmt: skip
    said = next(iter(young), None) or next(ages, None)
    if said is not None:
        raise Refused(
            "not-adult",
            f"“{said}” describes somebody below {ADULT}; avatars are adults.",
            fix=f"Describe a person of {ADULT} or more.",
        )


Found = list[tuple[int, str, Any]]


def _near(
    words: list[str], place: int, tables: tuple[tuple[str, dict[str, Any]], ...]
) -> Found:
    """What stands at the noun and can belong to it: places, names, values."""
    ways = (1,) if words[place] in AFTER else (-1, 1)
    for way in ways:
        found: Found = []
        at = place + way
        while 0 <= at < len(words) and words[at] not in STOPS:
            word = words[at]
            match = next(
                ((name, table[word]) for name, table in tables if word in table), None
            )
            if match is None and word not in FILLERS:
                break
            if match is not None:
                found.append((at, *match))
            elif word in {"and", "dan"} and not found:
                break
            at += way
        if found:
            return found
    return []


def _taken(found: Found, used: set[int], place: int) -> dict[str, Any]:
    """The values found, nearest first; their words count as used from now on."""
    used.add(place)
    out: dict[str, Any] = {}
    for at, name, value in found:
        if at not in used and name not in out:
            out[name] = value
            used.add(at)
    return out
