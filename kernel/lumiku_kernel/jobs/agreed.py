"""A model as plugins are told of it: declared by its author, at the price agreed."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from lumiku_contracts import Free, Model

_MODEL: Final = TypeAdapter(Model)


def agreed(declaration: Mapping[str, Any], price: int) -> Model:
    """The model of a stored declaration; a price of 0 is `Free`."""
    return _MODEL.validate_python({**declaration, "price": price or Free})
