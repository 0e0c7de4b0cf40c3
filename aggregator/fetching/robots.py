"""robots.txt as RFC 9309 has it: a file that cannot be had is no permission; Crawl-delay is kept."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

MAX_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are to be parsed


class RobotsUnreachableError(Exception):
    """The host's robots.txt could not be read, so nothing of the host may be fetched (RFC 9309, 2.3.1.4)."""


class RobotsMiddleware:
    """Asks each host's robots.txt once a run, before the host's first page."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._parser = load_object(crawler.settings["ROBOTSTXT_PARSER"])
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
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin, request))
        if not (await self._rules[origin]).allowed(request.url, self._agent):
            raise IgnoreRequest("robots.txt")

    async def _fetch(self, origin: str, request: Request) -> RobotParser:
        meta = {"dont_obey_robotstxt": True}
        asked = Request(f"{origin}/robots.txt", priority=1000, meta=meta, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(asked)
        except IgnoreRequest:  # refused by one of ours: the reason stands for the host's pages too
            raise
        except Exception as error:
            raise RobotsUnreachableError("robots.txt") from error
        rules = self._read(response)
        self._slow_down(request, rules)
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    def _read(self, response: Response) -> RobotParser:
        if response.status == 429 or response.status >= 500:
            raise RobotsUnreachableError(f"robots.txt: HTTP {response.status}")
        body = response.body[:MAX_BYTES] if response.status < 300 else b""
        rules: RobotParser = build_from_crawler(self._parser, self._crawler, body)
        return rules

    def _slow_down(self, request: Request, rules: RobotParser) -> None:
        settings = self._crawler.settings
        delay = min(rules.crawl_delay(self._agent) or 0.0, settings.getfloat("MAX_CRAWL_DELAY"))
        if delay <= settings.getfloat("DOWNLOAD_DELAY"):
            return
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0
