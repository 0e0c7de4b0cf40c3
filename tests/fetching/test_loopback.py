from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback

PAGES = {
    "http://a.example/": Saved(headers={"Content-Type": "text/plain"}, content=b"of a"),
    "http://b.example/": Saved(content=b"of b"),
}


def get(url: str, **headers: str) -> bytes:
    opener = urllib.request.build_opener()  # a new one reads the proxy that is set now
    with opener.open(urllib.request.Request(url, headers=headers)) as response:
        body: bytes = response.read()
    return body


def test_any_host_is_answered_for_as_a_proxy_does() -> None:
    with Loopback(PAGES) as server, server.as_proxy():
        assert [get(url) for url in PAGES] == [b"of a", b"of b"]


def test_the_host_header_is_enough() -> None:
    with Loopback(PAGES) as server:
        assert get(server.url, Host="b.example") == b"of b"


def test_what_is_not_there_is_a_404_and_noted() -> None:
    with Loopback(PAGES) as server, server.as_proxy():
        for path in ("robots.txt", "missing"):
            with pytest.raises(urllib.error.HTTPError, match="404") as caught:
                get(f"http://a.example/{path}")
            caught.value.close()
    assert server.missing == ["http://a.example/missing"]
