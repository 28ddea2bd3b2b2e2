"""The operator's webhook is told of each change of a verdict, once."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError
from tests.kernel.chronicled import WHO, look
from tests.kernel.ear import Ear, listening

from lumiku_contracts import Tier
from lumiku_kernel.flags.change import switch
from lumiku_kernel.flags.word import enabled_key
from lumiku_kernel.settings import Settings
from lumiku_kernel.store import Store
from lumiku_kernel.visibility.chronicle import Chronicle, history
from lumiku_kernel.visibility.tell import tell_due


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as made:
        yield made


def hide(store: Store) -> None:
    """Two changes that the webhook is to be told of, for each tier."""
    chronicle = Chronicle(store, tells=True)
    chronicle.note(look(store))
    switch(store, enabled_key("app"), on=False, **WHO)
    chronicle.note(look(store))


def told(store: Store) -> set[str | None]:
    with store.read() as session:
        return {row["told"] for row in history(session) if row["before"]}


def test_the_webhook_is_told_once_of_each_change(stocked: Store, ear: Ear) -> None:
    hide(stocked)

    assert tell_due(stocked, ear.url) == len(Tier)
    assert tell_due(stocked, ear.url) == 0

    assert [one["tier"] for one in ear.heard] == [tier.word for tier in Tier]
    first = ear.heard[0]
    assert first.keys() == {"type", "app", "tier", "cause", "at"}
    assert (first["type"], first["app"]) == ("app.hidden", "app")
    assert first["cause"] == "the flag app.enabled was turned off by usr_boss: a test"
    assert told(stocked) == {"sent"}


def test_the_webhook_is_tried_three_times(
    stocked: Store, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_kernel.visibility.tell.WAITS", (0.0, 0.0, 0.0))
    hide(stocked)
    ear.answers = [500, 302] + [204] * 4 + [500] * 3

    assert tell_due(stocked, ear.url) == len(Tier)
    assert len(ear.heard) == len(Tier) + 2


def test_a_webhook_that_hears_nothing_is_given_up_and_logged(
    stocked: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("lumiku_kernel.visibility.tell.WAITS", (0.0, 0.0, 0.0))
    hide(stocked)

    assert tell_due(stocked, "http://127.0.0.1:9/nobody") == 0

    assert told(stocked) == {"failed"}
    assert "was not told that app is app.hidden: ConnectError" in caplog.text


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "ftp://127.0.0.1/x", "https:///x", "nonsense"]
)
def test_causes_go_by_https_or_stay_on_the_machine(url: str) -> None:
    with pytest.raises(ValidationError, match="an https URL"):
        Settings(operator_webhook=url)


def test_a_webhook_may_be_of_this_machine_or_by_https() -> None:
    for url in ("http://localhost:8/x", "http://[::1]:8/x", "https://example.org/x"):
        assert Settings(operator_webhook=url).operator_webhook is not None
