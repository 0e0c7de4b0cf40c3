from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from aggregator.items import Article, Found
from aggregator.pipelines.drops import Duplicate, Failed, NotArticle, Rejected, Unchanged
from aggregator.reports.fates import Fates
from aggregator.signals import article_discovered, article_settled

Make = Callable[..., Article]

CLOCK = "2024-05-06T07:08:09+00:00"


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    settings = {"OUTPUT": f"{tmp_path}/{{site}}/{{date}}/{{run}}.jsonl", "CLOCK": CLOCK}
    crawler = Crawler(Spider, Settings(settings))
    crawler.stats = StatsCollector(crawler)
    return crawler


@pytest.fixture
def fates(crawler: Crawler) -> Fates:
    return Fates.from_crawler(crawler)


def found(n: int = 1, listing: str = "https://news.example/", site: str = "news.example") -> Found:
    return Found(url=f"https://{site}/story-number-{n}", site=site, listing=listing)


def response(of: Found) -> HtmlResponse:
    return HtmlResponse(of.url, request=Request(of.url, meta={"found": of}))


def told(folder: Path, site: str = "news.example") -> list[dict[str, Any]]:
    files = (folder / site).glob("*/*/fates.jsonl")
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_a_fate_is_told_with_its_reason(fates: Fates, tmp_path: Path) -> None:
    fates.discover(found())
    fates.settle(found(), "blocked", "HTTP 403")
    fates.close()
    assert told(tmp_path) == [
        {
            "url": "https://news.example/story-number-1",
            "site": "news.example",
            "listing": "https://news.example/",
            "fate": "blocked",
            "reason": "HTTP 403",
            "at": CLOCK,
        }
    ]


def test_what_was_said_of_a_url_that_was_fetched_is_told_for_another_time(fates: Fates, tmp_path: Path) -> None:
    met = Found(url="https://news.example/1", site="news.example", listing="https://news.example/", title="Dam holds")
    fates.settle(met, "failed", "HTTP 500")
    fates.settle(found(2), "failed", "HTTP 500", fetched=False)
    fates.close()
    assert [(line.get("said"), line.get("fetched")) for line in told(tmp_path)] == [
        ({"title": "Dam holds"}, None),
        (None, False),
    ]


def test_a_written_article_is_told_with_its_id(fates: Fates, article: Make, tmp_path: Path) -> None:
    fates.discover(found())
    fates.item_scraped(article(1, id="abc", revision=2), response(found()))
    fates.close()
    assert [(line["fate"], line["reason"], line["id"]) for line in told(tmp_path)] == [("written", "revision 2", "abc")]


class Unwanted(DropItem):
    """Of a pipeline that somebody added."""


@pytest.mark.parametrize(
    ("drop", "fate", "reason", "of"),
    [
        (NotArticle("listing"), "not_article", "listing", None),
        (Rejected("no title"), "rejected", "no title", None),
        (Duplicate("duplicate of abc", "abc"), "duplicate", "duplicate of abc", "abc"),
        (Unchanged("same as abc", "abc"), "unchanged", "same as abc", "abc"),
        (Failed("disk full"), "failed", "disk full", None),
        (Unwanted("too short"), "rejected", "Unwanted: too short", None),
    ],
)
def test_a_dropped_item_has_the_fate_of_its_drop(
    fates: Fates, article: Make, tmp_path: Path, drop: DropItem, fate: str, reason: str, of: str | None
) -> None:
    fates.discover(found())
    fates.item_dropped(article(1), response(found()), drop)
    fates.close()
    (line,) = told(tmp_path)
    assert (line["fate"], line["reason"], line.get("id")) == (fate, reason, of)


