"""`scrapy probe`: what would be extracted from a page, and why."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from aggregator.commands import check_arguments, check_settings, examples, fail, host_of, run
from aggregator.fetching.failures import fate
from aggregator.items import Article, Evidence

UNTOLD = frozenset({"schema_version", "id", "blocks", "evidence", "extraction"})


class Command(ScrapyCommand):
    requires_project = True
    settings: Settings
    crawler_process: AsyncCrawlerProcess

    def syntax(self) -> str:
        return "[options] URL|FILE"

    def short_desc(self) -> str:
        return "Show what would be extracted from a page, and where each value was found"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="the address that a saved FILE came from")
        parser.add_argument("--json", action="store_true", help="print the article's JSON line instead of the table")
        examples(
            parser,
            "scrapy probe https://www.a.example/2024/05/some-story",
            "scrapy probe page.html --url https://www.a.example/2024/05/some-story",
            "scrapy probe https://www.a.example/2024/05/some-story --json | jq .evidence",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        check_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args, 1, 1)
        response = self._fetch(args[0]) if "://" in args[0] else _load(Path(args[0]), opts.url)
        article = self._extract(response)
        if opts.json:
            from aggregator.lines import encode

            print(encode(article).decode(), end="")
            return
        width = shutil.get_terminal_size((160, 24)).columns
        for row in rows(article):
            print(*(cell[:space].ljust(space) for cell, space in zip(row, _spaces(width), strict=True)))
        for warning in article.extraction.warnings:
            print(f"warning: {warning}")

    def _fetch(self, url: str) -> HtmlResponse:
        crawler = self.crawler_process.create_crawler(_OnePage)
        own = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "SEEN_URL": "sqlite://"}  # in memory
        crawler.settings.setdict(own, priority="cmdline")
        run(self.crawler_process, [crawler], url=url)
        page: _OnePage = crawler.spider  # type: ignore[assignment]
        if not isinstance(page.response, HtmlResponse):
            fail(f"{url}: {page.reason or 'no HTML page'}")
        return page.response

    def _extract(self, response: HtmlResponse) -> Article:
        """By the site's own spider where there is one, else as `news` reads it."""
        loader, host = self.crawler_process.spider_loader, urlsplit(response.url).netloc
        classes: list[Any] = [loader.load(name) for name in loader.list()]
        spiders = [one() for one in classes if any(urlsplit(url).netloc == host for url in one.start_urls)]
        article: Article = (spiders or [loader.load("news")(url=response.url)])[0].extract(response)
        return article


class _OnePage(Spider):
    """Fetches one page as any crawl would, and keeps it, or the reason why there is none."""

    name = "probe"
    url: str
    response: Response | None = None
    reason: str | None = None

    async def start(self) -> Any:
        yield Request(self.url, self.arrived, errback=self.failed)

    def arrived(self, response: Response) -> None:
        self.response = response

    def failed(self, failure: Failure) -> None:
        self.reason = ": ".join(fate(failure.value))


def rows(article: Article) -> Iterator[tuple[str, str, str, str]]:
    """(field, value, evidence, runner-up) for every field that has a value or evidence."""
    yield "FIELD", "VALUE", "EVIDENCE", "RUNNER-UP"
    for field, value in asdict(article).items():
        evidence: Evidence | None = article.evidence.get(field)
        if field in UNTOLD or not (value or evidence):
            continue
        second = evidence.get("runner_up") if evidence else None
        yield (
            field,
            _one_line(value),
            f"{evidence['from']}  {_one_line(evidence['raw'])}" if evidence else "",
            f"{second['from']}  {_one_line(second['raw'])}" if second else "",
        )


def _one_line(value: Any) -> str:
    return " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).split())


def _spaces(width: int) -> tuple[int, int, int, int]:
    rest = max(width - 14 - 3, 60)
    return 14, rest * 4 // 10, rest * 3 // 10, rest * 3 // 10


def _load(file: Path, url: str | None) -> HtmlResponse:
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(f"neither a URL nor a file that can be read: {file} ({error.strerror})", 2)
    address = url or "http://unknown.example/"
    host_of(address)
    request = Request(address, meta={"fetched_at": datetime.now(UTC)})
    return HtmlResponse(address, body=body, request=request)
