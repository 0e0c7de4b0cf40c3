from __future__ import annotations

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from aggregator.fetching.failures import fate
from aggregator.fetching.robots import RobotsUnreachableError


def robots(cause: Exception) -> Exception:
    error = RobotsUnreachableError("robots.txt")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (HttpError(Response("http://a.example/", 404)), ("failed", "HTTP 404")),
        (HttpError(Response("http://a.example/", 451)), ("blocked", "HTTP 451")),
        (IgnoreRequest("robots.txt"), ("blocked", "robots.txt")),
        (IgnoreRequest("max redirections reached"), ("failed", "too many redirects")),
        (
            CannotResolveHostError("DNS lookup failed: no results for hostname lookup: a.example."),
            ("failed", "cannot resolve host"),
        ),
        (robots(DownloadTimeoutError("")), ("failed", "robots.txt: timed out")),
        (ValueError("odd"), ("failed", "odd")),
    ],
)
def test_each_failure_is_told_in_a_few_words(error: Exception, expected: tuple[str, str]) -> None:
    assert fate(error) == expected
