from __future__ import annotations

from datetime import UTC, datetime

from aggregator.extraction import metadata
from aggregator.extraction.page import Page
from aggregator.items import Found

FETCHED = datetime(2024, 5, 30, tzinfo=UTC)
URL = "https://dam-times.example/dam-holds"
TITLE = "Dam holds after a week of rain"


def claims(head: str = "", body: str = "", **arrived: Found) -> list[tuple[str, str, str]]:
    html = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    page = Page.parse(html, URL, FETCHED, **arrived)
    return [(field, claim.source, claim.value) for field, claim in metadata.candidates(page)]


def values(field: str, source: str, head: str = "", body: str = "") -> list[str]:
    return [value for name, place, value in claims(head, body) if (name, place) == (field, source)]


def test_json_ld_gives_section_and_keywords() -> None:
    members = '"articleSection":["Energy","Local"],"keywords":%s'
    node = f'<script type="application/ld+json">{{"@type":"Article",{members}}}</script>'
    assert values("section", "json-ld:articleSection", node % '"dam"') == ["Energy"]
    assert values("tags", "json-ld:keywords", node % '"dam, rain"') == ["dam", " rain"]
    assert values("tags", "json-ld:keywords", node % '["dam","rain"]') == ["dam", "rain"]


def test_meta_gives_section_tags_and_addresses() -> None:
    head = (
        '<meta property="article:section" content="Energy"><meta property="article:tag" content="dam">'
        '<meta property="article:tag" content="rain"><meta property="og:url" content="https://dam-times.example/1">'
        "<link rel=canonical href=/dam-holds>"
    )
    assert values("section", "meta:article:section", head) == ["Energy"]
    assert values("tags", "meta:article:tag", head) == ["dam", "rain"]
    assert values("canonical_url", "link:canonical", head) == [URL]
    assert values("canonical_url", "meta:og:url", head) == ["https://dam-times.example/1"]


def test_links_marked_as_category_are_sections_and_others_tags() -> None:
    body = '<a rel="category tag" href=/c/energy>Energy</a><a rel=tag href=/t/dam>dam</a><a rel=nofollow href=/x>x</a>'
    assert values("section", "a:rel=category", body=body) == ["Energy"]
    assert values("tags", "a:rel=tag", body=body) == ["dam"]


def test_a_trail_in_json_ld_is_ordered_and_ends_before_the_story() -> None:
    node = (
        '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":['
        '{"position":3,"name":"%s"},{"position":1,"name":"Home"},{"position":2,"item":{"name":"Energy"}}]}</script>'
    )
    assert values("breadcrumbs", "json-ld:BreadcrumbList", node % TITLE) == ["Home", "Energy"]
    assert values("section", "json-ld:BreadcrumbList", node % TITLE) == ["Energy"]


def test_trails_in_microdata_and_in_plain_markup_are_read() -> None:
    microdata = (
        "<ol itemscope itemtype=https://schema.org/BreadcrumbList><li itemprop=itemListElement itemscope "
        "itemtype=https://schema.org/ListItem><span itemprop=name>Energy</span></li></ol>"
    )
    assert values("breadcrumbs", "microdata:BreadcrumbList", body=microdata) == ["Energy"]
    plain = f"<div class=entry-crumbs><a href=/>Home</a> › <a href=/c/energy>Energy</a> › <span>{TITLE}</span></div>"
    assert values("breadcrumbs", "trail", body=plain) == ["Home", "Energy"]


def test_the_feed_s_categories_are_tags() -> None:
    found = Found(URL, "dam-times", URL, categories=["dam"])
    assert ("tags", "feed:category", "dam") in claims(found=found)
