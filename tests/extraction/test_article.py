from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import aggregator
from aggregator.extraction import article
from aggregator.extraction.page import Page, SiteFacts
from aggregator.items import Article, Author, Found

FETCHED = datetime(2024, 5, 30, 12, tzinfo=UTC)
URL = "https://dam-times.example/dam-holds?utm_source=feed"
HEADLINE = "Dam holds after a week of rain"
STORY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The dam above Ostermoor held through a week of rain that brought more water than all of last spring did.",
        "Engineers opened two of the four gates on Tuesday, when the lake stood eleven centimetres below the crest.",
        "The road below stays closed until Friday, because a landslip has taken the barrier and half a lane with it.",
    )
)


def read(head: str = "", byline: str = "", after: str = "", **arrived: Any) -> Article:
    html = (
        f"<html lang=en><head><title>{HEADLINE} | Dam Times</title>{head}</head><body><main><article>"
        f"<h1>{HEADLINE}</h1>{byline}{STORY}{after}</article></main></body></html>"
    )
    return article.read(Page.parse(html, URL, FETCHED, **arrived))


def test_the_library_call_reads_a_page() -> None:
    found = aggregator.extract(f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1>{STORY}", URL, FETCHED)
    assert found.title == HEADLINE
    assert found.text
    assert found.fetched_at == "2024-05-30T12:00:00+00:00"


def test_every_value_has_its_evidence() -> None:
    head = '<meta property="article:section" content="Energy"><meta name="author" content="Ilse Brandt">'
    found = read(head, after="<p>This story originally appeared on Grist.</p>")
    assert (found.section, found.authors) == ("Energy", [Author("Ilse Brandt")])
    assert found.source
    assert found.source.name == "Grist"
    assert {
        field: found.evidence[field]["from"] for field in ("title", "section", "authors", "source", "language")
    } == {
        "title": "h1",
        "section": "meta:article:section",
        "authors": "meta:author",
        "source": "text:originally",
        "language": "text",
    }


def test_a_trail_that_ends_with_the_story_gives_no_section() -> None:
    steps = [{"position": n, "name": name} for n, name in enumerate(["Home", "Energy", HEADLINE], 1)]
    node = json.dumps({"@type": "BreadcrumbList", "itemListElement": steps})
    trail = f'<script type="application/ld+json">{node}</script>'
    html = f"<html><head><title>Rain and dams</title>{trail}</head><body><h1>{HEADLINE}</h1>{STORY}</body></html>"
    found = aggregator.extract(html, URL, FETCHED)
    assert (found.title, found.section) == (HEADLINE, None)


def test_the_site_s_own_selectors_outrank_the_page() -> None:
    site = SiteFacts("dam-times", {"title": ".real", "tags": ".tag"})
    byline = "<b class=real>What the engineers did</b><i class=tag>dam</i><i class=tag>rain</i>"
    found = read('<meta property="article:tag" content="energy">', byline, site=site)
    assert (found.title, found.tags) == ("What the engineers did", ["dam", "rain"])
    assert found.evidence["title"] == {"from": "site", "raw": ".real", "runner_up": {"from": "h1", "raw": HEADLINE}}
    assert found.extraction.site_rules == "dam-times"


def test_a_list_is_one_place_s_and_never_a_mixture() -> None:
    head = '<meta property="article:tag" content="dam"><meta property="article:tag" content="rain">'
    assert read(f'{head}<meta name="keywords" content="seo, spam">').tags == ["dam", "rain"]
    assert read('<meta name="keywords" content="dam, rain">').tags == ["dam", "rain"]


def test_the_address_is_clean_and_stays_beside_the_canonical_one() -> None:
    found = read("<link rel=canonical href=/news/7>")
    assert (found.url, found.canonical_url) == (
        "https://dam-times.example/dam-holds",
        "https://dam-times.example/news/7",
    )


@pytest.mark.parametrize(
    ("head", "authors", "posted_by"),
    [
        ("", [], "Newsdesk"),
        ('<link rel=canonical href="https://grist.org/dam-holds">', ["Newsdesk"], None),
    ],
)
def test_a_desk_only_posts_what_the_text_credits_to_another_outlet(
    head: str, authors: list[str], posted_by: str | None
) -> None:
    found = read(f'{head}<meta name="author" content="Newsdesk">', after="<p>Source: Grist</p>")
    assert [author.name for author in found.authors] == authors
    assert found.posted_by == posted_by


def test_what_discovery_knew_is_used_where_the_page_is_silent() -> None:
    found = Found(
        URL, "dams", "https://dam-times.example/feed", authors=["Ilse Brandt"], categories=["dam"], source="Grist"
    )
    result = read(found=found)
    assert (result.site, result.authors, result.tags) == ("dams", [Author("Ilse Brandt")], ["dam"])
    assert result.source
    assert result.source.name == "Grist"


@pytest.mark.parametrize(
    "nonsense",
    [
        '<meta property="og:url" content="http://[">',
        '<link rel="canonical" href="http://[">',
        '<base href="http://[">',
        "<p>https://[www.youtube.com/watch?v=abc</p>",
        '<h1><a href="https://web.archive.org/web/20200101000000/http://[/">Dam Times</a></h1>',
        '<meta property="article:published_time" content="99991231T235900Z">',
        '<div class="live-entry"><time datetime="99991231T235900Z">10:00</time> The gauge stands at four.</div>' * 3,
        '<script type="application/ld+json">{"@type":"Article","author":' + "[" * 900 + "]" * 900 + "}</script>",
    ],
)  # fmt: skip
def test_an_address_or_a_moment_that_cannot_be_is_passed_over(nonsense: str) -> None:
    found = read(nonsense + '<html lang="de">', after=f"{nonsense}<p>The dam holds.</p>")
    assert (found.title, found.published_at) == (HEADLINE, None)
    assert found.text
    assert found.text.startswith("The dam above Ostermoor")


def test_a_page_from_an_archive_s_impossible_moment_is_read() -> None:
    url = f"https://web.archive.org/web/99991231235959/{URL}"
    assert article.read(Page.parse(f"<h1>{HEADLINE}</h1>{STORY}", url, FETCHED)).title == HEADLINE


@pytest.mark.parametrize("html", ["", "<", "<html></html>", "\x00", "<p>" * 3_000, "{}", "<title></title><h1></h1>"])
def test_a_page_with_nothing_on_it_has_nothing(html: str) -> None:
    found = article.read(Page.parse(html, URL, FETCHED))
    assert (found.title, found.authors, found.source) == (None, [], None)
