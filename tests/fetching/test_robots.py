from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aggregator.commands.replay import articles_in
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
STORY = f"{HOST}/2024/05/17/dam-holds-after-a-week-of-rain"
TEXT = {"Content-Type": "text/plain"}


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [STORY]


def fetched(crawl: Any, robots: Any, **settings: Any) -> Any:
    return crawl(DamTimes, {STORY: "<h1>Dam holds</h1>", f"{HOST}/robots.txt": robots}, settings)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_cannot_be_had_is_no_permission(crawl: Any, status: int) -> None:
    outcome = fetched(crawl, (status, {}, ""))
    assert STORY not in outcome.fetched
    assert outcome.problems == [f"{STORY}: robots.txt: HTTP {status}"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_forbids_nothing(crawl: Any, status: int) -> None:
    assert STORY in fetched(crawl, (status, {}, "User-agent: *\nDisallow: /")).fetched


def test_what_it_forbids_is_not_fetched(crawl: Any) -> None:
    outcome = fetched(crawl, (200, TEXT, "User-agent: *\nDisallow: /2024/"))
    assert outcome.problems == [f"{STORY}: robots.txt"]


def test_it_can_be_asked_about_under_a_name_of_its_own(crawl: Any) -> None:
    rules = (200, TEXT, "User-agent: dambot\nDisallow: /\n\nUser-agent: *\nAllow: /")
    assert STORY in fetched(crawl, rules).fetched
    assert STORY not in fetched(crawl, rules, ROBOTSTXT_USER_AGENT="dambot").fetched


def test_it_is_fetched_once_for_all_pages_of_a_host(crawl: Any) -> None:
    pages = {f"{HOST}/{number}": "<h1>Dam</h1>" for number in range(5)}
    outcome = crawl(DamTimes, pages, start_urls=list(pages))
    assert outcome.fetched.count(f"{HOST}/robots.txt") == 1


def test_of_a_giant_one_the_beginning_counts(scrapy: Any, dam_times: dict[str, str], tmp_path: Path) -> None:
    site, forbidden, *others = dam_times
    body = f"User-agent: *\nDisallow: {urlsplit(forbidden).path}\n".encode() + b"# filler\n" * 2_000_000
    pages = {url: Saved(200, {"Content-Type": "text/html"}, html.encode()) for url, html in dam_times.items()}
    with Loopback(pages | {f"{site}robots.txt": Saved(200, TEXT, body)}) as server, server.as_proxy():
        scrapy("crawl", "news", "-a", f"url={site}", "-s", "DOWNLOAD_DELAY=0")
    assert sorted(line["url"] for line in articles_in(tmp_path / "data")) == sorted(others)


NOON, NEXT_MORNING, NEXT_NOON = "2024-05-17T12:00:00Z", "2024-05-18T11:59:00Z", "2024-05-18T12:01:00Z"


@pytest.mark.parametrize("status", [200, 503])
def test_a_copy_is_good_for_a_day_and_no_longer(crawl: Any, status: int) -> None:
    fetched(crawl, (200, TEXT, "User-agent: *\nAllow: /"), CLOCK=NOON)
    now = (status, TEXT, "User-agent: *\nDisallow: /")
    assert STORY in fetched(crawl, now, CLOCK=NEXT_MORNING).fetched
    assert STORY not in fetched(crawl, now, CLOCK=NEXT_NOON).fetched


def test_what_could_not_be_had_is_asked_for_by_the_next_run(crawl: Any) -> None:
    fetched(crawl, (503, {}, ""))
    assert STORY in fetched(crawl, (200, TEXT, "")).fetched


def test_the_sitemaps_of_a_copy_are_read_too(crawl: Any) -> None:
    rules, sitemap = (200, TEXT, f"Sitemap: {HOST}/news.xml"), (404, {}, "")
    for _ in range(2):
        outcome = crawl(DamTimes, {STORY: "", f"{HOST}/robots.txt": rules, f"{HOST}/news.xml": sitemap})
        assert f"{HOST}/news.xml" in outcome.fetched


@pytest.mark.parametrize(("stated", "kept"), [("0.2", 0.2), ("100000", 0.3)])
def test_its_crawl_delay_is_kept_within_reason(crawl: Any, stated: str, kept: float) -> None:
    outcome = fetched(crawl, (200, TEXT, f"User-agent: *\nCrawl-delay: {stated}"), MAX_CRAWL_DELAY=0.3)
    assert outcome.delays == {"www.dam-times.example": kept}


def test_a_page_may_speak_to_this_crawler_by_its_name(crawl: Any, dam_times: dict[str, str]) -> None:
    said = {"Content-Type": "text/html", "X-Robots-Tag": "otherbot: noarchive, news-aggregator: noindex"}
    outcome = crawl(DamTimes, {STORY: (200, said, dam_times[STORY]), f"{HOST}/robots.txt": (404, {}, "")})
    assert outcome.articles[STORY].rights.robots == "noindex"
