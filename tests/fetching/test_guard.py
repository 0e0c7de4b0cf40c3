from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import Settings

from aggregator.fetching.guard import AddressGuard, is_internal


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
     "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:53aa:64c::80ff:fffe"],
)  # fmt: skip
def test_addresses_of_no_public_network_are_internal(address: str) -> None:
    assert is_internal(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1:248:1893:25c8:1946", "2002:5db8:d70e::1"])
def test_public_addresses_are_not(address: str) -> None:
    assert not is_internal(address)


def refused(url: str, **settings: object) -> bool:
    try:
        AddressGuard(Settings(settings)).process_request(Request(url))
    except IgnoreRequest:
        return True
    return False


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "169.254.169.254:80",
     "[::1]", "[::ffff:7f00:1]:80", "[fe80::1%25eth0]", "[64:ff9b::a9fe:a9fe]"],
)  # fmt: skip
def test_an_internal_address_is_refused_however_it_is_spelled(host: str) -> None:
    assert refused(f"http://{host}/latest/meta-data/")


def test_names_and_public_addresses_pass() -> None:
    assert not refused("http://news.example/")
    assert not refused("http://93.184.215.14/")


def test_an_internal_host_can_be_allowed() -> None:
    assert not refused("http://10.0.0.7/", ALLOWED_INTERNAL=["10.0.0.7"])


def test_the_proxy_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.internal:3128")
    assert refused("http://proxy.internal/admin")
