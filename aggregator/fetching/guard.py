"""Keeps a crawl out of the network it runs in: pages, redirects and DNS answers may point there (SSRF).

The check sits in the resolver because only there it sees the very address that is connected to; a look-up of its own
could be answered differently (DNS rebinding). Through a proxy names are resolved elsewhere: there only literal
addresses can be refused. Names are resolved to IPv4 only, so an IPv6 address is reached by its literal alone.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_UNICAST = IPv6Network("2000::/3")  # all that is given out; NAT64, which leads to any IPv4 address, lies outside

_refused: dict[str, str] = {}  # host -> the internal address it resolved to; Twisted's error cannot carry it


def is_internal(address: str) -> bool:
    """Whether an IP address lies outside the public internet (private, loopback, link-local, shared, reserved).

    >>> is_internal("10.1.2.3"), is_internal("::ffff:127.0.0.1"), is_internal("93.184.215.14")
    (True, True, False)
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    if isinstance(ip, IPv6Address) and ip not in _UNICAST:
        return True
    return not ip.is_global or ip.is_multicast


def _literal(host: str) -> str | None:
    """The address that `host` spells, in any way the resolver reads one (127.1, 0x7f000001, 2130706433)."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _proxy_hosts() -> set[str]:
    return {host for proxy in getproxies().values() if (host := urlsplit(proxy).hostname)}


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses; internal ones only for ALLOWED_INTERNAL and the proxy that is set."""

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset({*_allowed(crawler.settings), *_proxy_hosts()})
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name not in self.allowed and is_internal(address):
            _refused[name] = address
            raise DNSLookupError(f"{name} resolves to {address}")
        return address


class AddressGuard:
    """Refuses URLs that name an internal address or the proxy's own host, and tells a refusal from a failed look-up."""

    def __init__(self, settings: BaseSettings) -> None:
        self._allowed = _allowed(settings)
        self._proxies = _proxy_hosts()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings)

    def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        if host in self._allowed:
            return
        address = _literal(host)
        if host in self._proxies or (address and is_internal(address)):
            raise IgnoreRequest(f"internal address {host}")

    def process_exception(self, request: Request, exception: Exception) -> Any:
        address = _refused.get(urlparse_cached(request).hostname or "")
        if address and isinstance(exception, CannotResolveHostError):
            raise IgnoreRequest(f"internal address {address}") from exception


def _allowed(settings: BaseSettings) -> frozenset[str]:
    return frozenset(settings.getlist("ALLOWED_INTERNAL"))
