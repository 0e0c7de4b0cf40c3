from __future__ import annotations

from io import StringIO
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from aggregator.items import Found
from aggregator.reports.progress import Progress, table
from aggregator.signals import article_discovered, article_settled

FOUND = Found("http://a.example/dam", "a.example", "http://a.example/")


def crawler(sites: dict[str, Any] | None = None) -> Any:
    made = get_crawler(Spider)
    made.stats.set_value("run/sites", sites or {})
    return made


def test_the_line_counts_pages_and_articles() -> None:
    out, one = StringIO(), crawler()
    progress = Progress([one], out)
    one.signals.send_catch_log(article_discovered, found=FOUND)
    one.signals.send_catch_log(article_discovered, found=FOUND)
    one.signals.send_catch_log(signals.item_scraped, item=None, response=None)
    one.signals.send_catch_log(article_settled, found=FOUND, fate="failed", reason="HTTP 404")
    response = Response("http://a.example/dam", request=Request("http://a.example/dam", meta={"found": FOUND}))
    one.signals.send_catch_log(signals.response_received, response=response)
    progress.end()
    assert "1 pages" in out.getvalue()
    assert "articles: 2 found, 2 done, 1 written" in out.getvalue()


def test_the_table_sums_fates_and_says_where_the_articles_lie() -> None:
    counts = {"discovered": 9, "written": 4, "duplicate": 1, "not_article": 1, "rejected": 1, "blocked": 1, "failed": 1}
    crawlers = [crawler({"a.example": {**counts, "output": "data/a.jsonl"}}), crawler({"b": {"output": None}})]
    lines = table(crawlers, Progress(crawlers, StringIO())).splitlines()
    assert lines[0].split() == [
        "site",
        "discovered",
        "written",
        "duplicates",
        "unchanged",
        "rejected",
        "failed",
        "pages/s",
    ]
    assert lines[1].split()[:7] == ["a.example", "9", "4", "1", "0", "2", "2"]
    assert lines[2].split()[:2] == ["b", "0"]
    assert lines[-1].strip() == "data/a.jsonl"
