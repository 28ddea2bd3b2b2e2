"""The one table of checks: `doctor`, `preflight` and `/readyz` ask what stands here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lumiku_kernel.doctor import (
    accounts,
    catalogue,
    database,
    files,
    own,
    public,
    release,
    settings,
    work,
)
from lumiku_kernel.errors import Finding


@dataclass(frozen=True, slots=True)
class Row:
    """A check, and the codes of what it can find.

    `cheap` ones stand behind `/readyz`; an error of one that `stops` makes that 503.
    """

    codes: tuple[str, ...]
    ask: Callable[[Any], Iterator[Finding]]
    cheap: bool = False
    stops: bool = False


FIRST = (
    Row(("D01",), database.reached, cheap=True, stops=True),
    Row(("D02",), database.schema, stops=True),
)
"""Asked of the database alone; without them nothing else can be asked."""

TABLE = (
    Row(("K01",), catalogue.loaded, cheap=True),
    Row(("S01",), catalogue.stored, cheap=True),
    Row(("V01", "K04", "K03"), catalogue.seen, cheap=True),
    Row(("W01",), work.workers, cheap=True),
    Row(("W01", "K01"), work.builds, cheap=True),
    Row(("P01",), work.providers, cheap=True),
    Row(("P02",), work.calls, cheap=True),
    Row(("F01",), files.storage, cheap=True, stops=True),
    Row(("F05",), files.roots, cheap=True),
    Row(("C03",), settings.secrets, cheap=True),
    Row(("F03",), files.room, cheap=True),
    Row(("K07",), release.here),
    Row(("D02",), release.revisions),
    Row(("V03",), release.agreed),
    Row(("K03",), catalogue.models),
    Row(("K05",), catalogue.routes),
    Row(("K06",), catalogue.looks),
    Row(("S02",), catalogue.seeds),
    Row(("C01",), settings.known),
    Row(("C02",), settings.coherent),
    Row(("D01",), database.writable),
    Row(("D03",), database.differences),
    Row(("R01",), database.redis),
    Row(("W02",), work.waiting),
    Row(("N01",), work.told),
    Row(("F01",), files.written, stops=True),
    Row(("F02",), files.sample),
    Row(("F04",), files.forecast),
    Row(("A01",), accounts.operators),
    Row(("A05",), accounts.registering),
    Row(("A04",), accounts.leaving),
    Row(("A02",), accounts.signing_in),
    Row(("A03",), accounts.passwords),
    Row(("L01",), accounts.credits_),
    Row(("X02",), files.installed),
    Row(("H01",), own.checks),
    Row(("X01", "A01", "A02", "E01"), public.through),
)
"""In the order in which a start would fail."""

ESSENTIAL = frozenset(code for r in (*FIRST, *TABLE) if r.stops for code in r.codes)
"""An error of one of these keeps the whole server from serving."""
