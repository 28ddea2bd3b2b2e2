"""What an operator has said of a flag, and what its author has declared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lumiku_contracts import Viewer
from lumiku_kernel.settings import Settings

State = Literal["on", "off", "archived"]
TierWord = Literal["free", "basic", "pro", "enterprise"]
Words = Annotated[tuple[str, ...], Field(max_length=1000)]


def enabled_key(plugin_id: str) -> str:
    """The flag that is a plugin's off switch."""
    return f"{plugin_id}.enabled"


class Rule(BaseModel):
    """A value for viewers who meet every condition given; without any, for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: bool
    users: Words = ()
    tiers: tuple[TierWord, ...] = ()
    roles: tuple[Literal["user", "operator"], ...] = ()
    environments: Words = ()

    @property
    def for_all(self) -> bool:
        """Whether it asks nothing of the viewer."""
        return not (self.users or self.tiers or self.roles)

    def here(self, environment: str) -> bool:
        """Whether it speaks of this environment."""
        return not self.environments or environment in self.environments

    def matches(self, viewer: Viewer) -> bool:
        """Whether the viewer meets its conditions."""
        return (
            (not self.users or viewer.id in self.users)
            and (not self.tiers or (viewer.signed_in and self._tier(viewer)))
            and (not self.roles or (viewer.signed_in and viewer.role in self.roles))
        )

    def _tier(self, viewer: Viewer) -> bool:
        return viewer.tier.word in self.tiers


class Word(BaseModel):
    """The operator's whole word on a flag.

    `off` and `archived` run no rules: off for everybody, or the author's default. With
    `on`, `percentage` is for those of whom neither targets nor rules speak; None leaves
    them the author's default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State = "on"
    targets: Annotated[dict[str, bool], Field(max_length=1000)] = {}
    rules: Annotated[tuple[Rule, ...], Field(max_length=100)] = ()
    percentage: Annotated[float, Field(ge=0, le=100)] | None = 100
    salt: Annotated[str, Field(max_length=100)] = ""

    def document(self) -> dict[str, Any]:
        """As JSON; a rule shows only the conditions it has."""
        whole = self.model_dump(mode="json", exclude={"rules"})
        rules = [
            one.model_dump(mode="json", exclude_defaults=True) for one in self.rules
        ]
        return {**whole, "rules": rules}


UNSAID = Word(percentage=None)
"""Says nothing: the author's default for everybody."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A flag as its author declares it; `lost` when the plugin is no longer there."""

    plugin: str
    default: bool
    kind: str
    expires: str | None = None
    description: str = ""
    lost: bool = False


def declared(
    plugins: Iterable[tuple[str, Mapping[str, Any], bool]],
) -> dict[str, Declared]:
    """Every flag of the plugins given as id, declaration and whether they are gone."""
    found = {}
    for ident, declaration, lost in plugins:
        for one in declaration.get("flags", ()):
            found[f"{ident}.{one['key']}"] = Declared(
                ident,
                bool(one.get("default", False)),
                one.get("kind", "release"),
                one.get("expires"),
                one.get("description", ""),
                lost,
            )
        switch = Declared(ident, True, "operation", None, "The plugin's switch.", lost)
        found[enabled_key(ident)] = switch  # last: it is nobody else's
    return found


@dataclass(frozen=True, slots=True)
class Local:
    """What a process's own settings say: flags it forces, and where it stands."""

    forced: Mapping[str, bool]
    environment: str = "production"
    free: bool = False
    """Nothing costs credits here."""

    @classmethod
    def of(cls, settings: Settings) -> "Local":
        """Read from the settings."""
        return cls(settings.forced, settings.environment, settings.free)


NOWHERE = Local({})
"""Forces nothing."""
