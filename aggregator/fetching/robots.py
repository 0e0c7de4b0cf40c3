"""robots.txt as RFC 9309 has it: a file that cannot be had is no permission; Crawl-delay is kept.

A copy is good for a day, for the runs to come too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from aggregator import seen
from aggregator.fetching.clock import clock
from aggregator.seen import robots
from aggregator.signals import keeping

GOOD = 24 * 3600
"""Seconds for which a copy may be used (RFC 9309, 2.4)."""
MAX_BYTES = 512 * 1024
"""What is read of a longer one (RFC 9309, 2.5: at least 500 KiB)."""


class RobotsUnreachableError(Exception):
    """The host's robots.txt could not be read, so nothing of the host may be fetched (RFC 9309, 2.3.1.4)."""


class RobotsMiddleware:
    """Asks for each host's robots.txt before the host's first page, unless there is a copy that is good."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._parser = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self._now = clock(crawler.settings["CLOCK"])
        self._seen = seen.of(crawler)
        self._rules: dict[str, asyncio.Future[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin, request))
        if not (await self._rules[origin]).allowed(request.url, self._agent):
            raise IgnoreRequest("robots.txt")

    async def _read(self, origin: str, request: Request) -> RobotParser:
        copy = robots.of(self._seen, origin)
        if copy and self._now().timestamp() - copy.at < GOOD:
            body = copy.body
        else:
            body = await self._fetch(origin)
            with keeping(self._crawler):
                robots.enter(self._seen, origin, body, self._now())
        rules: RobotParser = build_from_crawler(self._parser, self._crawler, body)
        self._slow_down(request, rules)
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    async def _fetch(self, origin: str) -> bytes:
        meta = {"dont_obey_robotstxt": True, "robots_of": origin, "download_maxsize": 0}
        asked = Request(f"{origin}/robots.txt", priority=1000, meta=meta, callback=NO_CALLBACK)
        try:
            with self._at_most(MAX_BYTES, origin):
                response = await self._crawler.engine.download_async(asked)
        except IgnoreRequest:  # refused by one of ours: the reason stands for the host's pages too
            raise
        except Exception as error:
            raise RobotsUnreachableError("robots.txt") from error
        if response.status == 429 or response.status >= 500:
            raise RobotsUnreachableError(f"robots.txt: HTTP {response.status}")
        if response.status >= 300:
            return b""
        body: bytes = response.body
        return body if len(body) < MAX_BYTES else body[:MAX_BYTES].rpartition(b"\n")[0]

    @contextmanager
    def _at_most(self, bytes_: int, origin: str) -> Iterator[None]:
        """Breaks an origin's robots.txt off there."""

        def received(data: bytes, request: Request) -> None:
            nonlocal bytes_
            if request.meta.get("robots_of") == origin:
                request.meta.pop("download_maxsize", None)  # from here on it would bound the unpacking of what came
                bytes_ -= len(data)
                if bytes_ <= 0:
                    raise StopDownload(fail=False)

        self._crawler.signals.connect(received, signals.bytes_received)
        try:
            yield
        finally:
            self._crawler.signals.disconnect(received, signals.bytes_received)

    def _slow_down(self, request: Request, rules: RobotParser) -> None:
        settings = self._crawler.settings
        delay = min(rules.crawl_delay(self._agent) or 0.0, settings.getfloat("MAX_CRAWL_DELAY"))
        jitter = settings.getfloat("DOWNLOAD_DELAY_JITTER")
        if delay <= settings.getfloat("DOWNLOAD_DELAY") * (1 - jitter):  # it is kept as it is
            return
        delay = max(delay, settings.getfloat("DOWNLOAD_DELAY"))
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0
