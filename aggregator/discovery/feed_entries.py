"""What the XML of a feed says of each of its entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from aggregator import rules
from aggregator.cleaning.text import from_markup
from aggregator.discovery import proxies
from aggregator.discovery.markup import local
from aggregator.items import Found

SUMMARY = 1000
"""Characters of an entry's summary that are kept."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MAILED = re.compile(r"^\S+@\S+\s*\((.+)\)$")  # RSS: 'mail@site (Name)'

_TITLE = ("title", "media:title", "dc:title")
_PUBLISHED = ("pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created", "date")
_MODIFIED = ("updated", "modified", "dcterms:modified")
_SUMMARY = ("description", "summary", "itunes:summary", "content:encoded", "content", "media:description")
_ORIGINAL = ("feedburner:origlink", "pheedo:origlink", "origlink")

Fields = dict[str, list[etree._Element]]


def read(root: etree._Element, url: str, site: str, whole: bool = True) -> Iterator[Found]:
    """The entries that have an address, in order; without the last one where the feed is cut within it."""
    nodes = [node for node in root.iter(etree.Element) if local(node) in ("item", "entry")]
    if not whole:
        nodes = nodes[:-1]
    spoken = next((node.text for node in root.iter(etree.Element) if local(node) == "language"), None) or root.get(
        _LANG
    )
    for node in nodes:
        if entry := _entry(node, url, site, (spoken or "").strip() or None):
            yield entry


def _entry(node: etree._Element, url: str, site: str, language: str | None) -> Found | None:
    fields: Fields = {}
    for child in node.iterchildren(etree.Element):
        fields.setdefault(local(child), []).append(child)
    address = _address(node, fields, url)
    if address is None:
        return None
    source, source_url = _source(fields)
    summary = _first(fields, _SUMMARY)
    return Found(
        url=address,
        site=site,
        listing=url,
        via=[f"feed:{url}"],
        title=_first(fields, _TITLE),
        published=_first(fields, _PUBLISHED),
        modified=_first(fields, _MODIFIED),
        authors=list(dict.fromkeys(_authors(fields))),
        source=source,
        source_url=source_url,
        summary=summary[:SUMMARY] if summary else None,
        categories=list(dict.fromkeys(_categories(fields))),
        language=_first(fields, ("dc:language", "language")) or node.get(_LANG) or language,
    )


def _address(node: etree._Element, fields: Fields, url: str) -> str | None:
    """The entry's own address: what a proxy says is the original, its link, its permanent id, in this order."""
    base, hosts = node.base or url, rules.load("feed_paths")["proxy_hosts"]
    proxied = None
    for claim in _claims(node, fields):
        if address := absolute(claim, base):
            if urlsplit(address).hostname not in hosts:
                return address
            proxied = proxied or address
    return proxied


def _claims(node: etree._Element, fields: Fields) -> Iterator[str]:
    for name in _ORIGINAL:
        yield from map(_text, fields.get(name, ()))
    links, ids = fields.get("link", []), fields.get("guid", []) + fields.get("id", [])
    yield from (link.get("href") or "" for link in links if link.get("rel", "alternate") == "alternate")
    yield from map(_text, links)
    yield from (str(value) for name, value in node.attrib.items() if str(name).endswith(("}about", "rdf:about")))
    yield from (text for one in ids if (text := _text(one)).startswith("http") and one.get("isPermaLink") != "false")
    yield from (_text(link) for link in node.iterdescendants(etree.Element) if local(link) == "link")  # misnested
    yield from (text for one in ids if (text := _text(one)).startswith("http"))


def absolute(claim: str, base: str) -> str | None:
    """The address meant: broken lines and spaces put right, relative ones resolved, proxies unwrapped; None if none is.

    >>> absolute(" /dam\\nbreaks?a=1&amp;b=2 ", "https://news.example/feed")
    'https://news.example/dambreaks?a=1&b=2'
    """
    claim = "".join(map(str.strip, claim.splitlines())).replace(" ", "%20").replace("&amp;", "&")
    try:
        url = urljoin(base, claim) if claim else ""
        parts = urlsplit(url := proxies.target(url) or url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _text(node: etree._Element) -> str:
    return "".join(map(str, node.itertext())).strip()


def _clean(node: etree._Element) -> str:
    return from_markup(_text(node)[: SUMMARY * 20])


def _first(fields: Fields, names: tuple[str, ...]) -> str | None:
    return next((text for name in names for child in fields.get(name, ()) if (text := _clean(child))), None)


def _authors(fields: Fields) -> Iterator[str]:
    for name in ("author", "dc:creator", "itunes:author", "creator"):
        for child in fields.get(name, ()):
            named = [_clean(part) for part in child.iterchildren(etree.Element) if local(part) == "name"]
            for author in filter(None, named or [_clean(child)]):
                mailed = _MAILED.match(author)
                yield mailed[1] if mailed else author


def _source(fields: Fields) -> tuple[str | None, str | None]:
    """The outlet the entry was taken from: its name and URL."""
    for name in ("source", "dc:source", "news:source"):
        for child in fields.get(name, ()):
            parts = {local(part): part for part in child.iterchildren(etree.Element)}
            title = _clean(parts.get("title", child)) if "title" in parts or not parts else ""
            link = parts["link"].get("href") if "link" in parts else child.get("url")
            if title.startswith("http"):
                title, link = "", link or title
            if title or link:
                return title or None, link
    return None, None


def _categories(fields: Fields) -> Iterator[str]:
    for name in ("category", "dc:subject"):
        for child in fields.get(name, ()):
            if words := child.get("label") or _clean(child) or child.get("term"):
                yield words
