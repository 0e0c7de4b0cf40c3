from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Headers

from aggregator.fetching.files import Files
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.items import Found

URL = "http://a.example/2024/05/17/the-mayor-speaks"
ARTICLE = Request(URL, meta={"found": Found(URL, "a.example", "http://a.example/")})


def breaks_off(content_type: str | None, request: Request = ARTICLE) -> bool:
    try:
        Files().headers_received(Headers({"Content-Type": content_type} if content_type else {}), request)
    except StopDownload:
        return True
    return False


@pytest.mark.parametrize("kind", ["audio/mpeg", "Video/mp4", "application/pdf; x=y", "application/vnd.ms-excel"])
def test_an_articles_url_that_leads_to_a_file_is_broken_off(kind: str) -> None:
    assert breaks_off(kind)


@pytest.mark.parametrize(
    "kind", [None, "text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "application/octet-stream"]
)
def test_what_may_be_a_page_is_not(kind: str | None) -> None:
    assert not breaks_off(kind)


def test_sources_are_read_whatever_they_call_themselves() -> None:
    assert not breaks_off("application/gzip", Request("http://a.example/sitemap.xml.gz"))


def test_most_of_a_film_is_not_fetched_and_its_fate_tells_what_it_was(
    scrapy: Any, dam_times: dict[str, str], tmp_path: Path
) -> None:
    site, film, *_ = dam_times
    pages = {url: Saved(200, {"Content-Type": "text/html"}, html.encode()) for url, html in dam_times.items()}
    pages[film] = Saved(200, {"Content-Type": "video/mp4"}, bytes(12_000_000))
    with Loopback(pages) as server, server.as_proxy():
        scrapy("crawl", "news", "-a", f"url={site}", "-s", "DOWNLOAD_DELAY=0")
    (report,) = (json.loads(path.read_text("utf-8")) for path in tmp_path.glob("data/*/*/*/run.json"))
    assert (report["written"], report["not_article"]) == (2, 1)
    assert report["crawl"]["bytes"] < 6_000_000
    (fates,) = (path.read_text("utf-8") for path in tmp_path.glob("data/*/*/*/fates.jsonl"))
    assert "content type video/mp4" in fates
