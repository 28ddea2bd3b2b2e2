"""The guard of what goes out: nothing near us is reached by anybody else's word."""

import socket
from collections.abc import Callable
from pathlib import Path

import httpcore
import httpx
import pytest
from tests.kernel.listener import Listener, Talk, fine

from lumiku_kernel import outbound
from lumiku_kernel.errors import Problem
from lumiku_kernel.outbound.address import is_public
from lumiku_kernel.settings import Settings

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.0.3", "10.0.0.1", "172.16.0.1", "0.0.0.1"),
        *("172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("100.100.100.200", "192.0.0.8", "192.0.0.192", "192.0.2.1", "198.18.0.1"),
        *("198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("192.88.99.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1"),
        *("fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::"),
        *("2001:0:7f00:1::", "2001:db8::1", "ff02::1", "fec0::1", "::127.0.0.1"),
        *("100::1", "5f00::1", "3fff::1", "2001:20::1"),
    ],
)
def test_no_address_near_us_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_an_address_out_in_the_world_is_public(address: str) -> None:
    assert is_public(address)


NOWHERE = [
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1"),
    *("0177.0.0.1", "017700000001", "127.0.0.01", "0", "0.0", "[::1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "LOCALHOST", "localhost."),
    *("127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ"),
    *("169.254.169.254", "2852039166", "[fd00:ec2::254]", "[fe80::1%25eth0]"),
    *("user@127.0.0.1", "example.com@127.0.0.1", "example.com:80@127.0.0.1"),
    *("127.0.0.1%00.example.com", "127.0.0.1%2eexample.com", "a\r\nHost: b", "a b"),
    *("127.0.0.1\\@example.com", "", ".", "..", "[", "[::1", "::1", "%31%32%37.0.0.1"),
    *("127.0.0.1\t", "xn--", "a" * 64 + ".test", "a." * 200),
]


@pytest.mark.parametrize("port", ["", "canary"])
@pytest.mark.parametrize("scheme", ["https", "http", "ftp", "file", "gopher"])
@pytest.mark.parametrize("host", NOWHERE)
def test_no_way_of_writing_an_address_reaches_this_machine(
    host: str, scheme: str, port: str, listener: Callable[[Talk], Listener]
) -> None:
    canary = listener(fine)
    place = f":{canary.port}" if port else ""
    url = f"{scheme}://{host}{place}/"

    with pytest.raises(Problem) as told:
        outbound.check(url)
    refused = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
    with outbound.client() as http, pytest.raises(refused):
        http.get(url)

    assert (told.value.status, told.value.code) == (422, "address-refused")
    assert canary.hits == 0


@pytest.mark.parametrize(
    "url", ["https://a.test:22/", "https://a.test:8443/", "http://a.test/", "//a.test"]
)
def test_only_https_on_the_usual_ports_is_spoken(url: str) -> None:
    with (
        outbound.client(resolve=lambda *_: [PUBLIC]) as http,
        pytest.raises((outbound.Refusal, httpx.UnsupportedProtocol)),
    ):
        http.get(url)
    with pytest.raises(Problem):
        outbound.check(url, resolve=lambda *_: [PUBLIC])


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with (
        outbound.client(resolve=lambda *_: [PUBLIC, "10.0.0.1"]) as http,
        pytest.raises(outbound.Refusal) as told,
    ):
        http.get("https://two.test/")

    assert told.value.code == "address-refused"
    assert "10.0.0.1" not in str(told.value)


def test_a_name_that_changes_its_address_is_reached_where_it_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([PUBLIC, "127.0.0.1", "127.0.0.1"])
    reached: list[str] = []

    def connect(_self: object, host: str, *_: object, **__: object) -> None:
        reached.append(host)
        raise httpcore.ConnectError("no network in a test")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with outbound.client(resolve=lambda *_: [next(answers)]) as http:
        for refused in (httpx.ConnectError, outbound.Refusal):
            with pytest.raises(refused):
                http.get("https://flips.test/")

    assert reached == [PUBLIC]


def test_a_redirect_to_this_machine_is_refused_like_a_first_address(
    listener: Callable[[Talk], Listener],
) -> None:
    canary = listener(fine)

    def away(guest: socket.socket) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: {canary.url}\r\nContent-Length: 0\r\n"
        guest.sendall(head.encode() + b"\r\n")

    near = listener(away)
    with outbound.client(near.near) as http:
        assert http.get(near.url).status_code == 302
        with pytest.raises(outbound.Refusal):
            http.get(near.url, follow_redirects=True)
    assert canary.hits == 0


def test_what_the_operator_lists_is_reached_though_it_is_near(
    listener: Callable[[Talk], Listener], tmp_path: Path
) -> None:
    server = listener(fine)
    said = f"127.0.0.1:{server.port}, [::1]:99"
    settings = Settings(data_dir=tmp_path, outbound_private=said)
    assert ("::1", 99) in settings.near

    outbound.check(server.url, settings.near)
    with outbound.client(settings.near) as http:
        assert http.get(server.url).text == "hi"


@pytest.mark.parametrize("said", ["127.0.0.1", ":80", "a:b", "http://a/"])
def test_a_list_of_private_places_names_ports(said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        Settings(data_dir=tmp_path, outbound_private=said)


def test_the_environments_proxies_are_not_used(
    listener: Callable[[Talk], Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = listener(fine), listener(fine)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)

    with outbound.client(server.near) as http:
        http.get(server.url)

    assert (proxy.hits, server.hits) == (0, 1)
