"""How often a host is asked: no faster than it answers, and not at all while it wants to be left alone.

A host that answers 429 or 503 gets a rest: BACKOFF_SECONDS, twice as long after each rest that did not help, or longer
where its Retry-After says so. All its requests wait, those of other hosts go on. One that wants a longer rest than
MAX_BACKOFF_SECONDS is left alone for the rest of the run; what it was to be asked for is left to the next run.

A crawl that is stopped waits for no host: what was still to be asked for is left to the next run too.

Scrapy's AutoThrottle is not used: it forgets the Crawl-delay of robots.txt.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncio import call_later

from aggregator.engine import ask_on, is_closing
from aggregator.fetching.clock import clock
from aggregator.output import UNFINISHED
from aggregator.signals import warning

REFUSALS = (429, 503)
GLANCE = 1.0
"""Seconds after which whoever waits looks whether the crawl is ending, which is not to wait for it."""
STOPPED = "the crawl was stopped"
LONG = 30.0
"""Seconds of a rest from which on it is told to whoever waits for the crawl."""

_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?", re.ASCII)
_log = logging.getLogger(__name__)


class HostLeftAloneError(IgnoreRequest):
    """This run asks the host no more: it wants a longer rest, or the run is stopped."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(f"{UNFINISHED}: {reason}")
        self.status = status


@dataclass(slots=True)
class _Host:
    rests: int = 0  # in a row
    until: float = 0.0  # the end of the last one, on the monotonic clock
    status: int = 0  # what it answered then
    left_alone: str | None = None  # for the rest of the run; why


class Pace:
    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._now = clock(settings["CLOCK"])
        self._shortest = settings.getfloat("BACKOFF_SECONDS")
        self._longest = settings.getfloat("MAX_BACKOFF_SECONDS")
        self._quickest = settings.getfloat("DOWNLOAD_DELAY")
        self._slowest = settings.getfloat("MAX_CRAWL_DELAY")
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._told: set[tuple[str, str]] = set()  # site, host

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pace = cls(crawler)
        crawler.signals.connect(pace.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(pace.start, signals.engine_started)
        crawler.signals.connect(pace.stop, signals.engine_stopped)
        return pace

    def start(self) -> None:
        self._watching = asyncio.ensure_future(self._watch())

    def stop(self) -> None:
        self._watching.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(GLANCE)
            if is_closing(self._crawler):
                for name, slot in list(self._downloader.slots.items()):
                    self._drop(name, slot)

    def process_request(self, request: Request) -> None:
        if is_closing(self._crawler):
            raise HostLeftAloneError(STOPPED)
        host = self._downloader.get_slot_key(request)
        if self._hosts[host].left_alone:
            raise self._refusal(request, host)

    def process_response(self, request: Request, response: Response) -> Response:
        """After the last attempt, which may have been the one that the host answered so."""
        host = self._downloader.get_slot_key(request)
        if response.status in REFUSALS and self._hosts[host].left_alone:
            raise self._refusal(request, host)
        return response

    def response_downloaded(self, response: Response, request: Request) -> None:
        # Taken away: it would go along with a redirect, and another host be asked at the pace of this one.
        name: str = request.meta.pop(Downloader.DOWNLOAD_SLOT)
        host, slot = self._hosts[name], self._downloader.slots[name]
        if response.status in REFUSALS:
            if self._shortest:
                self._refused(name, host, slot, response)
        elif response.status < 500 and monotonic() >= host.until:
            host.rests = 0
            self._keep_pace(name, slot, request.meta.get("download_latency", 0.0))

    def _refused(self, name: str, host: _Host, slot: Slot, response: Response) -> None:
        host.status = response.status
        seconds = host.until - monotonic()
        if seconds <= 0:  # else it was asked before the rest began
            seconds = self._shortest * 2**host.rests
            if response.status == 429 and not host.rests:
                self._slow_down(name, slot)
            host.rests += 1
        self._rest(name, host, slot, max(seconds, self._wanted(response)))

    # --- Pace -----------------------------------------------------------------------------------------------------

    def _delay(self, host: str) -> float:
        """Seconds between two requests, if the host is quick."""
        delay: float = self._downloader.per_slot_settings.get(host, {}).get("delay", self._quickest)
        return delay

    def _keep_pace(self, host: str, slot: Slot, latency: float) -> None:
        """A host that takes long to answer is asked as seldom."""
        if delay := self._delay(host):
            slot.delay = (slot.delay + min(max(delay, latency), max(delay, self._slowest))) / 2

    def _slow_down(self, host: str, slot: Slot) -> None:
        """Too many requests, it said: half as many from now on."""
        delay = self._delay(host)
        slot.delay = min(2 * delay, max(delay, self._slowest))
        self._downloader.per_slot_settings.setdefault(host, {})["delay"] = slot.delay

    # --- Rests ----------------------------------------------------------------------------------------------------

    def _wanted(self, response: Response) -> float:
        """Seconds that the answer's Retry-After asks for."""
        said = {name: (response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date")}
        return wanted(said["Retry-After"], _moment(said["Date"]) or self._now())

    def _rest(self, name: str, host: _Host, slot: Slot, seconds: float) -> None:
        if seconds > self._longest:
            host.left_alone = f"HTTP {host.status}, and no more requests wanted for {seconds:.0f} s"
            self._drop(name, slot)
        else:
            level = logging.WARNING if seconds >= LONG else logging.INFO
            _log.log(level, "%s answered HTTP %d: no requests for %.1f s", name, host.status, seconds)
            host.until = monotonic() + seconds
            slot.lastseen = host.until
            if slot.latercall:
                slot.latercall.cancel()
            slot.latercall = call_later(seconds, ask_on, self._downloader, slot)

    def _drop(self, name: str, slot: Slot) -> None:
        while slot.queue:
            request, waiting = slot.queue.popleft()
            waiting.errback(self._refusal(request, name))

    def _refusal(self, request: Request, name: str) -> HostLeftAloneError:
        host = self._hosts[name]
        if not host.left_alone:
            return HostLeftAloneError(STOPPED)
        error = HostLeftAloneError(host.left_alone, host.status)
        about = request.meta.get("found") or request.meta.get("source")
        if about and (about.site, name) not in self._told:
            self._told.add((about.site, name))
            text = f"{name}: {host.left_alone}: what is left of it is the next run's"
            self._crawler.signals.send_catch_log(warning, text=text, site=about.site)
        return error

    @property
    def _downloader(self) -> Downloader:
        downloader: Downloader = self._crawler.engine.downloader
        return downloader


def wanted(retry_after: str, now: datetime) -> float:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3), 0 where it asks for nothing.

    >>> wanted("120", datetime.now(UTC)), wanted("soon", datetime.now(UTC))
    (120.0, 0.0)
    >>> wanted("Fri, 17 May 2024 12:01:30 GMT", datetime(2024, 5, 17, 12, tzinfo=UTC))
    90.0
    """
    if _SECONDS.fullmatch(said := retry_after.strip()):
        return float(said)
    moment = _moment(said)
    return max(0.0, (moment - now).total_seconds()) if moment else 0.0


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text[:64])
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
