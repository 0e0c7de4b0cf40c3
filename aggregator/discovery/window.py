"""A back-fill's stretch of time, and what URLs and sources say of when a story appeared."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_low

from aggregator.items import Found

YEARS = range(1900, 2200)  # that a window may lie in
_DAY = timedelta(days=1)  # dates in URLs are of the site's own time zone
_IN_URL = re.compile(
    r"/(20\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-])|/(20\d\d)(\d\d)(\d\d)(?=[/_-])"
)
_MONTH = re.compile(r"/(20\d\d)[/-](0[1-9]|1[0-2])/?$|[?&]m=(20\d\d)(0[1-9]|1[0-2])$")


@dataclass(frozen=True, slots=True)
class Window:
    """Both ends have an offset; `until` None: now."""

    since: datetime
    until: datetime | None = None

    def __str__(self) -> str:
        return f"{self.since.isoformat()}/{self.until.isoformat() if self.until else ''}"

    @classmethod
    def parse(cls, since: str, until: str = "") -> Window:
        """From ISO 8601 dates or moments, in UTC where they have no offset. Raises ValueError in one line."""
        window = cls(_end("since", since), _end("until", until) if until else None)
        if window.until and window.until <= window.since:
            raise ValueError(f"until={until} is not after since={since}")
        return window

    def may_hold(self, found: Found) -> bool:
        """False where the story is known to be outside."""
        moment = appeared(found)
        return moment is None or (moment >= self.since - _DAY and (self.until is None or moment <= self.until + _DAY))

    def ends_after(self, page: Iterable[Found]) -> bool:
        """Whether a listing page lies before the window: most of its dated stories do (side columns show new ones)."""
        moments = [moment for found in page if (moment := appeared(found))]
        return bool(moments) and median_low(moments) < self.since - _DAY

    def is_month(self, url: str) -> bool:
        """Whether an URL is the archive of one of the window's months."""
        if not (match := _MONTH.search(url)):
            return False
        year, month = int(match[1] or match[3]), int(match[2] or match[4])
        first = datetime(year, month, 1, tzinfo=UTC)
        return first + 32 * _DAY >= self.since and (self.until is None or first - _DAY <= self.until)


def appeared(found: Found) -> datetime | None:
    """When a story appeared, by its URL, else by what its source says; the day's or month's end where that is all."""
    if match := _IN_URL.search(found.url):
        year, month = int(match[1] or match[4]), int(match[2] or match[5])
        if month in range(1, 13):
            last = monthrange(year, month)[1]
            day = int(match[3] or match[6] or last)
            return datetime(year, month, min(max(day, 1), last), tzinfo=UTC)
    return stated(found.published) or stated(found.modified)


def _end(name: str, text: str) -> datetime:
    try:
        moment = _moment(text)
    except ValueError:
        moment = datetime.min
    if moment.year not in YEARS:
        raise ValueError(f"{name}={text} is no day or moment of this age in ISO 8601, like 2026-01-31")
    return moment


def stated(text: str | None) -> datetime | None:
    """An ISO 8601 moment, in UTC where it has no offset; None where the text is none."""
    try:
        return _moment(text or "")
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
