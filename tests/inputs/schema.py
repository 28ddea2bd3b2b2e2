"""Requests as schemathesis makes them: right and wrong by the document's schemas."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.inputs.bad import LEFT_OUT, Bad

MODES = (GenerationMode.NEGATIVE, GenerationMode.POSITIVE)


def generated(document: dict[str, Any], count: int) -> Iterator[Bad]:
    """At least `count`, each operation as often as any other; the same each time."""
    schema = schemathesis.openapi.from_dict(document)
    found = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]
    operations = [one for one in found if (one.method, one.path) not in LEFT_OUT]
    each = count // len(operations) + 1
    for operation in operations:
        for case in _cases(operation, each):
            yield _as_sent(case.as_transport_kwargs(base_url="http://testserver"))


def _cases(operation: Any, count: int) -> list[Any]:
    made: list[Any] = []
    both = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

    @settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(both)
    def collect(case: Any) -> None:
        made.append(case)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it cannot negate
        collect()
    return made


def _as_sent(sent: dict[str, Any]) -> Bad:
    content = sent.get("data", b"")
    if "json" in sent:
        content = json.dumps(sent["json"])
    elif not isinstance(content, str | bytes):
        content = str(content)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    url = httpx.URL(sent["url"], params=sent.get("params") or None)
    # Who asks is for the caller to say.
    dropped = ("connection", "accept-encoding", "content-length", "authorization")
    headers = {
        str(name): str(value).encode("utf-8", "replace")
        for name, value in sent["headers"].items()
        if name.lower() not in dropped
    }
    return Bad(sent["method"], url.raw_path.decode(), headers, content)
