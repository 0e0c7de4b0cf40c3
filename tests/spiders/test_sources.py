from __future__ import annotations

import gc
from datetime import datetime
from weakref import ref

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, XmlResponse

from aggregator.spiders import sources
from aggregator.spiders.sources import Source

NOW = datetime.fromisoformat("2024-05-17T12:00:00+00:00")


def xml(text: str, url: str = "http://a.example/sitemap.xml") -> Response:
    return XmlResponse(url, body=text.encode(), request=Request(url, meta={"fetched_at": NOW}))


def test_a_start_url_may_be_a_feed_a_sitemap_or_nothing_that_is_known() -> None:
    start = Source("a.example", "start")
    item = "http://a.example/2024/05/17/dam-holds-after-rain"
    feed = xml(f"<rss><channel><item><link>{item}</link></item></channel></rss>")
    sitemap = xml(f"<urlset><url><loc>{item}</loc><lastmod>2024-05-17</lastmod></url></urlset>")
    for response in (feed, sitemap):
        assert [found.url for found in sources.read(response, start, 3).found] == [item]
    assert sources.read(Response("http://a.example/x.png", body=b"\x89PNG"), start, 3).found == []


@pytest.mark.parametrize(("lastmod", "followed"), [("2024-05-16T09:00:00Z", True), ("2024-05-01", False), ("", False)])
def test_children_of_a_sitemap_are_followed_where_they_changed_lately(lastmod: str, followed: bool) -> None:
    index = f"<sitemapindex><sitemap><loc>http://a.example/p1.xml</loc><lastmod>{lastmod}</lastmod></sitemap></sitemapindex>"
    more = sources.read(xml(index), Source("a.example", "sitemap"), 3).more
    assert more == ([("http://a.example/p1.xml", Source("a.example", "sitemap", 2))] if followed else [])


def test_a_sitemap_of_news_is_followed_whatever_its_date_but_not_for_ever() -> None:
    index = "<sitemapindex><sitemap><loc>http://a.example/news.xml</loc></sitemap></sitemapindex>"
    assert sources.read(xml(index), Source("a.example", "sitemap"), 3).more
    assert sources.read(xml(index), Source("a.example", "sitemap", sources.MAX_DEPTH), 3).more == []


def test_a_page_comes_with_its_headers_and_tells_where_bytes_are_missing() -> None:
    response = HtmlResponse(
        "http://a.example/dam",
        headers={"X-Robots-Tag": ["noindex", "noai"]},
        body=b"<p>Dam",
        flags=["dataloss"],
        request=Request("http://a.example/dam", meta={"fetched_at": NOW}),
    )
    page = sources.page(response)
    assert page.headers["x-robots-tag"] == "noindex\nnoai"
    assert page.truncated
    assert page.root is response.selector.root


def test_a_page_that_was_read_goes_at_once_and_its_tree_with_it() -> None:
    response = HtmlResponse(
        "http://a.example/dam", body=b"<p>Dam", request=Request("http://a.example/", meta={"fetched_at": NOW})
    )
    page = sources.page(response)
    gone = ref(response)
    gc.disable()
    try:
        del response, page
        assert gone() is None
    finally:
        gc.enable()
