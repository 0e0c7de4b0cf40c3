"""One URL, one fate: what became of every article URL that was met, with the reason, in `fates.jsonl`."""

from __future__ import annotations

import logging
import os
import re
import time
from collections import Counter, defaultdict
from dataclasses import fields
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator import lines, output
from aggregator.items import Article, Found
from aggregator.signals import about, aftermath, article_discovered, article_settled

FATES = ("written", "duplicate", "unchanged", "not_article", "rejected", "blocked", "failed")

_SAID = tuple(field.name for field in fields(Found) if field.name not in ("url", "site", "listing", "content"))
_FLUSH_LINES, _FLUSH_SECONDS = 500, 5.0

_log = logging.getLogger(__name__)


class Fates:
    """Counts by site and listing. The first fate of a URL counts; another one is a mistake, and counted as such."""

    def __init__(self, crawler: Crawler) -> None:
        self.discovered: defaultdict[str, Counter[str]] = defaultdict(Counter)  # site -> listing -> URLs
        self.settled: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._crawler = crawler
        self._output = output.of(crawler)
        self._stats = crawler.stats
        self._pending: dict[str, Found] = {}
        self._done: set[str] = set()
        self._unwritten: defaultdict[str, list[bytes]] = defaultdict(list)  # site -> lines
        self._flushed = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        fates = cls(crawler)
        for receiver, signal in (
            (fates.discover, article_discovered),
            (fates.settle, article_settled),
            (fates.item_scraped, signals.item_scraped),
            (fates.item_dropped, signals.item_dropped),
            (fates.item_error, signals.item_error),
            (fates.spider_error, signals.spider_error),
            (fates.close, signals.spider_closed),
        ):
            crawler.signals.connect(receiver, signal=signal)
        return fates

    def discover(self, found: Found) -> None:
        if found.url in self._pending or found.url in self._done:
            return
        self._pending[found.url] = found
        self.discovered[found.site][found.listing] += 1
        self._stats.inc_value("fates/discovered")

    def settle(self, found: Found, fate: str, reason: str, article: str | None = None, fetched: bool = True) -> None:
        """`article` is the id of the article that the URL led to; `fetched`: this run asked for it."""
        if found.url in self._done:
            self._stats.inc_value("fates/conflicts")
            _log.warning("%s has its fate already and is %s now: %s", found.url, fate, reason)
            return
        self.discover(found)
        del self._pending[found.url]
        self._done.add(found.url)
        self.settled[found.site][found.listing][fate] += 1
        self._stats.inc_value(f"fates/{fate}")
        line: dict[str, Any] = {"url": found.url, "site": found.site, "listing": found.listing}
        line |= {"fate": fate, "reason": reason}
        if article:
            line["id"] = article
        if not fetched:
            line["fetched"] = False
        elif said := {name: value for name in _SAID if (value := getattr(found, name))}:
            line["said"] = said
        line["at"] = self._output.now().isoformat(timespec="seconds")
        self._unwritten[found.site].append(lines.encode(line))
        self._flush_when_due()

    def item_scraped(self, item: Article, response: Response | Failure | None) -> None:
        self.settle(_found(response, item), "written", f"revision {item.revision}", item.id)

    def item_dropped(self, item: Article, response: Response | Failure | None, exception: DropItem) -> None:
        fate = _snake(type(exception).__name__)
        reason = str(exception)
        if fate not in FATES:  # another pipeline's
            fate, reason = "rejected", f"{type(exception).__name__}: {reason}"
        self.settle(_found(response, item), fate, reason, getattr(exception, "article", None))

    def item_error(self, item: Article, response: Response | Failure | None, failure: Failure) -> None:
        self.settle(_found(response, item), "failed", f"pipeline: {_told(failure)}")

    def spider_error(self, failure: Failure, response: Response | Failure | None, spider: Spider) -> None:
        if found := about(response):
            self.settle(found, "failed", f"spider: {_told(failure)}")

    def close(self) -> None:
        """What is still on its way has failed. May be called again."""
        for found in list(self._pending.values()):
            self.settle(found, "failed", output.UNFINISHED)
        self._flush()

    def _flush_when_due(self) -> None:
        waiting = sum(map(len, self._unwritten.values()))
        if waiting >= _FLUSH_LINES or time.monotonic() - self._flushed > _FLUSH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        for site, waiting in self._unwritten.items():
            path = self._output.folder(site) / output.FATES
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("ab") as file:
                    file.writelines(waiting)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                aftermath(self._crawler, f"cannot write the fates: {error.strerror}: {path}")
        self._unwritten.clear()
        self._flushed = time.monotonic()


def _found(response: Response | Failure | None, item: Article) -> Found:
    """What discovery knew of the item's URL; a URL that it did not bring was met with the item."""
    return about(response) or Found(url=item.url, site=item.site, listing=item.url)


def _told(failure: Failure) -> str:
    return f"{type(failure.value).__name__}: {failure.value}".partition("\n")[0]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
