from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.items import Found
from aggregator.seen import Seen
from aggregator.spiders.base import SiteSpider
from aggregator.spiders.freshness import DISTRUST, DOUBT, Freshness
from aggregator.spiders.sources import Read, Source

NOON = datetime.fromisoformat("2024-05-17T12:00:00+00:00")
SITE = "a.example"
FEED = "http://a.example/feed"
ETAG = {"ETag": '"1"', "Last-Modified": "Fri, 17 May 2024 11:00:00 GMT"}
ASKED = {"If-None-Match": '"1"', "If-Modified-Since": "Fri, 17 May 2024 11:00:00 GMT"}


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    index = Seen(f"sqlite:///{tmp_path}/seen.db")
    yield index
    index.close()


def read(
    seen: Seen,
    *articles: str,
    headers: dict[str, str] = ETAG,
    flags: tuple[str, ...] = (),
    more: tuple[tuple[str, Source], ...] = (),
    at: datetime = NOON,
) -> None:
    """A run in which the feed is read in full."""
    run = Freshness(seen)
    run.conditions(FEED, at)
    request = Request(FEED, meta={"fetched_at": at})
    found = [Found(f"http://a.example/{name}", SITE, FEED) for name in articles]
    run.read(FEED, Response(FEED, headers=headers, flags=list(flags), request=request), Read(found, more=list(more)))
    run.save()


def silent(seen: Seen, news: bool = False) -> dict[str, str]:
    """A run in which the feed says 304 if it is asked whether it changed."""
    run = Freshness(seen)
    if conditions := run.conditions(FEED, NOON):
        run.unchanged(FEED, SITE)
    if news:
        run.news(SITE)
    run.save()
    return conditions


def asked(seen: Seen, at: datetime = NOON) -> dict[str, str]:
    return Freshness(seen).conditions(FEED, at)


def test_a_source_is_asked_whether_it_changed_since_it_was_read(seen: Seen) -> None:
    assert asked(seen) == {}
    read(seen, "dam")
    assert asked(seen) == ASKED


@pytest.mark.parametrize("headers", [{}, {"ETag": ""}, {"ETag": "\xe9"}, {"ETag": "x" * 1000}])
def test_without_a_usable_validator_it_is_read_in_full(seen: Seen, headers: dict[str, str]) -> None:
    read(seen, headers=headers)
    assert asked(seen) == {}


def test_what_was_cut_short_is_not_remembered(seen: Seen) -> None:
    read(seen, flags=("dataloss",))
    assert asked(seen) == {}


def test_what_is_not_saved_is_forgotten(seen: Seen) -> None:
    run = Freshness(seen)
    run.read(FEED, Response(FEED, headers=ETAG, request=Request(FEED, meta={"fetched_at": NOON})), Read())
    assert asked(seen) == {}


def test_an_unchanged_source_still_leads_where_it_led_but_not_to_its_next_page(seen: Seen) -> None:
    child = ("http://a.example/news.xml", Source(SITE, "sitemap", 2))
    read(seen, more=(child, ("http://a.example/page/2", Source(SITE, "listing", 2))))
    run = Freshness(seen)
    run.conditions(FEED, NOON)
    assert run.unchanged(FEED, SITE) == [child]
    assert run.is_silent(SITE)


def test_any_source_is_read_in_full_once_a_day(seen: Seen) -> None:
    read(seen)
    assert asked(seen, NOON + timedelta(hours=23)) == ASKED
    assert asked(seen, NOON + timedelta(hours=24)) == {}


def test_a_source_that_stays_silent_while_others_have_news_is_read_in_full(seen: Seen) -> None:
    read(seen, "dam")
    assert all(silent(seen, news=True) for _ in range(DOUBT))
    assert asked(seen) == {}


def test_silence_while_nothing_is_new_raises_no_doubt(seen: Seen) -> None:
    read(seen, "dam")
    for _ in range(DOUBT):
        silent(seen, news=True)
        silent(seen)
    assert asked(seen) == ASKED


@pytest.mark.parametrize(("articles", "believed"), [(("dam",), True), (("dam", "gate"), False)])
def test_what_it_names_then_shows_whether_it_is_to_be_believed(
    seen: Seen, articles: tuple[str, ...], believed: bool
) -> None:
    read(seen, "dam")
    for _ in range(DOUBT):
        silent(seen, news=True)
    read(seen, *articles, headers={"ETag": '"2"'})
    assert bool(asked(seen)) == believed


def test_the_same_validator_for_other_articles_is_a_lie(seen: Seen) -> None:
    read(seen, "dam")
    read(seen, "gate", at=NOON + timedelta(hours=25))
    assert asked(seen, NOON + timedelta(hours=25)) == {}


def test_after_a_while_it_is_believed_again(seen: Seen) -> None:
    read(seen, "dam")
    read(seen, "gate")
    for _ in range(DISTRUST - 1):
        read(seen, "gate")
    assert asked(seen) == {}
    read(seen, "gate")
    assert asked(seen) == ASKED


# --- A crawl --------------------------------------------------------------------------------------------------------

ONLINE = {
    "http": "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler",
    **dict.fromkeys(("https", "file", "data", "ftp", "s3")),
}
HOST = "http://www.dam-times.example"


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [f"{HOST}/"]


class Mute(Loopback):
    """Says that its feed has not changed, whatever is in it."""

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        if url == f"{HOST}/feed.xml" and "If-None-Match" in headers:
            return Saved(304)
        return super().answer(url, headers)

    def publish(self, *stories: str, fed: str) -> None:
        links = "".join(f'<h3><a href="/2024/05/17/{slug}">{slug.replace("-", " ")}</a></h3>' for slug in stories)
        head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        item = f"<item><title>The dam</title><link>{HOST}/2024/05/17/{fed}</link></item>"
        html, rss = {"Content-Type": "text/html"}, {"Content-Type": "application/rss+xml", "ETag": '"1"'}
        self.pages = {
            f"{HOST}/": Saved(200, html, f"<head>{head}</head><main>{links}</main>".encode()),
            f"{HOST}/feed.xml": Saved(200, rss, f"<rss><channel>{item}</channel></rss>".encode()),
        }


def test_a_feed_that_always_calls_itself_unchanged_is_found_out(crawl: Any) -> None:
    def finds(slug: str) -> bool:
        found = crawl(DamTimes, {}, {"DOWNLOAD_HANDLERS": ONLINE}).found
        return f"{HOST}/2024/05/17/{slug}" in found

    with Mute({}) as server, server.as_proxy():
        server.publish("dam-holds-after-all", fed="dam-holds-after-all")
        assert finds("dam-holds-after-all")
        for number in range(DOUBT):
            server.publish(f"dam-holds-for-day-{number}", fed="what-only-the-feed-names")
            assert not finds("what-only-the-feed-names")
        assert finds("what-only-the-feed-names")
        server.publish("dam-holds-for-a-week", fed="what-the-feed-names-next")
        assert finds("what-the-feed-names-next")
