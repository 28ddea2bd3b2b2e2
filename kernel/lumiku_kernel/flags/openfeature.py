"""Lumiku's flags for those who use OpenFeature's client; the domain is `lumiku`.

The SDK is imported only when a process starts to work: it costs tens of milliseconds.
Its API is not yet at 1.0, so nothing else of the kernel touches it.
"""

from collections.abc import Callable
from typing import Any

from lumiku_contracts import Tier, Viewer
from lumiku_kernel.flags.evaluate import Result

DOMAIN = "lumiku"
Judge = Callable[[str, Viewer, bool], Result]
"""A flag's value for a viewer, or for a flag that nobody knows the default given."""


def provide(judge: Judge) -> Callable[[int], None]:
    """Answer OpenFeature's clients of our domain; call what is returned on a change."""
    from openfeature import api  # noqa: PLC0415
    from openfeature.event import ProviderEventDetails  # noqa: PLC0415

    made = _provider(judge)
    api.set_provider_and_wait(made, DOMAIN)
    return lambda _: made.emit_provider_configuration_changed(ProviderEventDetails())


def _provider(judge: Judge) -> Any:
    from openfeature.exception import (  # noqa: PLC0415
        ErrorCode,
        TypeMismatchError,
    )
    from openfeature.flag_evaluation import FlagResolutionDetails  # noqa: PLC0415
    from openfeature.provider import AbstractProvider, Metadata  # noqa: PLC0415

    def boolean(
        flag_key: str, default_value: bool, evaluation_context: Any = None
    ) -> FlagResolutionDetails[bool]:
        found = judge(flag_key, _viewer(evaluation_context), default_value)
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

    return LumikuProvider()


def _viewer(context: Any) -> Viewer:
    """Whom an evaluation context names; an unknown tier or role is the lowest."""
    said = context.attributes if context is not None else {}
    tier = str(said.get("tier", "free")).upper()
    return Viewer(
        context.targeting_key if context is not None else None,
        Tier[tier] if tier in Tier.__members__ else Tier.FREE,
        "operator" if said.get("role") == "operator" else "user",
    )
