"""Lumiku's flags for those who use OpenFeature's client; the domain is `lumiku`.

The SDK is imported only when a process starts to work: it costs tens of milliseconds.
Its API is not yet at 1.0, so nothing else of the kernel touches it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.flags.evaluate import Flags, Result
from lumiku_kernel.flags.tally import Tally

DOMAIN = "lumiku"


class Source(Protocol):
    """Where the provider has its answers from."""

    def judge(self, key: str, viewer: Viewer, default: bool) -> Result:
        """A flag's value for a viewer."""
        ...

    def tell(self, listener: Callable[[], None]) -> None:
        """Call `listener` when values may have changed."""
        ...


class LiveFlags:
    """The newest flags of a process."""

    def __init__(self, newest: Callable[[], Flags], tally: Tally) -> None:
        """`newest` is asked each time."""
        self._newest = newest
        self._tally = tally
        self._listeners: list[Callable[[], None]] = []

    def judge(self, key: str, viewer: Viewer, default: bool) -> Result:
        """By the newest snapshot, counted."""
        self._tally.count(key)
        return self._newest().judge(key, viewer, default)

    def tell(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change."""
        self._listeners.append(listener)

    def changed(self, _epoch: int) -> None:
        """A newer snapshot was adopted."""
        for listener in self._listeners:
            listener()


class KeptFlags:
    """The flags of the job in hand, as they were when it was accepted."""

    def __init__(self, tally: Tally) -> None:
        """No job is in hand."""
        self._tally = tally
        self._kept: Mapping[str, bool] = {}

    def keep(self, kept: Mapping[str, bool]) -> None:
        """From now on it is this job's."""
        self._kept = kept

    def judge(self, key: str, _viewer: Viewer, default: bool) -> Result:
        """As the job has kept it, whoever is named."""
        if key not in self._kept:
            return Result(key, default, "FLAG_NOT_FOUND")
        self._tally.count(key)
        return Result(key, self._kept[key], "CACHED")

    def tell(self, listener: Callable[[], None]) -> None:
        """A job's flags do not change."""


def provide(source: Source) -> None:
    """Answer OpenFeature's clients of our domain from `source`."""
    from openfeature import api  # noqa: PLC0415

    api.set_provider_and_wait(_provider(source), DOMAIN)


def _provider(source: Source) -> Any:
    from openfeature.event import ProviderEventDetails  # noqa: PLC0415
    from openfeature.exception import (  # noqa: PLC0415
        ErrorCode,
        TypeMismatchError,
    )
    from openfeature.flag_evaluation import FlagResolutionDetails  # noqa: PLC0415
    from openfeature.provider import AbstractProvider, Metadata  # noqa: PLC0415

    def boolean(
        flag_key: str, default_value: bool, evaluation_context: Any = None
    ) -> FlagResolutionDetails[bool]:
        found = source.judge(flag_key, _viewer(evaluation_context), default_value)
        unknown = found.reason == "FLAG_NOT_FOUND"
        return FlagResolutionDetails(
            found.value,
            error_code=ErrorCode.FLAG_NOT_FOUND if unknown else None,
            reason=found.reason,
            variant="on" if found.value else "off",
            flag_metadata={} if found.rule is None else {"rule": found.rule},
        )

    def other(
        flag_key: str, default_value: Any, evaluation_context: Any = None
    ) -> FlagResolutionDetails[Any]:
        del default_value, evaluation_context
        raise TypeMismatchError(f"{flag_key} is a switch: ask for a boolean")

    class LumikuProvider(AbstractProvider):
        """Lumiku's flags: switches, for a viewer named by `targeting_key`."""

        resolve_boolean_details = staticmethod(boolean)
        resolve_string_details = staticmethod(other)
        resolve_integer_details = staticmethod(other)
        resolve_float_details = staticmethod(other)
        resolve_object_details = staticmethod(other)

        def get_metadata(self) -> Metadata:
            """Our name."""
            return Metadata("lumiku")

    made = LumikuProvider()
    source.tell(
        lambda: made.emit_provider_configuration_changed(ProviderEventDetails())
    )
    return made


def _viewer(context: Any) -> Viewer:
    """Whom an evaluation context names; an unknown tier or role is the lowest."""
    said = context.attributes if context is not None else {}
    tier = str(said.get("tier", "free")).upper()
    return Viewer(
        context.targeting_key if context is not None else None,
        Tier[tier] if tier in Tier.__members__ else Tier.FREE,
        "operator" if said.get("role") == "operator" else "user",
    )
