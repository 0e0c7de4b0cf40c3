"""What Scrapy keeps to itself of its engine and downloader: whatever this project needs of that stands here.

All but `_Room` in fetching/queue.py, which is one of Scrapy's own classes. Looked up again when the pin moves, see the
test.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler


def is_closing(crawler: Crawler) -> bool:
    """Whether the crawl ends, by itself or because it was stopped, and waits for what is under way."""
    slot: Any = crawler.engine._slot if crawler.engine else None
    return slot is not None and slot.closing is not None


def has_only(crawler: Crawler, items: int) -> bool:
    """Whether a crawl has nothing to do but to wait for so many items, each of a response of its own."""
    engine: Any = crawler.engine
    slot = engine._slot if engine else None
    if slot is None or slot.closing is not None:
        return True
    return engine._start is None and not slot.scheduler.has_pending_requests() and len(slot.inprogress) <= items


def ask_on(downloader: Downloader, slot: Slot) -> None:
    """Go on with the requests that wait in a slot."""
    downloader._latercall(slot)
