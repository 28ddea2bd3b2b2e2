"""The extension declares a provider, keeps its key secret, and promises no more."""

import importlib.util

import pytest
from pydantic import ValidationError
from tests.alone import id_alone

import lumiku_huggingface
from lumiku_huggingface.settings import HuggingFaceSettings


def test_the_declaration_loads_with_no_environment_and_no_network() -> None:
    assert id_alone("lumiku_huggingface") == "huggingface"


def test_it_is_an_extension_with_one_provider_of_images() -> None:
    plugin = lumiku_huggingface.lumiku_plugin()

    (provider,) = plugin.providers

    assert plugin.kind == "extension"
    assert plugin.models == ()
    assert provider.offers == ("images",)
    assert provider.cost == "io"


def test_a_missing_key_is_named_by_its_environment_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HUGGINGFACE_API_KEY", raising=False)

    with pytest.raises(ValidationError) as refused:
        HuggingFaceSettings()

    assert [error["loc"] for error in refused.value.errors()] == [
        ("HUGGINGFACE_API_KEY",)
    ]


def test_an_empty_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUGGINGFACE_API_KEY", "")

    with pytest.raises(ValidationError):
        HuggingFaceSettings()


def test_the_key_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUGGINGFACE_API_KEY", "hf_secret")
    monkeypatch.setenv("FLUX_MODEL", "somebody/flux")

    settings = HuggingFaceSettings()

    assert settings.api_key.get_secret_value() == "hf_secret"
    assert "hf_secret" not in repr(settings)
    assert settings.flux_model == "somebody/flux"


def test_the_calls_are_not_there_and_nothing_pretends_they_are() -> None:
    (provider,) = lumiku_huggingface.lumiku_plugin().providers

    module = provider.open.partition(":")[0]

    assert importlib.util.find_spec(module) is None
