"""What the crawl tells its reports, beside Scrapy's own signals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from aggregator.items import Found
from aggregator.seen import IndexBroken

article_discovered = object()
"""An article URL was met for the first time in this run: `found` (items.Found)."""

article_settled = object()
"""A URL has its fate without having become an item: `found`, `fate`, `reason`; `fetched`: this run asked for it."""

source_closed = object()
"""A feed, sitemap or listing was dealt with: `site`, `url`, `outcome` (read, not_modified, failed)."""

problem = object()
"""The run falls short of its job: `text` in one line, `site` (None: the whole run). The exit code will not be 0."""

warning = object()
"""Somebody should look at it, though the run did its job: `text` in one line, `site`."""


def about(response: Response | Failure | None) -> Found | None:
    """The URL of which an item came; an errback's item comes with its failure instead of a response."""
    request = getattr(response, "request", None)
    return request.meta.get("found") if request else None


def aftermath(crawler: Crawler, text: str) -> None:
    """Tells a problem of the whole run where none is told yet: a full disk fails whatever is to be written after it."""
    if not crawler.stats.get_value("run/broken"):
        crawler.signals.send_catch_log(problem, text=text, site=None)


@contextmanager
def keeping(crawler: Crawler) -> Iterator[None]:
    """What is done in it puts something in the index that the run, if need be, can do without."""
    try:
        yield
    except IndexBroken as error:
        aftermath(crawler, str(error))
