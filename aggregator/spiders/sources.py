"""Reads the pages that name articles. What a source is shows in its content; discovery finds what it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.robotstxt import RobotParser

from aggregator.discovery import endpoints, feeds, links, listings, pagination, sitemaps
from aggregator.discovery.endpoints import Endpoint
from aggregator.discovery.shapes import Learned, form
from aggregator.discovery.window import Window, stated
from aggregator.extraction import article as extraction
from aggregator.extraction.page import Page, SiteFacts, unclosed
from aggregator.items import NOT_ARTICLES, Found

MAX_SITEMAPS = 10
"""Sitemaps taken from one robots.txt, and children from one sitemap index."""
MAX_BACKFILL_SITEMAPS = 1000
MAX_DEPTH = 3
MAX_FEEDS = 5
MAX_URL = 2083  # characters; longer ones are no addresses of stories
MIN_TEXT = 300
"""Characters of text that a start page must have to be an article."""
UNREADABLE = (feeds.FeedError, sitemaps.SitemapError, endpoints.EndpointError)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")


Kind = Literal["start", "listing", "feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class Source:
    """A page that may name articles, and how it was come by."""

    site: str
    kind: Kind
    number: int = 1  # of a listing's pages; depth of a sitemap
    overlap: bool = False  # a page of this listing showed an article that an earlier run knows
    endpoint: Endpoint | None = None  # asked in the background, for the listing's next part
    guess: tuple[str, ...] | None = None  # the address was guessed; those to try where nothing is there


@dataclass(slots=True)
class Read:
    """What one source gave: articles, and further sources."""

    found: list[Found] = field(default_factory=list)
    itself: Found | None = None  # the page is an article, not a source
    more: list[tuple[str, Source]] = field(default_factory=list)
    feed: bool = False  # which says that all it lists are articles
    guesses: list[str] = field(default_factory=list)  # where feeds may lie, as the page names none


def read(
    response: Response,
    source: Source,
    days: int,
    aggregates: bool = False,
    learned: Learned = listings.NOTHING,
    window: Window | None = None,
) -> Read:
    """`days`: how old a sitemap's entry may be; `aggregates`: the site is a link aggregator; `learned` of its URLs;
    `window`: a back-fill's, in place of `days`.

    Raises one of UNREADABLE where a feed or sitemap is none.
    """
    if source.endpoint:
        return _part(response, source, source.endpoint, learned)
    if feeds.is_feed(response.body, content_type(response)):
        return Read(feeds.parse(response.body, response.url, source.site), feed=True)
    if source.kind == "sitemap" or _SITEMAP.search(response.body[:2048]):
        return _sitemap(response, source, days, window)
    if isinstance(response, HtmlResponse) and source.guess is None:
        return _listing(page(response), source, aggregates, learned, window)
    return Read()


def content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def page(response: TextResponse, facts: SiteFacts | None = None, found: Found | None = None, agent: str = "") -> Page:
    """The response as extraction reads it; Scrapy has parsed it once, that tree is used."""
    headers = {
        key.decode("latin-1").lower(): b"\n".join(all_).decode("latin-1") for key, all_ in response.headers.items()
    }
    selector = response.selector
    selector.response = None  # or they hold each other, and the page's tree with them, until garbage is looked for
    return Page(
        selector.root,
        response.url,
        response.meta["fetched_at"],
        headers,
        found,
        facts,
        agent,
        truncated="dataloss" in response.flags,
        unclosed=unclosed(response.text),
    )


def is_article(page: Page) -> bool:
    """Whether a start URL shows one story rather than a list of them."""
    url = form(page.url)
    if url.section or not (url.dated or url.words >= 3 or url.numbered or url.query_id or url.story_id):
        return False
    read = extraction.read(page)
    return read.kind not in NOT_ARTICLES and len(read.text or "") >= MIN_TEXT


def fetchable(url: str) -> bool:
    """Whether an URL can be asked for at all; pages and feeds may hold any nonsense.

    >>> fetchable("https://a.example/dam"), fetchable("http://[::1/dam"), fetchable("http://a.example:x/")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return valid and len(url) <= MAX_URL


def sitemaps_of(rules: RobotParser) -> list[str]:
    return list(rules.rp.sitemaps)[:MAX_SITEMAPS]  # type: ignore[attr-defined]  # ProtegoRobotParser


def _listing(page: Page, source: Source, aggregates: bool, learned: Learned, window: Window | None) -> Read:
    if source.kind == "start" and is_article(page):
        return Read(itself=Found(page.url, source.site, page.url, [f"start:{page.url}"]))
    out = Read(listings.articles(page, source.site, learned, aggregates))
    if source.kind == "start":
        named = feeds.discover(page)[:MAX_FEEDS]
        out.more += [(url, Source(source.site, "feed")) for url in named]
        out.guesses = feeds.guesses(page, named)
    if source.kind == "start" and window:
        first = Source(source.site, "listing")
        out.more += [(link.url, first) for link in links.collect(page) if window.is_month(link.url)]
        for one in endpoints.wordpress(page, window.since, window.until):
            out.more.append((one.url, replace(first, number=2, endpoint=one)))
    further = Source(source.site, "listing", source.number + 1)
    if url := pagination.next_page(page):
        out.more.append((url, further))
    elif source.number == 1:
        for one in endpoints.find(page):
            guess = () if one.kind == "wordpress" else None  # many sites have shut it
            out.more.append((one.url, replace(further, endpoint=one, guess=guess)))
    return out


def _part(response: Response, source: Source, endpoint: Endpoint, learned: Learned) -> Read:
    """A part of a listing that a page's script would have put there."""
    text = response.text if isinstance(response, TextResponse) else ""
    found, more = endpoints.read(text, endpoint, source.site, response.meta["fetched_at"], learned)
    further = [(more.url, Source(source.site, "listing", source.number + 1, endpoint=more))] if more else []
    return Read(found, more=further)


def _sitemap(response: Response, source: Source, days: int, window: Window | None) -> Read:
    sitemap = sitemaps.parse(response.body, response.url, source.site)
    if window:  # what has no date may be of any
        found = [one for one in sitemap.articles if window.may_hold(one)]
        children = [url for url, changed in sitemap.children if not changed or _after(changed, window.since)]
        most = MAX_BACKFILL_SITEMAPS
    else:
        since = response.meta["fetched_at"] - timedelta(days=days)
        found = [one for one in sitemap.articles if _after(one.published or one.modified, since)]
        children = [url for url, changed in sitemap.children if "news" in url.lower() or _after(changed, since)]
        most = MAX_SITEMAPS
    deeper = children[:most] if source.number < MAX_DEPTH else []
    return Read(found, more=[(url, Source(source.site, "sitemap", source.number + 1)) for url in deeper])


def _after(text: str | None, since: datetime) -> bool:
    moment = stated(text)
    return moment is not None and moment >= since
