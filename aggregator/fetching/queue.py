"""Requests wait for their host where they stand in nobody's way: outside the downloader, whose places all share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from time import monotonic
from typing import Any

from scrapy.crawler import Crawler
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface


class HostQueue(DownloaderAwarePriorityQueue):
    """Gives a host's next request away only when the host can use it soon."""

    def __init__(self, crawler: Crawler, *arguments: Any, **named: Any) -> None:
        super().__init__(crawler, *arguments, **named)
        self._downloader_interface = _Room(crawler)


class _Room(DownloaderInterface):
    """The hosts that may have another request: one more than they are asked at a time, in a rest a single one."""

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        active = Counter(map(self.get_slot_key, self.downloader.active))
        return [(active[host], host) for host in possible_slots if active[host] < self._room(host)]

    def _room(self, host: str) -> int:
        slot = self.downloader.slots.get(host)
        if slot is None:
            return self.downloader.domain_concurrency + 1
        return 1 if slot.lastseen > monotonic() else slot.concurrency + 1
