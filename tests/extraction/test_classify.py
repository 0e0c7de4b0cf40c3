from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.extraction import body, classify
from aggregator.extraction.page import Page
from aggregator.items import Block

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://valley-courier.example/dam-holds"
LONG = "The dam above the town has held after seven days of rain, engineers said. " * 30


def page(content: str = "", head: str = "", url: str = URL) -> Page:
    return Page.parse(f"<html><head>{head}</head><body>{content}</body></html>", url, FETCHED)


def kind(page: Page, text: str = "", title: str | None = None) -> str:
    return classify.kind(
        page, title, body.Body([Block("paragraph", text)] if text else [], [page.root] if text else [])
    )[0]


def json_ld(**node: Any) -> str:
    import json

    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    "title", ["404 - Page not found", "Seite nicht gefunden | Talbote", "Página no encontrada", "Oops!"]
)
def test_an_error_page_says_so_in_its_headline(title: str):
    assert kind(page(), "Try our search.", title) == "error"


def test_a_long_story_may_have_such_a_headline():
    assert kind(page(), LONG, "404: how a number became a joke") == "article"


@pytest.mark.parametrize("title", ["Just a moment...", "Access Denied", "Before you continue to Valley Courier"])
def test_a_wall(title: str):
    assert kind(page(head=f"<title>{title}</title>")) == "wall"


def test_a_challenge_without_words():
    found = classify.kind(page("<div id='px-captcha'></div>"), None, body.Body())
    assert found[0] == "wall"
    assert found[1]["raw"] == "px-captcha"


def test_a_listing_shows_it_in_several_ways():
    links = "".join(f"<h3><a href='/story-{i}'>Story {i} of the valley and its people</a></h3>" for i in range(30))
    head = '<meta property="og:type" content="website">'
    assert kind(page(links, head, "https://valley-courier.example/category/sport/")) == "listing"
    assert kind(page(links, head, URL), LONG) == "article"


@pytest.mark.parametrize("path", ["/", "", "/?paged=2", "/?cat=4&paged=3", "/page/12/"])
def test_a_front_page_lists_stories_however_long_its_teasers_are(path: str):
    assert kind(page(url=f"https://valley-courier.example{path}"), LONG) == "listing"


@pytest.mark.parametrize("path", ["/?p=3122", "/?story=dam", "/?cat=4&p=3122", "/2026/dam/page/2/", "/news/"])
def test_what_only_looks_like_a_front_page(path: str):
    assert kind(page(url=f"https://valley-courier.example{path}"), LONG) == "article"


def test_a_page_that_calls_itself_an_article_is_one_wherever_it_stands():
    head = json_ld(**{"@type": "NewsArticle", "headline": "Dam holds"})
    assert kind(page(head=head, url="https://valley-courier.example/"), LONG) == "article"


def test_many_links_beside_a_short_story_do_not_make_a_listing():
    links = "".join(f"<h3><a href='/story-{i}'>Story {i} of the valley and its people</a></h3>" for i in range(30))
    head = json_ld(**{"@type": "NewsArticle", "headline": "Dam holds"})
    assert kind(page(links, head, "https://valley-courier.example/category/dam-holds"), LONG[:300]) == "article"


def test_a_picture_with_four_words_is_a_stub():
    assert kind(page("<img src='/pass.jpg'>"), "The pass this morning.") == "stub"


def test_a_page_with_no_text_but_its_furniture_is_a_stub():
    rights = "Copyright 2026 The Valley Courier. All rights reserved. No part of it may be stored or passed on."
    assert kind(page(), rights) == "stub"
    assert kind(page(), f"The dam held through a week of rain, the county said. {rights}") == "article"


def test_a_video_with_next_to_no_text_is_a_stub():
    assert kind(page("<video src='/dam.mp4'></video>"), "The dam, filmed from a boat on the lake today.") == "stub"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("LiveBlogPosting", "live_blog"), ("VideoObject", "video"), ("AdvertiserContentArticle", "sponsored")],
)
def test_special_kinds_are_told_by_the_page(name: str, expected: str):
    assert kind(page(head=json_ld(**{"@type": name})), LONG) == expected


def access(page: Page, text: str = LONG) -> str:
    return classify.access(page, body.Body([Block("paragraph", text)]))[0]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [(True, LONG, "free"), ("False", LONG, "partial"), (False, "The dam held.", "paid"), ("maybe", LONG, "unknown")],
)
def test_access_as_json_ld_says(value: Any, text: str, expected: str):
    head = json_ld(**{"@type": "NewsArticle", "isAccessibleForFree": value})
    assert access(page(head=head), text) == expected


def test_access_by_meta_tier_and_by_paywall():
    assert access(page(head='<meta property="article:content_tier" content="free">')) == "free"
    assert access(page("<div class='paywall-overlay'><p>Subscribe</p></div>")) == "partial"
    assert access(page()) == "unknown"
