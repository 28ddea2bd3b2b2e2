"""Settings of the way in: where the server listens, by which names, whom it lets in."""

from ipaddress import ip_address, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

NEAR = ("localhost", "127.0.0.1", "[::1]")
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (compared)
"""Addresses to listen on that are none to go to, and what is."""


class Entrance(BaseSettings):
    """The part of `Settings` that is about who comes in, and how."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        3000, description="Port to listen on."
    )
    public_url: str | None = Field(
        None, description="How viewers reach this server, for links and origins."
    )
    registration: Literal["open", "closed", "approval"] | None = Field(
        None,
        description="open, closed, or approval: an operator lets each newcomer in. "
        "Without it, open on this machine and closed where others can reach it.",
    )
    waiting_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days until a newcomer whom nobody let in is forgotten."
    )
    session_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days until a session ends."
    )
    secure_cookies: bool | None = Field(
        None, description="Cookies for HTTPS only; without it, as the public URL says."
    )
    hosts: str = Field(
        "", description="Comma-separated further names of this site; * for any."
    )
    proxies: str = Field(
        "", description="Comma-separated networks of proxies whose word is believed."
    )
    cors_origins: str = Field(
        "", description="Comma-separated origins whose pages may use the API with keys."
    )

    @field_validator("proxies")
    @classmethod
    def _networks(cls, said: str) -> str:
        for one in listed(said):
            ip_network(one, strict=False)
        return said

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names by which this site may be asked, in small letters."""
        own = (urlsplit(self.url).hostname or "", self.host, *listed(self.hosts))
        return frozenset(one.lower() for one in (*NEAR, *own))

    @property
    def url(self) -> str:
        """The address for people and links, without a slash at the end."""
        bare = self.host.strip("[]")
        host = ANYWHERE.get(bare, f"[{bare}]" if ":" in bare else bare)
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def reachable(self) -> bool:
        """Whether others than this machine can reach the server."""
        named = urlsplit(self.url).hostname or ""
        return not (_is_near(self.host) and _is_near(named))

    @property
    def door(self) -> Literal["open", "closed", "approval"]:
        """What becomes of strangers who register: the setting, or as it is safe."""
        if self.registration is not None:
            return self.registration
        return "closed" if self.reachable else "open"

    @property
    def cookies_are_secure(self) -> bool:
        """Whether cookies carry `Secure`."""
        if self.secure_cookies is not None:
            return self.secure_cookies
        return self.url.startswith("https://")


def _is_near(host: str) -> bool:
    """Whether a name or address is this machine's own loopback."""
    if host in NEAR:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listed(said: str) -> list[str]:
    """The members of a comma-separated list."""
    return [one.strip() for one in said.split(",") if one.strip()]
