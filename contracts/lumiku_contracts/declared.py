"""How a declaration is written: frozen, checked, and clear about a wrong field."""

from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches
from functools import wraps
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import ConfigDict, PlainSerializer, ValidationError
from pydantic.dataclasses import dataclass

from lumiku_contracts.errors import DeclarationError

T = TypeVar("T")


def reference(thing: Any) -> str:
    """`module:qualified.name` of a function or class."""
    return f"{thing.__module__}:{thing.__qualname__}"


Function = Annotated[
    Callable[..., Any], PlainSerializer(reference, when_used="json-unless-none")
]
Type = Annotated[type, PlainSerializer(reference, when_used="json-unless-none")]


@dataclass_transform(frozen_default=True)
def declared(cls: type[T]) -> type[T]:
    """Make `cls` a frozen, validated dataclass that explains what is wrong with it."""
    made: Any = dataclass(frozen=True, config=ConfigDict(arbitrary_types_allowed=True))(
        cls
    )
    init, names = made.__init__, [field.name for field in fields(made)]

    @wraps(init)
    def explain(self: Any, *args: Any, **kwargs: Any) -> None:
        for name in kwargs.keys() - set(names):
            near = get_close_matches(name, names, 1)
            hint = f"did you mean “{near[0]}”?" if near else f"it has {names}."
            raise DeclarationError(cls.__name__, f"has no field “{name}”; {hint}")
        try:
            init(self, *args, **kwargs)
        except ValidationError as problem:
            raise DeclarationError(cls.__name__, _told(problem)) from problem

    made.__init__ = explain
    return made  # type: ignore[no-any-return]


def _told(problem: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'value'}: {error['msg']}"
        for error in problem.errors(include_url=False)
    )
