"""Keeps the article URLs that have no fate yet, so that a run that was killed loses none of them."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from aggregator.items import Found
from aggregator.output import UNFINISHED
from aggregator.seen import Seen, unfinished
from aggregator.signals import article_settled, keeping

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

    def settled(self, found: Found, reason: str = "") -> None:
        if reason.startswith(UNFINISHED):
            return
        self._done.append(found)
        if len(self._done) >= GROUP:
            self.save()

    def ended(self, response: Response | None, exception: Exception | None = None) -> None:
        """An item was written or dropped."""
        if response is not None and (found := response.meta.get("found")):
            self.settled(found, str(exception or ""))

    def save(self) -> None:
        done, self._done = self._done, []
        if done:
            with keeping(self._crawler):
                unfinished.done(self._index, done)
