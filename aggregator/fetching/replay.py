"""A crawl without a network: the download handler knows nothing but one folder of saved pages."""

from __future__ import annotations

from pathlib import Path

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from aggregator.fetching.fixtures import Fixture

MISSING = "replay/missing"
"""Stat: the URLs that were asked for and are not in the fixture."""

SETTINGS = {
    "DOWNLOAD_HANDLERS": {
        "http": "aggregator.fetching.replay.ReplayHandler",
        "https": "aggregator.fetching.replay.ReplayHandler",
        **dict.fromkeys(("file", "data", "ftp", "s3")),
    },
    "TWISTED_REACTOR_ENABLED": False,
    "LOG_INSTALL_ROOT_HANDLER": False,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 1,  # the same order, so the same articles, every time
    "MAX_CRAWL_DELAY": 0,
    "BACKOFF_SECONDS": 0,
    "LEARN_BOILERPLATE": False,  # what comes out of a page hangs on no other page
    "RENDER": False,  # pages were saved as they were rendered
}


class NotSavedError(Exception):
    """The fixture lacks this page."""


class ReplayHandler(BaseDownloadHandler):
    """Answers from the folder that the REPLAY setting names."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pages = Fixture.read(Path(crawler.settings["REPLAY"])).pages

    async def download_request(self, request: Request) -> Response:
        saved = self._pages.get(request.url)
        if saved is None:
            missing = self.crawler.stats.get_value(MISSING, [])
            self.crawler.stats.set_value(MISSING, [*missing, request.url])
            raise NotSavedError(f"not in the fixture: {request.url}")
        return saved.response(request.url)
