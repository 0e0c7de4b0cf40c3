"""What all site spiders share: the way from a site's start URLs to its articles.

A site is a class of facts:

    class ValleyCourier(SiteSpider):
        name = "valley_courier"
        start_urls = ["http://www.valley-courier.example/"]
        timezone = "America/Denver"
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from aggregator.discovery import sitemaps
from aggregator.discovery.window import Window
from aggregator.extraction import publisher
from aggregator.fetching.failures import fate, is_lasting
from aggregator.fetching.pace import HostLeftAloneError
from aggregator.items import Article, Found
from aggregator.signals import article_discovered, keeping, problem, source_closed, warning
from aggregator.spiders import sources
from aggregator.spiders.articles import ArticleSpider
from aggregator.spiders.backlog import Backlog
from aggregator.spiders.freshness import Freshness, asked
from aggregator.spiders.frontier import Shown
from aggregator.spiders.sources import Source

_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Requested-With": "XMLHttpRequest"}


class SiteSpider(ArticleSpider):
    """A news site. Subclasses state facts; `amend` is there for what no fact can say."""

    start_urls: list[str] = []
    interval: ClassVar[int] = 60  # minutes between two crawls

    backlog: Backlog  # what has no fate yet, earlier runs' too
    freshness: Freshness  # of what its sources answered before
    mapped: set[str]  # sites whose robots.txt names sitemaps
    resumed: set[str]  # sites of which an earlier run of this back-fill has read the start URL
    unreachable: set[str]  # sites of which a start URL could not be read

    def __init__(self, *args: Any, since: str = "", until: str = "", **kwargs: Any) -> None:
        """`since`, `until`: fill up what appeared between these days (ISO 8601), however far back that is."""
        super().__init__(*args, **kwargs)
        if unknown := next((name for name in kwargs if not hasattr(type(self), name)), None):
            raise ValueError(f"unknown argument -a {unknown}=…: there are since and until, and url and sites of `news`")
        if until and not since:
            raise ValueError("until=… needs since=…: -a since=2026-01-01 -a until=2026-03-01")
        self.window = Window.parse(since, until) if since else None

    def site_of(self, url: str) -> str:
        """The name under which the articles of this start URL are written."""
        return self.name

    @property
    def sites(self) -> list[str]:
        return list(dict.fromkeys(map(self.site_of, self.start_urls)))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.mapped, spider.unreachable, spider.resumed = set(), set(), set()
        spider.backlog = Backlog(crawler, spider.index, str(spider.window or ""))
        spider.freshness = Freshness(spider.index)
        crawler.signals.connect(spider.robots_read, signals.robots_parsed)
        crawler.signals.connect(spider.spider_closed, signals.spider_closed)
        crawler.signals.connect(spider.engine_stopped, signals.engine_stopped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for site in self.sites:
            for found in self.backlog.left(site):
                self.meet(found)
            for found in self.revisits.due(site) if not self.window else ():
                if self.frontier.expect(found):
                    self.crawler.signals.send_catch_log(article_discovered, found=found)
        left = [one for site in self.sites for one in self.backlog.sources(site)]
        self.resumed = {source.site for _, source in left} - {one.site for _, one in left if one.kind == "start"}
        starts = [(url, Source(self.site_of(url), "start")) for url in self.start_urls]
        requests = [self.source(url, source) for url, source in [*starts, *left]]
        for request in chain.from_iterable(list(map(list, requests))):  # all are open before the first can be closed
            yield request

    def source(self, url: str, source: Source) -> Iterator[Request]:
        """The request for a source; none where it cannot be made, or was made in this run."""
        form = urlencode(source.endpoint.form) if source.endpoint else ""
        if source.guess is not None and self.memory.guesses(source.site).get(url) is False:
            return
        asked_for = f"{url} {form}"
        if sources.fetchable(url) and self.frontier.open(source.site, asked_for):
            if self.leads_on(source):
                self.backlog.ahead(asked_for, url, source)
            # Priority: an article waits until its site's sources are read, so these go first.
            whole = bool(self.window or form)  # a back-fill walks through what is known
            headers = {} if whole else self.freshness.conditions(url, self.now())
            meta = {"source": source, "asked": asked_for, "handle_httpstatus_list": [304] if headers else []}
            request = Request(url, self.parse, errback=self.source_failed, priority=1, headers=headers, meta=meta)
            yield request.replace(method="POST", body=form, headers=_FORM) if form else request

    def robots_read(self, robotparser: RobotParser, request: Request) -> None:
        """Takes the sitemaps from the robots.txt of a start URL's site, which has just been read anyway."""
        source = request.meta.get("source")
        if (
            source
            and source.kind == "start"
            and source.site not in self.resumed
            and publisher.domain(asked(request)) == publisher.domain(request.url)
        ):
            for url in sources.sitemaps_of(robotparser):
                self.mapped.add(source.site)
                for sitemap in self.source(url, Source(source.site, "sitemap")):
                    self.crawler.engine.crawl(sitemap)

    def parse(self, response: Response) -> Iterator[Request | Article]:
        source = response.meta.get("source") or Source(self.site_of(response.url), "start")  # none: `scrapy parse`
        request: Request = response.request  # type: ignore[assignment]  # set by Scrapy
        if response.status == 304:
            yield from self.not_modified(asked(request), source)
            return
        read = sources.Read()
        try:
            learned = self.memory.learned(source.site)
            days = self.settings.getint("SITEMAP_DAYS")
            read = sources.read(response, source, days, self.follow_offsite, learned, self.window)
        except Exception as error:  # the site's other sources must not wait for this one for ever
            bug = None if isinstance(error, sources.UNREADABLE) else error
            level = logging.ERROR if bug else logging.INFO
            self.logger.log(level, "cannot read %s: %s", response.url, error, exc_info=bug)
            self.tell(source, response.url, "failed")
        else:
            if again := self.escalation.listing(response, source, read):
                yield again
                return
            self.tell(source, response.url, "read")
            if not self.window and request.method == "GET" and not self.escalation.took_part(response):
                self.freshness.read(asked(request), response, read)
        if read.itself and self.meet(read.itself, keep=False):
            response.meta["found"] = read.itself
            yield from self.parse_article(response)
        if read.feed:
            self.memory.named(source.site, read.found)
        wanted = [found for found in read.found if self.is_wanted(found, response.url)]
        fresh = [found for found in wanted if self.meet(found)]
        self.backlog.add(fresh)
        if fresh:
            self.freshness.news(source.site)
        page = self.frontier.shown(read.found if self.window else wanted)
        for url, more in read.more if self.leads_on(source) else ():
            if more.kind != "listing":
                yield from self.source(url, more)
            elif further := self.next_page(more, source, page, read.found):
                yield from self.source(url, further)
        if source.guess is not None:
            right = bool(read.found or read.more)
            yield from self.guessed(request, source, right)
        if source.kind == "start" and not read.itself and self.leads_on(source):
            yield from self.guess(Source(source.site, "feed"), read.guesses)
            if source.site not in self.mapped and not self.follow_offsite:
                paths = sitemaps.WELL_KNOWN
                yield from self.guess(Source(source.site, "sitemap"), [urljoin(response.url, path) for path in paths])
        yield from self.close_source(source, request.meta.get("asked"))

    def leads_on(self, source: Source) -> bool:
        """Whether other sources are to be taken from it: not where an earlier run of this back-fill has done so."""
        return source.kind != "start" or source.site not in self.resumed

    def not_modified(self, url: str, source: Source) -> Iterator[Request]:
        """A source that is as it was names nothing new, but what it led to may be other than it was."""
        self.tell(source, url, "not_modified")
        for further, kind in self.freshness.unchanged(url, source.site):
            yield from self.source(further, kind)
        for guess, right in self.memory.guesses(source.site).items():
            if right:
                is_map = urlsplit(guess).path in sitemaps.WELL_KNOWN
                yield from self.source(guess, Source(source.site, "sitemap" if is_map else "feed"))
        yield from self.close_source(source)

    def next_page(self, more: Source, source: Source, page: Shown, stories: list[Found]) -> Source | None:
        """`more`, which goes on after `page` of `stories`, where it may bring something new."""
        if self.window:
            return self.further_back(self.window, more, page, stories)
        overlap = source.overlap or page.known > 0
        if not page.fresh or page.known >= page.all * self.settings.getfloat("STOP_AT_KNOWN"):
            return None
        if more.number > (self.max_pages or self.settings.getint("MAX_LISTING_PAGES")):
            if not overlap and self.memory.crawled(source.site):
                text = f"{more.number - 1} pages of a listing and no article of an earlier run: stories may be missed"
                self.crawler.signals.send_catch_log(warning, text=text, site=source.site)
            return None
        return replace(more, overlap=overlap)

    def further_back(self, window: Window, more: Source, page: Shown, stories: list[Found]) -> Source | None:
        """`more` in a back-fill: until the window ends or nothing new comes, known stories do not matter."""
        begins = more.number == 1 or (more.endpoint and more.number == 2)  # a month's archive, an API
        if not begins and (not page.fresh or window.ends_after(stories)):
            return None
        most = self.settings.getint("MAX_BACKFILL_PAGES")
        if more.number > most:
            text = f"{most} pages of a listing did not reach back to {window.since:%Y-%m-%d}"
            self.crawler.signals.send_catch_log(warning, text=text, site=more.site)
            return None
        return more

    def guess(self, kind: Source, addresses: Sequence[str]) -> Iterator[Request]:
        """Asks for what was there when it was guessed before, or else for the first address that was never tried."""
        tried = self.memory.guesses(kind.site)
        right = [url for url in addresses if tried.get(url)]
        untried = [url for url in addresses if url not in tried]
        for url in right or untried[:1]:
            yield from self.source(url, replace(kind, guess=() if right else tuple(untried[1:])))

    def guessed(self, request: Request, source: Source, right: bool) -> Iterator[Request]:
        self.memory.guessed(source.site, asked(request), right)
        if not right and source.guess:
            yield from self.guess(Source(source.site, source.kind), source.guess)

    def source_failed(self, failure: Failure) -> Iterator[Request | Article]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        source: Source = request.meta["source"]
        reason = fate(failure.value)[1]
        self.logger.info("cannot read %s: %s", request.url, reason)
        if page := self.escalation.failed(request, failure.value, source.site, "listing"):
            yield from self.parse(page)
            return
        self.tell(source, request.url, "failed")
        if source.kind == "start":
            self.unreachable.add(source.site)
            self.problem(source.site, f"{request.url}: {reason}")
        if source.guess is not None and is_lasting(failure.value):
            yield from self.guessed(request, source, right=False)
        later = isinstance(failure.value, HostLeftAloneError)
        yield from self.close_source(source, None if later else request.meta["asked"])

    def close_source(self, source: Source, asked_for: str | None = None) -> Iterator[Request]:
        """`asked_for`: what need not be asked for again in this back-fill."""
        if asked_for:
            self.backlog.behind(asked_for, source)
        if not self.frontier.close(source.site):
            return
        silent = self.freshness.is_silent(source.site) or source.site in self.unreachable
        if not self.frontier.counts[source.site] and not silent:
            self.problem(source.site, f"{source.site}: no articles found{self.escalation.failure(source.site)}")
        for found in self.frontier.release(source.site):
            yield Request(found.url, self.parse_article, errback=self.article_failed, meta={"found": found})

    def tell(self, source: Source, url: str, outcome: str) -> None:
        self.crawler.signals.send_catch_log(source_closed, site=source.site, url=url, outcome=outcome)

    def spider_closed(self) -> None:
        with keeping(self.crawler):
            self.memory.save()

    def engine_stopped(self) -> None:
        if self.crawler.stats.get_value("finish_reason") == "finished":
            with keeping(self.crawler):
                self.freshness.save()

    def problem(self, site: str, text: str) -> None:
        self.crawler.signals.send_catch_log(problem, text=text, site=site)

    def is_wanted(self, found: Found, source: str) -> bool:
        """Not a link aggregator's own pages (comments, submissions), nor what a back-fill's window leaves out."""
        if self.window and not self.window.may_hold(found):
            return False
        return not self.follow_offsite or publisher.domain(found.url) != publisher.domain(source)