def test_errors_of_pipeline_and_spider_are_failures(fates: Fates, article: Make, tmp_path: Path) -> None:
    failure = Failure(KeyError("who\nknows"))
    fates.discover(found(1))
    fates.item_error(article(1), response(found(1)), failure)
    fates.discover(found(2))
    fates.spider_error(failure, response(found(2)), Spider("news"))
    errback = Failure(ValueError())
    errback.request = Request("https://news.example/", meta={"found": found(3)})  # type: ignore[attr-defined]
    fates.discover(found(3))
    fates.spider_error(failure, errback, Spider("news"))
    fates.spider_error(
        failure, HtmlResponse("https://news.example/", request=Request("https://news.example/")), Spider("n")
    )
    fates.spider_error(failure, None, Spider("news"))
    fates.close()
    assert [line["reason"] for line in told(tmp_path)] == [
        "pipeline: KeyError: 'who\\nknows'",
        "spider: KeyError: 'who\\nknows'",
        "spider: KeyError: 'who\\nknows'",
    ]


def test_what_is_still_on_its_way_at_the_end_has_failed(fates: Fates, tmp_path: Path) -> None:
    fates.discover(found(1))
    fates.discover(found(2))
    fates.settle(found(1), "unchanged", "known")
    fates.close()
    fates.close()
    assert [(line["fate"], line["reason"]) for line in told(tmp_path)] == [
        ("unchanged", "known"),
        ("failed", "not finished"),
    ]


def test_a_second_fate_is_a_conflict_and_changes_nothing(fates: Fates, crawler: Crawler, tmp_path: Path) -> None:
    fates.discover(found())
    fates.settle(found(), "unchanged", "known")
    fates.settle(found(), "failed", "timed out")
    fates.discover(found())
    fates.close()
    assert [line["fate"] for line in told(tmp_path)] == ["unchanged"]
    assert crawler.stats.get_stats() == {"fates/discovered": 1, "fates/unchanged": 1, "fates/conflicts": 1}


def test_an_item_that_discovery_did_not_bring_counts_as_discovered(
    fates: Fates, article: Make, crawler: Crawler
) -> None:
    fates.item_scraped(article(1), None)
    fates.close()
    assert crawler.stats.get_value("fates/discovered") == crawler.stats.get_value("fates/written") == 1


def test_counts_are_kept_by_site_and_listing(fates: Fates, tmp_path: Path) -> None:
    feed = "https://news.example/feed"
    for each, fate in (
        (found(1), "written"),
        (found(2), "written"),
        (found(3, feed), "duplicate"),
        (found(4, site="other.example"), "failed"),
    ):
        fates.discover(each)
        fates.settle(each, fate, "")
    fates.close()
    assert fates.discovered == {
        "news.example": {"https://news.example/": 2, feed: 1},
        "other.example": {"https://news.example/": 1},
    }
    assert fates.settled["news.example"] == {"https://news.example/": {"written": 2}, feed: {"duplicate": 1}}
    assert [line["fate"] for line in told(tmp_path, "other.example")] == ["failed"]


def test_lines_are_safe_before_the_end(fates: Fates, tmp_path: Path) -> None:
    for n in range(1200):
        fates.settle(found(n), "unchanged", "known")
    assert len(told(tmp_path)) == 1000


def test_signals_reach_it(crawler: Crawler, fates: Fates) -> None:
    crawler.signals.send_catch_log(article_discovered, found=found())
    crawler.signals.send_catch_log(article_settled, found=found(), fate="blocked", reason="robots.txt")
    assert crawler.stats.get_value("fates/blocked") == 1


def test_an_item_that_a_failed_request_brought_keeps_its_url(fates: Fates, article: Make, tmp_path: Path) -> None:
    failure = Failure(OSError("part 2 is away"))
    failure.request = response(found()).request  # type: ignore[attr-defined]  # as Scrapy does
    fates.discover(found())
    fates.item_dropped(article(2), failure, NotArticle("listing"))
    fates.close()
    assert [(line["url"], line["fate"]) for line in told(tmp_path)] == [(found().url, "not_article")]
