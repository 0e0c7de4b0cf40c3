"""The log names articles by their URL; Scrapy would print them whole."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from aggregator.items import Article


class Brief(LogFormatter):
    def scraped(self, item: Article, *where: Any) -> LogFormatterResult:
        return super().scraped(item.url, *where)

    def dropped(self, item: Article, *where: Any) -> LogFormatterResult:
        return super().dropped(item.url, *where)

    def item_error(self, item: Article, *where: Any) -> LogFormatterResult:
        return super().item_error(item.url, *where)
