"""What a typed handler takes and gives, read from its annotations once."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from lumiku_contracts import File, Stream


class SignatureError(TypeError):
    """A handler that cannot be called as its route says."""


@dataclass(frozen=True, slots=True)
class Signature:
    """`handler(context, <path parameters>, query=…, body=…) -> answer`."""

    handler: Callable[..., Any]
    path: tuple[str, ...]
    query: TypeAdapter[Any] | None
    body: TypeAdapter[Any] | None
    answer: TypeAdapter[Any] | None
    """None for `None`, `File` and `Stream`."""

    @classmethod
    def read(
        cls,
        handler: Callable[..., Any],
        path: str,
        *,
        wrapped: Any = None,
        wire: tuple[type, ...] = (),
    ) -> "Signature":
        """Read `handler`, or raise `SignatureError`.

        `wrapped[T]` as its answer's type means `T`; types in `wire` answer as they are.
        """
        try:
            hints = get_type_hints(handler, include_extras=True)
        except Exception as error:
            raise SignatureError(f"an annotation cannot be read: {error}") from error
        wanted = tuple(re.findall(r"{(\w+)}", path))
        names = list(inspect.signature(handler).parameters)[1:]
        unknown = [n for n in names if n not in {*wanted, "query", "body"}]
        if unknown:
            problem = (
                f"parameter “{unknown[0]}” is neither in the path, nor query or body"
            )
            raise SignatureError(problem)
        missing = [name for name in wanted if name not in names]
        if missing:
            raise SignatureError(f"the path's “{missing[0]}” is not a parameter")
        for name in ("query", "body"):
            if name in names and name not in hints:
                raise SignatureError(f"“{name}” needs an annotation")
        given = _answer(hints.get("return"), wrapped, (File, Stream, *wire))
        return cls(
            handler,
            wanted,
            _adapter(hints["query"]) if "query" in names else None,
            _adapter(hints["body"]) if "body" in names else None,
            None if given is None else _adapter(given),
        )


def _adapter(given: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(given)
    except Exception as error:
        raise SignatureError(f"pydantic cannot read {given!r}") from error


def _answer(given: Any, wrapped: Any, wire: tuple[type, ...]) -> Any:
    """The JSON part of an answer's type, or None if it has none."""
    parts = get_args(given) if get_origin(given) in (Union, UnionType) else (given,)
    json = [one for one in parts if not _bytes(one, wire)]
    if not json:
        return None
    if wrapped is not None and get_origin(json[0]) is wrapped:
        (inner,) = get_args(json[0])
        return None if inner is type(None) else inner
    return given if len(json) == len(parts) else json[0]


def _bytes(kind: Any, wire: tuple[type, ...]) -> bool:
    """Whether answers of this type are no JSON."""
    if kind in (None, type(None)):
        return True
    return isinstance(kind, type) and issubclass(kind, wire)
