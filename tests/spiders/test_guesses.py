"""Feeds and sitemaps that no page names: guessed once, and remembered."""

from __future__ import annotations

from typing import Any

import pytest

from aggregator.discovery import feeds, sitemaps
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
FRONT = f"{HOST}/"
STORY = f"{HOST}/2024/05/17/who-paints-the-gates-of-the-dam"
RSS = {"Content-Type": "application/rss+xml"}
FEED = (200, RSS, f"<rss><channel><item><link>{STORY}</link></item></channel></rss>")
GONE: dict[str, Any] = {HOST + path: (404, {}, "") for path in (*feeds.WELL_KNOWN, *sitemaps.WELL_KNOWN)}


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [FRONT]


def guessed(outcome: Any) -> list[str]:
    return [url.removeprefix(HOST) for url in outcome.fetched if url in GONE]


def test_well_known_addresses_are_tried_once_and_what_is_there_is_read_every_time(
    crawl: Any, dam_times: dict[str, str]
) -> None:
    pages = GONE | dam_times | {f"{HOST}/rss.xml": FEED, STORY: dam_times[f"{HOST}/2024/05/17/{SLUG}"]}
    first = crawl(DamTimes, pages)
    assert first.found[STORY].via == [f"feed:{HOST}/rss.xml"]
    tried = [*feeds.WELL_KNOWN[: feeds.WELL_KNOWN.index("/rss.xml") + 1], *sitemaps.WELL_KNOWN]
    assert sorted(guessed(first)) == sorted(tried)
    assert guessed(crawl(DamTimes, pages)) == ["/rss.xml"]


SLUG = "dam-holds-after-a-week-of-rain"


def test_a_page_in_a_feeds_place_is_no_feed(crawl: Any, dam_times: dict[str, str]) -> None:
    pages = GONE | dam_times | {f"{HOST}/rss": f'<h3><a href="{STORY}">Who paints the gates of the dam?</a></h3>'}
    outcome = crawl(DamTimes, pages)
    assert STORY not in outcome.found
    assert "/rss.xml" in guessed(outcome)


def test_a_server_that_does_not_answer_now_is_asked_again_next_time(crawl: Any, dam_times: dict[str, str]) -> None:
    pages = GONE | dam_times | {f"{HOST}/feed/": (503, {}, "")}
    assert guessed(crawl(DamTimes, pages))[:1] == ["/feed/"]
    assert guessed(crawl(DamTimes, pages))[:1] == ["/feed/"]


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ('<meta name="generator" content="WordPress 6.5">', True),
        ('<link rel="https://api.w.org/" href="/wp-json/">', True),
        ("", False),
    ],
)
def test_wordpress_has_a_feed_for_each_section(crawl: Any, dam_times: dict[str, str], head: str, asked: bool) -> None:
    section = f"{HOST}/category/valley/"
    named = f'<link rel="alternate" type="application/rss+xml" href="/all.xml">{head}'
    pages = GONE | dam_times | {section: named + dam_times[FRONT], f"{section}feed/": FEED, f"{HOST}/all.xml": FEED}
    outcome = crawl(DamTimes, pages, start_urls=[section])
    assert (f"{section}feed/" in outcome.fetched) == asked


def test_sitemaps_are_guessed_where_robots_txt_names_none(crawl: Any, dam_times: dict[str, str]) -> None:
    day = "<lastmod>2024-05-17</lastmod>"
    sitemap = (200, {"Content-Type": "text/xml"}, f"<urlset><url><loc>{STORY}</loc>{day}</url></urlset>")
    robots = (200, {"Content-Type": "text/plain"}, f"Sitemap: {HOST}/map.xml")
    guessed_one = crawl(DamTimes, GONE | dam_times | {f"{HOST}/sitemap.xml": sitemap})
    assert guessed_one.found[STORY].via == [f"sitemap:{HOST}/sitemap.xml"]
    named_one = crawl(
        DamTimes,
        GONE | dam_times | {f"{HOST}/robots.txt": robots, f"{HOST}/map.xml": sitemap},
        {"SEEN_URL": "sqlite://"},
    )
    assert named_one.found[STORY].via == [f"sitemap:{HOST}/map.xml"]
    assert not {HOST + path for path in sitemaps.WELL_KNOWN} & set(named_one.fetched)
