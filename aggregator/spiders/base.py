"""What all site spiders share: the way from a site's start URLs to its articles.

A site is a class of facts:

    class ValleyCourier(SiteSpider):
        name = "valley_courier"
        start_urls = ["http://www.valley-courier.example/"]
        timezone = "America/Denver"
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from aggregator import seen
from aggregator.extraction import article as extraction
from aggregator.extraction import publisher
from aggregator.extraction.page import SiteFacts
from aggregator.fetching.failures import fate
from aggregator.items import NOT_ARTICLES, Article, Found
from aggregator.signals import article_discovered, article_settled, problem
from aggregator.spiders import sources
from aggregator.spiders.frontier import Frontier
from aggregator.spiders.memory import Memory
from aggregator.spiders.sources import Source


class SiteSpider(Spider):
    """A news site. Subclasses state facts; `amend` is there for what no fact can say."""

    start_urls: list[str] = []
    selectors: ClassVar[Mapping[str, str]] = {}  # field -> CSS; `remove` cuts elements from the body
    timezone: ClassVar[str | None] = None  # IANA name, for dates without an offset
    language: ClassVar[str | None] = None  # ISO 639-1
    interval: ClassVar[int] = 60  # minutes between two crawls
    follow_offsite: ClassVar[bool] = False  # a link aggregator: its stories lie on other hosts
    max_pages: ClassVar[int | None] = None  # listing pages followed; None: MAX_LISTING_PAGES

    frontier: Frontier
    index: seen.Seen  # of what earlier runs met
    memory: Memory  # of what was learned of the sites
    unreachable: set[str]  # sites of which a start URL could not be read

    def amend(self, article: Article, response: Response) -> None:
        """Changes `article` in place, after extraction and before the pipelines."""

    @classmethod
    def facts(cls) -> SiteFacts | None:
        return SiteFacts(cls.name, cls.selectors, cls.timezone, cls.language)

    def site_of(self, url: str) -> str:
        """The name under which the articles of this start URL are written."""
        return self.name

    @property
    def sites(self) -> list[str]:
        return list(dict.fromkeys(map(self.site_of, self.start_urls)))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.frontier, spider.index, spider.unreachable = Frontier(), seen.of(crawler), set()
        spider.memory = Memory(spider.index)
        crawler.signals.connect(spider.robots_read, signals.robots_parsed)
        crawler.signals.connect(spider.memory.save, signals.spider_closed)
        return spider

    # --- Sources: pages that name articles ------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        requests = [self.source(url, Source(self.site_of(url), "start")) for url in self.start_urls]
        for request in requests:  # all are open before the first can be closed
            yield request

    def source(self, url: str, source: Source) -> Request:
        self.frontier.open(source.site)
        # Priority: an article waits until its site's sources are read, so these go first.
        return Request(url, self.parse, errback=self.source_failed, priority=1, meta={"source": source})

    def robots_read(self, robotparser: RobotParser, request: Request) -> None:
        """Takes the sitemaps from the robots.txt of a start URL's site, which has just been read anyway."""
        source = request.meta.get("source")
        asked = request.meta.get("redirect_urls", [request.url])[0]
        if source and source.kind == "start" and publisher.domain(asked) == publisher.domain(request.url):
            for url in filter(sources.fetchable, sources.sitemaps_of(robotparser)):
                self.crawler.engine.crawl(self.source(url, Source(source.site, "sitemap")))

    def parse(self, response: Response) -> Iterator[Request | Article]:
        source = response.meta.get("source") or Source(self.site_of(response.url), "start")  # none: `scrapy parse`
        read = sources.Read()
        try:
            learned = self.memory.learned(source.site)
            read = sources.read(response, source, self.settings.getint("SITEMAP_DAYS"), self.follow_offsite, learned)
        except Exception as error:  # the site's other sources must not wait for this one for ever
            bug = None if isinstance(error, sources.UNREADABLE) else error
            level = logging.ERROR if bug else logging.INFO
            self.logger.log(level, "cannot read %s: %s", response.url, error, exc_info=bug)
            self.crawler.stats.inc_value(f"sources/failed/{source.kind}")
        if read.itself and self.meet(read.itself, keep=False):
            response.meta["found"] = read.itself
            yield from self.parse_article(response)
        if read.feed:
            self.memory.named(source.site, read.found)
        fresh = sum(self.meet(found) for found in read.found if self.is_wanted(found, response.url))
        limit = self.max_pages or self.settings.getint("MAX_LISTING_PAGES")
        for url, more in read.more:
            if sources.fetchable(url) and (more.kind != "listing" or (fresh and more.number <= limit)):
                yield self.source(url, more)
        yield from self.close_source(source)

    def source_failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        source: Source = request.meta["source"]
        reason = fate(failure.value)[1]
        self.logger.info("cannot read %s: %s", request.url, reason)
        self.crawler.stats.inc_value(f"sources/failed/{source.kind}")
        if source.kind == "start":
            self.unreachable.add(source.site)
            self.problem(source.site, f"{request.url}: {reason}")
        yield from self.close_source(source)

    def close_source(self, source: Source) -> Iterator[Request]:
        if not self.frontier.close(source.site):
            return
        if not self.frontier.counts[source.site] and source.site not in self.unreachable:
            self.problem(source.site, f"{source.site}: no articles found")
        for found in self.frontier.release(source.site):
            yield Request(found.url, self.parse_article, errback=self.article_failed, meta={"found": found})

    def problem(self, site: str, text: str) -> None:
        self.crawler.signals.send_catch_log(problem, text=text, site=site)

    def is_wanted(self, found: Found, source: str) -> bool:
        """A link aggregator's own pages (comments, submissions) are no stories."""
        return not self.follow_offsite or publisher.domain(found.url) != publisher.domain(source)

    # --- Articles -------------------------------------------------------------------------------------------------

    def meet(self, found: Found, keep: bool = True) -> bool:
        """Whether the URL is one to be fetched: new to this run and to all runs before."""
        if not self.frontier.meet(found):
            return False
        self.crawler.signals.send_catch_log(article_discovered, found=found)
        if self.index.known(found.url):
            self.settle(found, "unchanged", "known")
            return False
        if not sources.fetchable(found.url):
            self.settle(found, "failed", "no URL that can be fetched")
            return False
        if keep:
            self.frontier.keep(found)
        return True

    def settle(self, found: Found, fate: str, reason: str) -> None:
        self.crawler.signals.send_catch_log(article_settled, found=found, fate=fate, reason=reason)

    def parse_article(self, response: Response) -> Iterator[Article]:
        found: Found = response.meta["found"]
        if not isinstance(response, HtmlResponse):
            self.settle(found, "not_article", f"content type {sources.content_type(response) or 'unknown'}")
        elif _is_front(response.url) and not _is_front(found.url):
            self.settle(found, "not_article", "redirected to a front page")
        else:
            yield self.extract(response, found)

    def extract(self, response: TextResponse, found: Found | None = None) -> Article:
        """The article of a page, as it goes to the pipelines."""
        article = extraction.read(sources.page(response, self.facts(), found))
        if found and self.follow_offsite:
            article.links.source_link = found.url
        elif found and (article.text or article.kind == "listing"):
            self.memory.read(found, article.kind not in NOT_ARTICLES)
        self.amend(article, response)
        return article

    def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self.settle(request.meta["found"], *fate(failure.value))


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
