"""Cuts what a site repeats from story to story; what is cut is kept in `removed`.

Nothing is known of a new site, so its first articles wait here for one another, until there are ENOUGH of them to tell
what they have in common, the crawl has nothing else to do, or PATIENCE is over. An article that waits is not written,
so it is not seen either: a run that is killed here fetches it again.
"""

from __future__ import annotations

import asyncio
import time
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from aggregator import seen
from aggregator.cleaning import repeated, urls
from aggregator.engine import has_only
from aggregator.items import Article, Copy
from aggregator.seen.repeats import Repeats

ENOUGH = 8  # articles
PATIENCE = 10.0  # seconds
_PAUSE = 0.05


class _Site:
    def __init__(self, repeats: Repeats) -> None:
        self.repeats = repeats
        self.deadline = time.monotonic() + PATIENCE


class StripRepeated:
    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("LEARN_BOILERPLATE"):
            raise NotConfigured
        self._crawler = crawler
        self._seen = seen.of(crawler)
        self._sites: dict[str, _Site] = {}  # by host
        self._waiting = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Article | Copy) -> Article | Copy:
        if isinstance(item, Copy):
            await self._until_safe(item)
            return item
        host = urls.host(item.url)
        if host not in self._sites:
            self._sites[host] = _Site(self._seen.repeats_of(host))
        site = self._sites[host]
        site.repeats.add(item)
        self._waiting += 1
        while len(site.repeats) < ENOUGH and time.monotonic() < site.deadline:
            if has_only(self._crawler, self._waiting):
                for each in self._sites.values():
                    each.deadline = 0.0
            await asyncio.sleep(_PAUSE)
        self._waiting -= 1
        repeated.strip(item, site.repeats.among(item), host)
        return item

    async def _until_safe(self, copy: Copy) -> None:
        """The article that it is a copy of may wait here: its line comes first."""
        self._waiting += 1
        deadline = time.monotonic() + 2 * PATIENCE
        while self._seen.under_way(copy.duplicate_of):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(_PAUSE)
        self._waiting -= 1
