"""What becomes of an article's URL: it is met, fetched unless it is known, and its page is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from aggregator import seen
from aggregator.discovery import shapes
from aggregator.discovery.window import Window
from aggregator.extraction import article as extraction
from aggregator.extraction.page import SiteFacts
from aggregator.fetching.clock import clock
from aggregator.fetching.failures import fate
from aggregator.items import NOT_ARTICLES, Article, Found
from aggregator.signals import article_discovered, article_settled
from aggregator.spiders import parts, sources
from aggregator.spiders.escalation import Escalation
from aggregator.spiders.frontier import Frontier
from aggregator.spiders.memory import Memory
from aggregator.spiders.parts import Part
from aggregator.spiders.revisits import Revisits


class ArticleSpider(Spider):
    """Reads articles, whoever named them."""

    selectors: ClassVar[Mapping[str, str]] = {}  # field -> CSS; `remove` cuts elements from the body
    timezone: ClassVar[str | None] = None  # IANA name, for dates without an offset
    language: ClassVar[str | None] = None  # ISO 639-1
    follow_offsite: ClassVar[bool] = False  # a link aggregator: its stories lie on other hosts
    max_pages: ClassVar[int | None] = None  # listing pages followed; None: MAX_LISTING_PAGES
    render: ClassVar[str] = "auto"  # by a browser: auto (where the HTML lacks the story or the list), always, never
    load_more: ClassVar[str | None] = None  # CSS of the button that loads more stories; None: known by its words

    agent: str = ""  # how the crawl calls itself, to robots.txt and its like
    window: Window | None = None  # of a back-fill
    frontier: Frontier
    index: seen.Seen  # of what earlier runs met
    memory: Memory  # of what was learned of the sites
    revisits: Revisits
    escalation: Escalation  # to a browser
    now: Callable[[], datetime]

    def amend(self, article: Article, response: Response) -> None:
        """Changes `article` in place, after extraction and before the pipelines."""

    @classmethod
    def facts(cls) -> SiteFacts | None:
        return SiteFacts(cls.name, cls.selectors, cls.timezone, cls.language)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        for name in ("USER_AGENT", "ROBOTSTXT_USER_AGENT"):  # the latter wins where it is set
            spider.agent = settings[name] or spider.agent
            if not spider.agent.isprintable():
                raise ValueError(f"{name} must be one line of characters that can be printed, not {spider.agent!r}")
        spider.frontier, spider.index = Frontier(), seen.of(crawler)
        spider.memory = Memory(spider.index)
        spider.now = clock(settings["CLOCK"])
        spider.revisits = Revisits(spider.index, settings, spider.now)
        pages = spider.max_pages or settings.getint("MAX_LISTING_PAGES")
        mode = spider.render if settings.getbool("RENDER") else "never"
        spider.escalation = Escalation(mode, spider.index, pages - 1, spider.load_more)
        return spider

    def meet(self, found: Found, keep: bool = True) -> bool:
        """Whether the URL is one to be fetched: new to this run and to all runs before."""
        if not self.frontier.meet(found):
            return False
        self.crawler.signals.send_catch_log(article_discovered, found=found)
        known, visit = self.index.met(found.url)
        if known:
            found.content = None
            self.frontier.know(found)
            self.settle(found, "unchanged", "known", fetched=False)
            return False
        if visit and self.revisits.refuses(visit):
            self.frontier.know(found)
            self.settle(found, visit.fate, visit.reason, fetched=False)
            return False
        if not sources.fetchable(found.url):
            self.settle(found, "failed", "no URL that can be fetched", fetched=False)
            return False
        if ending := shapes.file_ending(found.url):
            self.settle(found, "not_article", f"{ending} file", fetched=False)
            return False
        most = self.settings.getint("MAX_URLS_ALIKE")
        if not self.window and self.frontier.alike(found) > most:  # a calendar, filters, an endless list
            self.settle(found, "failed", f"more than {most} URLs of this form in one run", fetched=False)
            return False
        if keep:
            self.frontier.keep(found)
        return True

    def settle(self, found: Found, fate: str, reason: str, fetched: bool = True) -> None:
        self.crawler.signals.send_catch_log(article_settled, found=found, fate=fate, reason=reason, fetched=fetched)

    def parse_article(self, response: Response) -> Iterator[Request | Article]:
        found: Found = response.meta["found"]
        if not isinstance(response, HtmlResponse):
            self.settle(found, "not_article", f"content type {sources.content_type(response) or 'unknown'}")
        elif _is_front(response.url) and not _is_front(found.url):
            self.settle(found, "not_article", "redirected to a front page")
        else:
            article = self.extract(response, found)
            found.content = None
            yield self.escalation.article(response, article) or self.next_part(response, article) or article

    def next_part(self, response: HtmlResponse, article: Article, number: int = 2) -> Request | None:
        """The request for the story's part `number`; None where it ends before."""
        url = None if article.kind in NOT_ARTICLES else parts.following(response, article, number)
        if url is None:
            return None
        if number > parts.MAX_PARTS:
            parts.missing(article, number, f"more than {parts.MAX_PARTS}")
            return None
        meta = {"found": response.meta["found"], "part": Part(number, article)}
        # Priority: an article that has begun is finished first. What a listing named may be a part of another story.
        return Request(url, self.parse_part, errback=self.part_failed, priority=1, dont_filter=True, meta=meta)

    def parse_part(self, response: Response) -> Iterator[Request | Article]:
        part: Part = response.meta["part"]
        if isinstance(response, HtmlResponse) and parts.join(part.article, self.extract(response)):
            yield self.next_part(response, part.article, part.number + 1) or part.article
        else:
            yield part.article

    def part_failed(self, failure: Failure) -> Iterator[Article]:
        part: Part = failure.request.meta["part"]  # type: ignore[attr-defined]
        yield parts.missing(part.article, part.number, fate(failure.value)[1])

    def extract(self, response: TextResponse, found: Found | None = None) -> Article:
        """The article of a page, as it goes to the pipelines."""
        article = extraction.read(sources.page(response, self.facts(), found, self.agent))
        if found and self.follow_offsite:
            article.links.source_link = found.url
        elif found and (article.text or article.kind == "listing"):
            self.memory.read(found, article.kind not in NOT_ARTICLES)
        self.amend(article, response)
        return article

    def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        found: Found = request.meta["found"]
        self.escalation.failed(request, failure.value, found.site, "article")
        self.settle(found, *fate(failure.value))


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
