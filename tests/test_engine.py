"""When the pin of Scrapy moves: look at what aggregator/engine.py and fetching/queue.py read, then at this version."""

from __future__ import annotations

from dataclasses import fields
from importlib.metadata import version

from scrapy.core.downloader import Downloader, Slot
from scrapy.core.engine import ExecutionEngine, _Slot
from scrapy.pqueues import DownloaderAwarePriorityQueue


def test_what_scrapy_keeps_to_itself_is_as_it_was_in_the_version_that_was_read() -> None:
    assert version("scrapy") == "2.19.0"
    assert {"lastseen", "latercall", "queue"} <= {field.name for field in fields(Slot)}
    assert callable(Downloader._latercall)
    assert {"_slot", "_start"} <= set(ExecutionEngine.__init__.__code__.co_names)
    assert {"closing", "inprogress", "scheduler"} <= set(_Slot.__init__.__code__.co_names)
    assert "_downloader_interface" in DownloaderAwarePriorityQueue.__init__.__code__.co_names
