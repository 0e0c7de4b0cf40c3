"""The one place that reads the clock: each response is stamped with the moment it arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response


def clock(setting: str | None) -> Callable[[], datetime]:
    """The clock that the CLOCK setting asks for, in UTC where it is the real one.

    >>> clock("2024-05-06T07:08:09+02:00")().isoformat()
    '2024-05-06T07:08:09+02:00'

    Raises ValueError where the setting is no ISO 8601 moment with an offset.
    """
    if not setting:
        return lambda: datetime.now(UTC)
    moment = datetime.fromisoformat(setting)
    if moment.tzinfo is None:
        raise ValueError(f"CLOCK has no UTC offset: {setting!r}")
    return lambda: moment


class ClockMiddleware:
    """Puts the moment of arrival into `response.meta["fetched_at"]`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(clock(crawler.settings["CLOCK"]))

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta["fetched_at"] = self._now()
        return response
