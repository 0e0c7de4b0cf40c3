from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scrapy import Request
from scrapy.http import Response

from aggregator.fetching.clock import ClockMiddleware, clock


def test_a_frozen_clock_stands() -> None:
    now = clock("2024-05-06T07:08:09+02:00")
    assert now() == now() == datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)


def test_without_a_setting_the_clock_is_real_and_in_utc() -> None:
    now = clock(None)()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_clock_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no UTC offset"):
        clock("2024-05-06T07:08:09")


def test_a_response_is_stamped_on_arrival() -> None:
    request = Request("http://a.example/")
    ClockMiddleware(clock("2024-05-06T07:08:09+02:00")).process_response(request, Response(request.url))
    assert request.meta["fetched_at"].isoformat() == "2024-05-06T07:08:09+02:00"
