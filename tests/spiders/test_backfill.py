"""`-a since=… -a until=…`: what appeared between two days, however far back it lies."""

from __future__ import annotations

from typing import Any

import pytest

from aggregator import seen
from aggregator.seen.visits import Met
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
DAYS = range(17, 5, -1)
ADDRESSES = [f"{HOST}/", *(f"{HOST}/page/{number}/" for number in range(2, 2 + len(DAYS)))]


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [f"{HOST}/"]


def story(day: int, number: int) -> str:
    return f"{HOST}/2024/05/{day:02}/story-{number}-of-that-day-at-the-dam"


@pytest.fixture
def daily(dam_times: dict[str, str]) -> dict[str, str]:
    """A page a day, newest first, three stories each."""
    text = dam_times[f"{HOST}/2024/05/17/dam-holds-after-a-week-of-rain"]
    pages = {story(day, n): text.replace("dam", f"dam {day} {n}") for day in DAYS for n in range(3)}
    for at, after, day in zip(ADDRESSES, ADDRESSES[1:], DAYS, strict=False):
        links = "".join(f'<h3><a href="{story(day, n)}">Story {n} of that day at the dam</a></h3>' for n in range(3))
        pages[at] = f'<html><body>{links}<a rel="next" href="{after}">Next</a></body></html>'
    return pages


def days(outcome: Any) -> list[int]:
    return sorted({int(url.split("/")[5]) for url in outcome.articles}, reverse=True)


def test_pages_are_followed_back_to_the_day_whatever_is_known(
    crawl: Any, daily: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen.Seen, "met", lambda self, url: Met("/2024/05/16/" in url or "/2024/05/17/" in url, None))
    outcome = crawl(DamTimes, daily, {"MAX_LISTING_PAGES": 2}, since="2024-05-10", until="2024-05-12")
    assert days(outcome) == [13, 12, 11, 10, 9]  # a day more at both ends: dates in URLs have no time zone
    assert ADDRESSES[-2] not in outcome.fetched


def test_without_it_they_are_not(crawl: Any, daily: dict[str, str]) -> None:
    assert days(crawl(DamTimes, daily, {"MAX_LISTING_PAGES": 2})) == [17, 16]


def test_a_walk_that_ends_before_the_day_says_so(crawl: Any, daily: dict[str, str]) -> None:
    outcome = crawl(DamTimes, daily, {"MAX_BACKFILL_PAGES": 3}, since="2024-05-08")
    assert outcome.warnings == ["3 pages of a listing did not reach back to 2024-05-08"]


def test_sitemaps_and_months_are_read_however_old(crawl: Any, daily: dict[str, str]) -> None:
    old, older = f"{HOST}/2024/02/03/the-dam-in-its-first-winter", f"{HOST}/2024/02/04/the-dam-in-the-snow-again"
    text = daily[story(17, 0)]
    kind = {"Content-Type": "text/xml"}
    index = f"<sitemapindex><sitemap><loc>{HOST}/map-1.xml</loc></sitemap></sitemapindex>"
    child = f"<urlset><url><loc>{old}</loc></url><url><loc>{HOST}/2023/02/03/too-old-a-story-here</loc></url></urlset>"
    front = daily[f"{HOST}/"].replace(
        "<body>", '<body><a href="/2024/02/">February</a><a href="/2023/12/">December</a>'
    )
    outcome = crawl(
        DamTimes,
        daily
        | {
            f"{HOST}/": front,
            f"{HOST}/robots.txt": (200, {"Content-Type": "text/plain"}, f"Sitemap: {HOST}/index.xml"),
            f"{HOST}/index.xml": (200, kind, index),
            f"{HOST}/map-1.xml": (200, kind, child),
            f"{HOST}/2024/02/": f'<h3><a href="{older}">The dam in the snow again</a></h3>',
            old: text,
            older: text,
        },
        since="2024-02-01",
        until="2024-03-01",
    )
    assert sorted(outcome.articles) == [old, older]
    assert f"{HOST}/2023/12/" not in outcome.fetched


def test_a_walk_that_was_broken_off_goes_on_where_it_was(crawl: Any, daily: dict[str, str]) -> None:
    broken = crawl(DamTimes, daily, {"CLOSESPIDER_PAGECOUNT": 8}, since="2024-05-08")
    walked = [url for url in ADDRESSES if url in broken.fetched]
    assert 3 <= len(walked) < 8

    resumed = crawl(DamTimes, daily, since="2024-05-08")
    assert [url for url in ADDRESSES if url in resumed.fetched] == [ADDRESSES[0], *ADDRESSES[len(walked) : 12]]
    assert days(resumed) == list(range(17, 6, -1))

    again = crawl(DamTimes, daily, since="2024-05-08")
    assert [url for url in ADDRESSES if url in again.fetched] == ADDRESSES[:12]


def test_one_that_was_broken_off_at_its_beginning_starts_anew(crawl: Any, daily: dict[str, str]) -> None:
    crawl(DamTimes, daily, {"CLOSESPIDER_PAGECOUNT": 1}, since="2024-05-08")
    assert days(crawl(DamTimes, daily, since="2024-05-08")) == list(range(17, 6, -1))


def test_an_end_without_a_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match="until=… needs since=…"):
        DamTimes(until="2024-05-10")
