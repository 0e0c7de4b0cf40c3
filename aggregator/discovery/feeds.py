"""Feeds: where pages name them, which responses are some, and what RSS, RDF, Atom and JSON Feed list."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import json_repair

from aggregator import rules
from aggregator.cleaning.text import from_markup
from aggregator.discovery import feed_entries, links, markup
from aggregator.discovery.feed_entries import SUMMARY
from aggregator.extraction.page import Page
from aggregator.items import Found

ENTRIES = 5000
"""Entries of one feed that are read."""
WELL_KNOWN: tuple[str, ...] = tuple(rules.load("feed_paths")["paths"])

_REPAIRED = 500_000  # characters of broken JSON that are worth the repair, which takes 4 s a million
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_FEED_PATH = re.compile(r"(?:^|[/._-])(?:feeds?|rss\d?|atom|rdf)(?:$|[/._-])", re.IGNORECASE)


class FeedError(ValueError):
    """Nothing at all can be read; the message says why in one line."""


def discover(page: Page) -> list[str]:
    """The feeds a page names, absolute, in page order: its autodiscovery links, or where it has none, links to feeds.

    Feeds of comments are left out.
    """
    urls = [
        url
        for link in page.root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and _is_feed_type(link.get("type") or "", link.get("href") or "")
        and (url := page.absolute(link.get("href") or ""))
        and not _is_for_comments(link.get("title") or "", url)
    ]
    if not urls:
        urls = [
            link.url
            for link in links.collect(page)
            if _FEED_PATH.search(urlsplit(link.url).path) and not _is_for_comments(link.text, link.url)
        ]
    return list(dict.fromkeys(urls))


def guesses(page: Page, named: Collection[str]) -> list[str]:
    """Where feeds may lie that a start page does not name among `named`, most likely first.

    WordPress has one for each of its sections.
    """
    section = urlsplit(page.url).path.strip("/") and not urlsplit(page.url).query
    likely = [page.url.rstrip("/") + "/feed/"] if section and _is_wordpress(page) else []
    if not named:
        likely += [urljoin(page.url, path) for path in WELL_KNOWN]
    return [url for url in dict.fromkeys(likely) if url not in named]


def _is_wordpress(page: Page) -> bool:
    return any("api.w.org" in (link.get("rel") or "") for link in page.root.iter("link")) or any(
        said.lower().startswith("wordpress") for said in page.meta.get("generator", ())
    )


def _is_feed_type(type_: str, href: str) -> bool:
    known, type_ = rules.load("feed_paths"), type_.partition(";")[0].strip().lower()
    return type_ in known["types"] or (type_ in known["plain_types"] and bool(_FEED_PATH.search(href)))


def _is_for_comments(title: str, url: str) -> bool:
    parts = urlsplit(url)
    return bool(_comments().search(f"{title} {parts.path} {parts.query}".lower()))


@cache
def _comments() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(rules.load('feed_paths')['comment_words'])})\b")


def is_feed(body: bytes, content_type: str | None) -> bool:
    """Whether a response is a feed, by its first bytes; by its type where they do not tell."""
    head = markup.opening(body)
    if head.startswith("{"):
        return "jsonfeed.org/version" in head
    html = _HTML.search(head)
    if root := _ROOT.search(head):
        return not html or root.start() < html.start()
    return not html and bool(re.search(r"rss|atom|rdf\+xml|feed\+json", content_type or ""))


def parse(body: bytes, url: str, site: str) -> list[Found]:
    """The entries of the feed that lies at `url`, each once, in its order. Every entry that can be read counts.

    Raises FeedError where nothing can be read, never for what a feed says.
    """
    try:
        text = markup.decoded(markup.unpacked(body)).lstrip()
    except markup.TooLarge as error:
        raise FeedError(str(error)) from None
    entries = _from_json(text, url, site) if text.startswith(("{", "[")) else _from_xml(text, url, site)
    found: dict[str, Found] = {}
    for entry in entries:
        found.setdefault(entry.url, entry)
        if len(found) >= ENTRIES:
            break
    return list(found.values())


def _from_xml(text: str, url: str, site: str) -> Iterator[Found]:
    root, html = _ROOT.search(text), _HTML.search(text)
    if not text:
        raise FeedError("empty")
    if html and (root is None or html.start() < root.start()):
        raise FeedError("an HTML page, not a feed")
    if root is None:
        raise FeedError("no feed: neither RSS, RDF, Atom nor JSON Feed")
    text = text[root.start() :]  # declarations, and what servers print before them, are done with
    tree = markup.tree(markup.repaired(text), url)
    if tree is None:
        raise FeedError("XML that cannot be read")
    yield from feed_entries.read(tree, url, site, whole=not markup.is_cut(text, "item", "entry"))


def _from_json(text: str, url: str, site: str) -> Iterator[Found]:
    whole = True
    try:
        feed: Any = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        whole = False
        try:
            feed = json_repair.loads(text[:_REPAIRED], skip_json_loads=True)
        except (ValueError, RecursionError):
            raise FeedError("JSON that cannot be read") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedError("JSON without items: no feed")
    if not whole and not text.rstrip().endswith("}"):
        items = items[:-1]  # its address may have lost its end
    for item in items:
        if isinstance(item, dict) and (entry := _json_entry(item, url, site, _said(feed, "language"))):
            yield entry


def _json_entry(item: dict[str, Any], url: str, site: str, language: str | None) -> Found | None:
    claims = [item.get("url"), item.get("external_url"), item.get("id")]
    address = next((found for claim in claims if (found := feed_entries.absolute(str(claim or ""), url))), None)
    if address is None:
        return None
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    summary = _said(item, "summary") or _said(item, "content_text") or _said(item, "content_html")
    return Found(
        url=address,
        site=site,
        listing=url,
        via=[f"feed:{url}"],
        title=_said(item, "title"),
        published=_said(item, "date_published"),
        modified=_said(item, "date_modified"),
        authors=[name for author in authors or [] if isinstance(author, dict) and (name := _said(author, "name"))],
        summary=summary[:SUMMARY] if summary else None,
        categories=[tag for tag in tags or [] if isinstance(tag, str)],
        language=_said(item, "language") or language,
    )


def _said(node: dict[str, Any], key: str) -> str | None:
    value = node.get(key)
    return (from_markup(value[: SUMMARY * 20]) or None) if isinstance(value, str) else None
