"""What became of a URL whose page did not arrive."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.spidermiddlewares.httperror import HttpError

from aggregator.fetching.pace import HostLeftAloneError
from aggregator.fetching.robots import RobotsUnreachableError

REFUSALS = frozenset({401, 402, 403, 407, 429, 451})  # the site answers, but not us
_WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "cannot resolve host",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "timed out",
    DownloadCancelledError: "too large",
}


def fate(error: BaseException | None) -> tuple[str, str]:
    """(fate, reason): `blocked` where somebody decided against the fetch, `failed` where it went wrong.

    >>> fate(DownloadTimeoutError("Getting http://… took longer than 30 seconds"))
    ('failed', 'timed out')
    """
    if isinstance(error, HttpError):
        status = error.response.status
        return _by(status), f"HTTP {status}"
    if isinstance(error, HostLeftAloneError):
        return _by(error.status), str(error)
    if isinstance(error, IgnoreRequest):
        reason = str(error)
        if reason == "max redirections reached":
            return "failed", "too many redirects"
        return ("failed", "too large") if "DOWNLOAD_MAXSIZE" in reason else ("blocked", reason)
    if isinstance(error, RobotsUnreachableError) and error.__cause__:
        return "failed", f"robots.txt: {fate(error.__cause__)[1]}"
    return "failed", next((words for kind, words in _WORDS.items() if isinstance(error, kind)), str(error))


def is_lasting(error: BaseException | None) -> bool:
    """Whether the next attempt is bound to fail too: the address is not there, or may not be fetched."""
    if isinstance(error, HttpError):
        return error.response.status in range(400, 500) and error.response.status not in (408, 425, 429)
    return isinstance(error, IgnoreRequest) and not isinstance(error, HostLeftAloneError)


def _by(status: int) -> str:
    return "blocked" if status in REFUSALS else "failed"
