"""Which addresses are out in the world, and whether a request may go there at all."""

import ipaddress
import socket
from collections.abc import Callable, Collection

import httpx

PORTS = frozenset({80, 443})
BEYOND = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24"),
        *("192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
"""Not for us, whatever the standard library of the day calls global."""
GLOBAL_V6 = ipaddress.ip_network("2000::/3")

Near = Collection[tuple[str, int]]
"""Hosts and ports that the operator allows by plain HTTP and at any address."""
Resolve = Callable[[str, int], list[str]]


class Refusal(httpx.RequestError):
    """The guard said no; `code` is stable, the text names no address and no body."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def refuse_unfit(url: httpx.URL, near: Near) -> None:
    """What can be seen from the address alone."""
    if url.userinfo:
        raise Refusal("address-refused", "An address has no user name in it.")
    host = url.raw_host.decode("ascii")  # `host` fails on some that are
    if not host:
        raise Refusal("address-refused", "An address has a host.")
    if url.scheme in ("http", "https") and (host, port_of(url)) in near:
        return
    if url.scheme != "https":
        raise Refusal("address-refused", "An address begins with https://.")
    if port_of(url) not in PORTS:
        raise Refusal("address-refused", "Only the ports 443 and 80 are reached.")


def port_of(url: httpx.URL) -> int:
    """The port meant."""
    return url.port or (80 if url.scheme == "http" else 443)


def is_public(address: str) -> bool:
    """Whether an IP address, as the resolver writes it, is out in the world."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip not in GLOBAL_V6:
        return False
    beyond = any(ip in net for net in BEYOND if net.version == ip.version)
    return ip.is_global and not ip.is_multicast and not beyond


def system(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))
