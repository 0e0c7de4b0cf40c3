"""Which URLs are fetched once more: stories for their revisions, all else because it may be a story by now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from scrapy.settings import BaseSettings

from aggregator.items import Found
from aggregator.seen import Seen, visits
from aggregator.seen.visits import Visit

LATE = timedelta(days=2)
"""A fetch that no run came round to for so long is left to the listings, should they still name the URL."""


class Revisits:
    """Raises ValueError where a plan is no list of numbers."""

    def __init__(self, index: Seen, settings: BaseSettings, now: Callable[[], datetime]) -> None:
        self._index, self._now = index, now
        self._written, self._others = (
            [float(hour) for hour in settings.getlist(name)] for name in ("REVISIT_HOURS", "RETRY_HOURS")
        )

    def due(self, site: str) -> list[Found]:
        now = self._now()
        longest = timedelta(hours=max([0.0, *self._written, *self._others]))
        return [
            visit.found
            for visit in visits.since(self._index, site, now - longest - LATE)
            if visit.is_due(self._plan(visit), now)
        ]

    def refuses(self, visit: Visit) -> bool:
        """Whether the last fetch of a URL gave no article, and it is not yet time, or not worth it, to repeat it."""
        return visit.fate not in visits.WRITTEN and not visit.is_due(self._others, self._now())

    def _plan(self, visit: Visit) -> list[float]:
        return self._written if visit.fate in visits.WRITTEN else self._others
