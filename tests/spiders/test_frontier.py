from __future__ import annotations

from aggregator.items import Found
from aggregator.spiders.frontier import Frontier


def found(url: str, via: str, **said: str) -> Found:
    return Found(url, "a.example", "http://a.example/", [via], **said)


def test_an_url_is_met_once_however_it_is_spelled() -> None:
    frontier = Frontier()
    assert frontier.meet(found("http://www.a.example/dam?utm_source=x", "listing:1"))
    assert not frontier.meet(found("https://a.example/dam", "listing:2"))
    assert frontier.counts["a.example"] == 2


def test_every_way_an_url_was_found_is_kept() -> None:
    frontier = Frontier()
    first = found("http://a.example/dam", "listing:1")
    frontier.meet(first)
    frontier.meet(found("http://a.example/dam", "sitemap:2"))
    frontier.meet(found("http://a.example/dam", "sitemap:2"))
    assert first.via == ["listing:1", "sitemap:2"]


def test_a_feed_says_it_better_than_a_link_whichever_came_first() -> None:
    for order in (1, -1):
        frontier = Frontier()
        both = [
            found("http://a.example/dam", "listing:1", title="Read more"),
            found("http://a.example/dam", "feed:2", title="Dam holds", published="2024-05-06"),
        ][::order]
        for one in both:
            frontier.meet(one)
        assert (both[0].title, both[0].published) == ("Dam holds", "2024-05-06")


def test_a_content_is_held_for_those_only_whose_page_is_to_be_read() -> None:
    frontier = Frontier()
    waiting, known = found("http://a.example/dam", "listing:1"), found("http://a.example/rain", "listing:1")
    for one in (waiting, known):
        frontier.meet(one)
    frontier.keep(waiting)
    for one in (waiting, known):
        frontier.meet(found(one.url, "api:2", content="<p>The dam holds.</p>"))
    assert (waiting.content, known.content) == ("<p>The dam holds.</p>", None)
    assert known.via == ["listing:1", "api:2"]


def test_a_sites_urls_come_free_when_its_last_source_is_closed() -> None:
    frontier = Frontier()
    for site, url in (("a.example", "/"), ("a.example", "/feed"), ("b.example", "/")):
        assert frontier.open(site, url)
    kept = found("http://a.example/dam", "listing:1")
    frontier.keep(kept)
    assert not frontier.close("a.example")
    assert frontier.close("a.example")
    assert frontier.release("a.example") == [kept]
    assert frontier.release("a.example") == []


def test_a_source_is_asked_once_however_many_pages_name_it() -> None:
    frontier = Frontier()
    assert frontier.open("a.example", "http://a.example/feed")
    assert not frontier.open("a.example", "http://a.example/feed")
    assert frontier.close("a.example")


def test_what_a_listing_page_brings() -> None:
    frontier = Frontier()
    old, new = found("http://a.example/old", "listing:1"), found("http://a.example/new?utm_source=x", "listing:1")
    frontier.know(old)
    assert frontier.shown([old, new]) == (2, 2, 1)
    assert frontier.shown([old, found("http://a.example/new", "listing:2")]) == (2, 0, 1)
