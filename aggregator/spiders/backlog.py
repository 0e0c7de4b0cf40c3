"""Keeps what is still to be done, so that a run that was killed loses nothing: the article URLs that have no fate yet,
and where a back-fill is.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.items import Found
from aggregator.output import UNFINISHED
from aggregator.seen import Seen, unfinished, walks
from aggregator.signals import about, article_settled, keeping
from aggregator.spiders.sources import Source

GROUP = 100
"""URLs that are struck off at once; after a kill so many may be asked for again, and are then known."""


class Backlog:
    def __init__(self, crawler: Crawler, index: Seen, walk: str) -> None:
        self._crawler, self._index = crawler, index
        self._walk = walk
        self._done: list[Found] = []
        connect = crawler.signals.connect
        connect(self.settled, article_settled)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            connect(self.ended, signal)
        connect(self.save, signals.spider_closed)

    def left(self, site: str) -> list[Found]:
        """What an earlier run of this kind found and did not finish."""
        return unfinished.left(self._index, site, self._walk)

    def add(self, found: Sequence[Found]) -> None:
        if found:
            with keeping(self._crawler):
                unfinished.add(self._index, self._walk, found)

    def ahead(self, asked: str, url: str, source: Source) -> None:
        """A back-fill has met a source."""
        if self._walk:
            with keeping(self._crawler):
                walks.ahead(self._index, source.site, self._walk, asked, msgspec.json.encode((url, source)))

    def behind(self, asked: str, source: Source) -> None:
        """It has read the source and met what that leads to."""
        if self._walk:
            with keeping(self._crawler):
                walks.behind(self._index, source.site, self._walk, asked)

    def sources(self, site: str) -> list[tuple[str, Source]]:
        """Those that an earlier run of this back-fill has met and not read."""
        met = walks.left(self._index, site, self._walk) if self._walk else []
        return [msgspec.json.decode(one, type=tuple[str, Source]) for one in met]

    def settled(self, found: Found, reason: str = "") -> None:
        if reason.startswith(UNFINISHED):
            return
        self._done.append(found)
        if len(self._done) >= GROUP:
            self.save()

    def ended(self, response: Response | Failure | None, exception: Exception | None = None) -> None:
        """An item was written or dropped."""
        if found := about(response):
            self.settled(found, str(exception or ""))

    def save(self) -> None:
        done, self._done = self._done, []
        if done:
            with keeping(self._crawler):
                unfinished.done(self._index, done)
