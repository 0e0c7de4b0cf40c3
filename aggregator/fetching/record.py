"""Saves the pages of a crawl as a fixture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

_KEPT = ("Content-Type", "Content-Language", "Last-Modified", "Link", "Location", "Tdm-Reservation", "X-Robots-Tag")
_ENDINGS = {"text/html": ".html", "application/json": ".json", "text/plain": ".txt"}

MIDDLEWARES = {
    # The recorder sees redirects, and bodies without their compression.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 610,
    "aggregator.fetching.record.Recorder": 605,
}


class Recorder:
    """Writes what arrives to the folder RECORD names.

    Sitemaps (megabytes at times) and, past RECORD_ARTICLES, articles are left out: saved as a 404.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._folder = Path(crawler.settings["RECORD"])
        self._left = crawler.settings.getint("RECORD_ARTICLES")
        self._pages: dict[str, dict[str, Any]] = {}
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = cls(crawler)
        crawler.signals.connect(recorder.close, signals.spider_closed)
        return recorder

    def process_request(self, request: Request) -> None:
        source = request.meta.get("source")
        is_article = "found" in request.meta and request.meta.keys().isdisjoint({"recorded", "part"})
        if (is_article and self._left <= 0) or (source and source.kind == "sitemap"):
            self._pages[request.url] = {"status": 404}
            raise IgnoreRequest("left out of the fixture")
        if is_article:
            self._left -= 1
            request.meta["recorded"] = True  # a redirect or a second attempt is the same article

    def process_response(self, request: Request, response: Response) -> Response:
        if "subresource" in request.meta:  # of a page that is being rendered
            return response
        headers = {name.lower(): value.decode("latin-1") for name in _KEPT if (value := response.headers.get(name))}
        page: dict[str, Any] = {"status": response.status, "headers": headers}
        if response.body:
            before = self._pages.get(request.url, {}).get("file")  # of an attempt that failed
            name = before or self._name(response, headers.get("content-type", ""))
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(response.body)
            page = {"file": name, **page}
        self._pages[request.url] = page
        return response

    def _name(self, response: Response, content_type: str) -> str:
        parts = urlsplit(response.url)
        stem, dot, ending = (parts.path.rstrip("/").rsplit("/", 1)[-1] or "index").rpartition(".")
        if not dot or not ending.isalnum() or len(ending) > 5:
            stem, ending = f"{stem}{dot}{ending}", _ENDINGS.get(content_type.partition(";")[0].strip(), ".xml")[1:]
        stem = re.sub(r"[^\w.-]+", "-", f"{stem}-{parts.query}" if parts.query else stem)[:80].strip("-.") or "page"
        taken = {"pages.json", "expected.jsonl", *(page.get("file") for page in self._pages.values())}
        names = (f"{stem}{number}.{ending}" for number in ["", *(f"-{n}" for n in range(2, 10_000))])
        return next(name for name in names if name not in taken)

    def close(self) -> None:
        spider: Any = self._crawler.spider
        index: dict[str, Any] = {"fetched_at": self._crawler.settings["CLOCK"], "pages": self._pages}
        if list(spider.start_urls) != list(type(spider).start_urls):
            index["start"] = list(spider.start_urls)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "pages.json").write_text(
            json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
