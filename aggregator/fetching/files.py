"""Breaks off what an article's URL leads to where it is no page: nobody reads a film, an archive, a document."""

from __future__ import annotations

import re
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers

_FILE = re.compile(
    rb"\s*(?:(?:audio|video|image|font|model)/"
    rb"|application/(?:pdf|rtf|epub|msword|zip|gzip|x-(?:zip|gzip|tar|rar|7z|bzip)|vnd\.(?!wap)))",
    re.IGNORECASE,
)


class Files:
    """Its headers are enough for its fate."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        files = cls()
        crawler.signals.connect(files.headers_received, signals.headers_received)
        return files

    def headers_received(self, headers: Headers, request: Request) -> None:
        if "found" in request.meta and _FILE.match(headers.get("Content-Type") or b""):
            raise StopDownload(fail=False)
