"""The kernel's settings: the only reader of the environment."""

import os
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from lumiku_kernel.bounds import Bounds
from lumiku_kernel.entrance import Entrance, listed
from lumiku_kernel.filed import SUFFIX, Files, is_secret, now, variables
from lumiku_kernel.keeping import Keeping
from lumiku_kernel.places import Places

__all__ = ["Settings", "listed", "unknown_names"]


class Settings(Entrance, Keeping, Places, Bounds):
    """What an operator can set, by `LUMIKU_<NAME>` or the alias named.

    A secret may lie in a file instead, which the name with `_FILE` at its end says.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, the environment, then files that it names."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, Files(settings_cls)

    plugins: str | None = Field(
        None, description="Comma-separated plugin ids to load; without it, all."
    )
    plugins_denied: str = Field(
        "", description="Comma-separated plugin ids or distributions never to load."
    )
    plugins_required: str = Field(
        "", description="Comma-separated plugin ids that must be ready here."
    )
    plugin_pins: str = Field(
        "", description="Comma-separated ID=DISTRIBUTION: who is given a claimed id."
    )
    safe_mode: bool = Field(
        False, description="Load the pinned plugins only, to get going again."
    )
    flags_forced: str = Field(
        "", description="Comma-separated KEY=on or KEY=off: flags nobody can change."
    )
    environment: str = Field(
        "production", description="What flags' rules call this installation."
    )
    plugins_trial: bool = Field(
        True, description="Import plugins that are new here in a child process first."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="What secrets are derived from, the same on all machines; of "
        "several lines the first signs, the others verify. Without it, a file in the "
        "data folder.",
    )
    welcome_credits: Annotated[int, Field(ge=0)] = Field(
        100, description="Credits a new viewer is given."
    )
    credits_mode: Literal["metered", "off"] = Field(
        "metered", description="off: every price is 0, and jobs are only counted."
    )
    topup_url: str | None = Field(
        None, description="Where viewers get more credits; shown where they lack some."
    )
    followers_per_viewer: Annotated[int, Field(ge=1)] = Field(
        20, description="Event streams and sockets a viewer may keep open."
    )
    followers_per_address: Annotated[int, Field(ge=1)] = Field(
        200, description="Event streams and sockets an address may keep open."
    )
    worker_concurrency: Annotated[int, Field(ge=1, le=256)] = Field(
        8,
        validation_alias=AliasChoices(
            "LUMIKU_WORKER_CONCURRENCY", "WORKER_CONCURRENCY"
        ),
        description="Jobs that wait on remote providers, at once per worker process.",
    )
    provider_concurrency: Annotated[int, Field(ge=1)] = Field(
        8, description="Jobs at once of one remote provider, in all worker processes."
    )
    worker_name: str | None = Field(
        None,
        validation_alias=AliasChoices("LUMIKU_WORKER_NAME", "WORKER_NAME"),
        description="How a worker process is called in lists.",
    )
    cpu_slots: Annotated[int, Field(ge=1, le=256)] | None = Field(
        None, description="Jobs that burn a core, at once; without it, cores - 1."
    )
    lease_seconds: Annotated[float, Field(ge=0.5, le=600)] = Field(
        30.0, description="A job whose worker process is silent so long is rescued."
    )
    job_deadline_seconds: Annotated[float, Field(ge=1)] = Field(
        6 * 3600.0, description="A job older than this ends as it stands."
    )
    stop_seconds: Annotated[float, Field(ge=0, le=600)] = Field(
        10.0, description="How long a stop waits for what is under way."
    )
    operator_webhook: SecretStr | None = Field(
        None, description="URL told of each app that goes, comes back, or cannot run."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="Logs for people or for programs; auto: as at a terminal."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO",
        validation_alias=AliasChoices("LUMIKU_LOG_LEVEL", "LOG_LEVEL"),
        description="What is logged; DEBUG has libraries too.",
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias=AliasChoices(
            "LUMIKU_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
        ),
        description="http(s) URL that traces are sent to, by OTLP; without it, none.",
    )
    artifacts_url: Annotated[str, Field(pattern=r"^s3://[^/]+")] | None = Field(
        None, description="s3://BUCKET/PREFIX; without it, a folder of the data."
    )
    artifacts_endpoint: str | None = Field(
        None, description="URL of a store that is not Amazon's, to be named by path."
    )
    artifacts_region: str | None = Field(None, description="Where the bucket is.")
    artifacts_key_id: str | None = Field(
        None, description="Who we are there; else as the machine's own role says."
    )
    artifacts_secret: SecretStr | None = Field(
        None, description="The secret that belongs to it."
    )
    disk_floor_mb: Annotated[int, Field(ge=0)] = Field(
        500, description="MiB that stay free: with less, no job is accepted."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        1_000_000, description="Larger request bodies are refused."
    )
    max_upload_bytes: Annotated[int, Field(ge=1024)] = Field(
        11 * 2**20, description="Larger bodies of uploads are refused."
    )
    rate_limits: Literal["on", "off"] = Field(
        "on", description="Whether requests are counted, by tier and by address."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, word: Any) -> Any:
        return word.upper() if isinstance(word, str) else word

    @field_validator("topup_url")
    @classmethod
    def _link(cls, url: str | None) -> str | None:
        """A link that viewers follow: by HTTP, or a path of this site."""
        if not url:
            return None
        parts = urlsplit(url)
        path = url.startswith("/") and not url.startswith("//") and "\\" not in url
        if not path and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("an http or https URL, or a path such as /plans")
        return url

    @field_validator("otlp_endpoint")
    @classmethod
    def _collector(cls, url: str | None) -> str | None:
        if not url or not url.strip():
            return None
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an http or https URL, such as http://localhost:4318")
        return url.strip()

    @field_validator("operator_webhook")
    @classmethod
    def _safe(cls, url: SecretStr | None) -> SecretStr | None:
        """Causes are the operator's affair: they go by HTTPS, or stay here."""
        if url is not None:
            parts = urlsplit(url.get_secret_value())
            near = parts.hostname in ("localhost", "127.0.0.1", "::1")
            if not parts.hostname or parts.scheme not in (
                ("http", "https") if near else ("https",)
            ):
                raise ValueError("an https URL, or an http one of this machine")
        return url

    def fresh(self, name: str) -> str | None:
        """A secret as it is at this moment, if a file holds it as it was told."""
        field = type(self).model_fields[name]
        text = now(variables(name, field, "LUMIKU_"))
        kept: SecretStr | None = getattr(self, name)
        if text is None and kept is not None:
            return kept.get_secret_value()
        return text

    @property
    def free(self) -> bool:
        """Whether nothing costs credits here."""
        return self.credits_mode == "off"

    @property
    def required(self) -> frozenset[str]:
        """Plugin ids that must be ready here."""
        return frozenset(listed(self.plugins_required))

    @property
    def pins(self) -> list[tuple[str, str]]:
        """Plugin ids and the distributions they are given to."""
        pairs = [pair.partition("=") for pair in self.plugin_pins.split(",") if pair]
        return [(ident.strip(), dist.strip()) for ident, _, dist in pairs]

    @field_validator("flags_forced")
    @classmethod
    def _on_or_off(cls, said: str) -> str:
        for pair in filter(None, (one.strip() for one in said.split(","))):
            key, _, value = pair.partition("=")
            if not key.strip() or value.strip() not in ("on", "off"):
                raise ValueError(f"“{pair}” is neither KEY=on nor KEY=off")
        return said

    @property
    def forced(self) -> dict[str, bool]:
        """Flags that the environment decides."""
        pairs = [pair.partition("=") for pair in self.flags_forced.split(",") if pair]
        return {key.strip(): value.strip() == "on" for key, _, value in pairs if value}

    @property
    def slots(self) -> dict[str, int]:
        """Jobs at once per worker process, by class of slot."""
        cpu = self.cpu_slots or max(1, (os.cpu_count() or 2) - 1)
        return {"cpu": cpu, "io": self.worker_concurrency}


def unknown_names(plugin_ids: tuple[str, ...]) -> list[str]:
    """A sentence for each `LUMIKU_*` variable that nothing reads."""
    fields = Settings.model_fields.items()
    known = {f"LUMIKU_{name.upper()}" for name, _ in fields}
    known |= {
        f"LUMIKU_{name.upper()}{SUFFIX}" for name, one in fields if is_secret(one)
    }
    prefixes = tuple(
        f"LUMIKU_{ident.replace('-', '_').upper()}__" for ident in plugin_ids
    )
    told = []
    for name in sorted(os.environ):
        if not name.startswith("LUMIKU_") or name in known | {"LUMIKU_PARENT_FD"}:
            continue
        if name.startswith(prefixes):
            continue
        near = get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        told.append(f"Nothing reads {name}.{hint}")
    return told
