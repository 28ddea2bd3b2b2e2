"""The words of a declaration: ids, tiers, and prices that are not numbers."""

from enum import Enum, IntEnum
from typing import Annotated, Any, Final

from pydantic import Field, PlainSerializer, PlainValidator

PLUGIN_ID: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RESERVED: Final = frozenset(
    {"core", "api", "auth", "admin", "console", "static", "health"}
)
KERNEL_ROUTES: Final = frozenset({"models", "visibility", "quote", "workers"})

Id = Annotated[str, Field(pattern=PLUGIN_ID, max_length=40)]
ModelId = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Dotted = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$")]
"""`module:name`, imported only where it is used."""


class Tier(IntEnum):
    """A viewer's subscription, in order."""

    FREE = 0
    BASIC = 1
    PRO = 2
    ENTERPRISE = 3

    @property
    def word(self) -> str:
        """How it is written outside Python."""
        return self.name.lower()


def _tier(value: Any) -> Tier:
    return Tier[value.upper()] if isinstance(value, str) else Tier(value)


TierWord = Annotated[
    Tier,
    PlainValidator(_tier),
    PlainSerializer(lambda tier: tier.word, when_used="json"),
]


class Price(Enum):
    """A price that is not a number."""

    FREE = 0


Free: Final = Price.FREE
"""Written as a price, so that nothing is free by an omission."""

LOCAL: Final = "local"
"""The provider of a model whose worker is the engine itself."""
