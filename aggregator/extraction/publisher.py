"""The page's own site: the names it goes by, and which URLs are its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import tldextract

from aggregator import rules
from aggregator.cleaning.text import folded, from_markup
from aggregator.extraction import jsonld

if TYPE_CHECKING:
    from aggregator.extraction.page import Page

_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/((?:19|20)\d{12})[a-z_]{0,3}/(?=https?://[\w.:@-]+(?:[/?#]|$))")
_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name", "dc.publisher")
MAX_TEXTS, MAX_TEXT = 3_000, 200  # texts of a page that are searched for an outlet's name, and characters of one
_BRACKETS = ' ()[]«»"“”„.:'
_PARTS = re.compile(r"\s[-–—|:·•»]\s|\s*[|]\s*")
_ARTICLE = re.compile(r"^(?:the|die|der|das|le|la|les|el|il|o|a)\s+|\s+(?:online|news|blog)$", re.IGNORECASE)


@cache
def _suffixes() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=())  # the list that comes with the package: no network


@lru_cache(maxsize=4_096)
def domain(url: str) -> str:
    """The registrable domain of a URL or host; its last two labels under no public suffix, "" where it is no host.

    >>> domain("https://news.example.co.uk/dam")
    'example.co.uk'
    """
    try:
        host = urlsplit(url).hostname or "" if "//" in url else url
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # no URL, or no host name
        return ""
    known = _suffixes()(host).top_domain_under_public_suffix
    if known or host.replace(".", "").isdigit():  # an address has no domain
        return known or host
    return ".".join(host.rsplit(".", 2)[-2:])


def live(url: str) -> str:
    """The address on its own site of a page that an archive keeps.

    >>> live("https://web.archive.org/web/20140226054445/http://news.example/dam")
    'http://news.example/dam'
    """
    match = _ARCHIVED.match(url)
    return url[match.end() :] if match else url


def captured(url: str) -> datetime | None:
    """When the archive took the page."""
    match = _ARCHIVED.match(url)
    try:
        return datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def label(url: str) -> str:
    """The registrable domain without its suffix: the same for a publisher's sites in several countries.

    >>> label("https://news.example.co.uk/dam")
    'example'
    """
    return domain(url).partition(".")[0]


def names(page: Page) -> frozenset[str]:
    """Every name the site is known by, folded for comparison (`cleaning.text.folded`)."""
    out: set[str] = set()
    for name in _claimed(page):
        name = from_markup(name)
        for part in (name, *_PARTS.split(name)):
            out.add(folded(part))
            out.add(folded(_ARTICLE.sub("", part)))
    return frozenset(name for name in out if len(name) > 1)


def _claimed(page: Page) -> Iterator[str]:
    own = domain(page.host)
    yield page.host
    yield own
    yield own.partition(".")[0]
    yield page.host.partition(".")[0]
    for name in _META:
        yield from page.meta.get(name, ())
    for node in page.jsonld:
        yield from jsonld.strings(node.get("publisher"))
        if "WebSite" in jsonld.types(node):
            yield from jsonld.strings(node.get("name"))
            yield from jsonld.strings(node.get("alternateName"))
    if page.site:
        yield page.site.name


def outlets() -> dict[str, str]:
    """Known outlets: name -> registrable domain."""
    return rules.load("outlets")


def outlet_of(url: str) -> str:
    """The name of the outlet whose site a URL is on; the bare domain where it is not known.

    >>> outlet_of("https://www.grist.org/energy/dams")
    'Grist'
    """
    return _by_domain().get(domain(url), domain(url))


def spelt(page: Page, url: str) -> str | None:
    """The outlet at `url` as the page spells it, in a short text of its domain's letters: 'The Grayzone'."""
    keys = {folded(label(url)), folded(domain(url))}
    told = (content for contents in page.meta.values() for content in contents)
    shown = (segment.text for segment in page.text.segments)
    for text in islice(chain(told, [page.title_tag], shown), MAX_TEXTS):
        for part in _PARTS.split(text) if len(text) <= MAX_TEXT else ():
            name = part.strip(_BRACKETS)
            if folded(name) in keys and name != name.lower():
                return name
    return None


@cache
def _by_domain() -> dict[str, str]:
    return {domain(host): name for name, host in reversed(outlets().items())}
