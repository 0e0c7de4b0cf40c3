"""Sitemaps: indexes, lists of URLs, Google's news extension, plain text and feeds used as such."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from aggregator import rules
from aggregator.cleaning.text import from_markup
from aggregator.discovery import feeds, markup
from aggregator.discovery.feed_entries import absolute
from aggregator.discovery.markup import local
from aggregator.discovery.shapes import form
from aggregator.items import Found

URLS = 50_000
"""URLs of one sitemap that are read; the protocol allows no more."""
WELL_KNOWN: tuple[str, ...] = tuple(rules.load("feed_paths")["sitemap_paths"])

_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:urlset|sitemapindex|url|sitemap)[\s>/]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_LINE = re.compile(r"^https?://\S{1,4000}$")
_WORDS = re.compile(r"[a-z_]+")
_ROBOTS = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(https?://\S{1,4000})", re.IGNORECASE | re.MULTILINE)


class SitemapError(ValueError):
    """Nothing can or may be read; the message says why in one line."""


@dataclass(slots=True)
class Sitemap:
    children: list[tuple[str, str | None]] = field(default_factory=list)  # URL and lastmod as it stands
    articles: list[Found] = field(default_factory=list)


def from_robots(text: str) -> list[str]:
    """The sitemaps that a robots.txt names.

    >>> from_robots("User-agent: *\\nDisallow: /x\\nSitemap: https://a.example/news.xml")
    ['https://a.example/news.xml']
    """
    return list(dict.fromkeys(_ROBOTS.findall(text)))


def parse(body: bytes, url: str, site: str) -> Sitemap:
    """What the sitemap at `url` lists: further sitemaps that may hold stories, and article URLs.

    URLs whose form is a section's are left out, unless the sitemap's name or the news extension says they are stories.
    Raises SitemapError where nothing can be read, or where entities are declared.
    """
    try:
        text = markup.decoded(markup.unpacked(body)).lstrip()
    except markup.TooLarge as error:
        raise SitemapError(str(error)) from None
    if not text:
        raise SitemapError("empty")
    if feeds.is_feed(body, None):
        try:
            return Sitemap(articles=feeds.parse(body, url, site))
        except feeds.FeedError as error:
            raise SitemapError(str(error)) from None
    root, html = _ROOT.search(text), _HTML.search(text)
    if html and (root is None or html.start() < root.start()):
        raise SitemapError("an HTML page, no sitemap")
    if root is None:
        return _from_lines(text, url, site)
    if "<!ENTITY" in text[: root.start()]:
        raise SitemapError("declares entities: refused")
    return _from_xml(text[root.start() :], url, site)


def _from_lines(text: str, url: str, site: str) -> Sitemap:
    addresses = [line for line in map(str.strip, text.splitlines()[:URLS]) if _LINE.match(line)]
    if not addresses:
        raise SitemapError("neither XML nor a list of URLs")
    return Sitemap(articles=_stories([Found(one, site, url, [f"sitemap:{url}"]) for one in addresses], url))


def _from_xml(text: str, url: str, site: str) -> Sitemap:
    children: dict[str, str | None] = {}
    entries: dict[str, Found] = {}
    news: set[str] = set()
    for node in _nodes(text):
        said: dict[str, etree._Element] = {}
        for child in node.iterdescendants(etree.Element):
            said.setdefault(local(child), child)
        address = absolute(_text(said.get("loc")) or "", url)
        if address is None:
            continue
        changed = _text(said.get("lastmod"))
        if local(node) == "sitemap":
            children.setdefault(address, changed)
            continue
        if "news:publication_date" in said or "news:title" in said:
            news.add(address)
        entries.setdefault(
            address,
            Found(
                url=address,
                site=site,
                listing=url,
                via=[f"sitemap:{url}"],
                title=_text(said.get("news:title")),
                published=_text(said.get("news:publication_date")),
                modified=changed,
                categories=[one for one in (_text(said.get("news:keywords")) or "").split(", ") if one],
                language=_text(said.get("news:language")),
            ),
        )
    told = [entry for entry in entries.values() if entry.url in news]
    return Sitemap(
        children=[(child, changed) for child, changed in children.items() if not _is_of_sections(child)],
        articles=told or _stories(list(entries.values()), url),
    )


def _nodes(text: str) -> Iterator[etree._Element]:
    """Each <url> and <sitemap> once it is whole; what was given out is freed when the next one is asked for."""
    data = BytesIO(markup.repaired(text).encode())
    tags = ("{*}url", "{*}sitemap")
    parsed = etree.iterparse(data, tag=tags, recover=True, resolve_entities=False, no_network=True)
    given: etree._Element | None = None
    for _, node in islice(parsed, URLS):
        if given is not None:
            yield given
            given.clear()
        given = node
    if given is not None and not markup.is_cut(text, "url", "sitemap"):
        yield given


def _text(node: etree._Element | None) -> str | None:
    return (from_markup("".join(map(str, node.itertext()))[:4000]) or None) if node is not None else None


def _name(url: str) -> set[str]:
    return set(_WORDS.findall(urlsplit(url).path.lower().rpartition("/")[2]))


def _is_of_sections(url: str) -> bool:
    words = _name(url)
    return bool(words & set(rules.load("feed_paths")["sitemap_sections"])) and not words & _story_words()


def _story_words() -> set[str]:
    return set(rules.load("listings")["story_words"])


def _stories(entries: list[Found], url: str) -> list[Found]:
    """The entries that are articles by the form of their URLs; those of one shape are taken or left together."""
    forms = {entry.url: form(entry.url) for entry in entries}
    entries = [entry for entry in entries if not (forms[entry.url].unread or forms[entry.url].section)]
    if _name(url) & _story_words():
        return [entry for entry in entries if forms[entry.url].shape]
    votes: dict[str, list[bool]] = defaultdict(list)
    for entry in entries:
        one = forms[entry.url]
        votes[one.shape].append(one.words >= 3 or one.numbered or one.query_id or one.story_id)
    stories = {shape for shape, cast in votes.items() if 2 * sum(cast) >= len(cast)}
    return [entry for entry in entries if forms[entry.url].shape in stories]
