from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import aggregator
from aggregator.extraction import article as extraction
from aggregator.extraction.page import Page
from aggregator.items import Found

URL = "https://www.any-news.example/2026/11/the-dams-above-halden-have-held"
FETCHED = datetime(2026, 11, 20, tzinfo=UTC)
TITLE = "The dams above Halden have held"
LINES = [
    f"The dam above {town} has held through the night, engineers said on Monday, and nobody was hurt in the valley."
    for town in ("Halden", "Brennick", "Ostrow", "Meridna", "Ostermoor")
]
OTHERS = [line.replace("dam", "bridge").replace("engineers", "officials") for line in LINES]


def html(state: Any, shown: str = "", title: str = TITLE) -> str:
    return (
        f'<html><head><title>{title} | Any News</title></head><body><div id="__next">{shown}</div>'
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script></body></html>'
    )


def story(lines: list[str], title: str = TITLE) -> dict[str, Any]:
    return {"headline": title, "body": [{"type": "paragraph", "text": line} for line in lines]}


def test_the_story_of_a_shell_stands_in_its_data() -> None:
    article = aggregator.extract(html({"props": {"pageProps": {"article": story(LINES)}}}), URL)
    assert article.text == "\n\n".join(LINES)
    assert article.evidence["text"] == {"from": "script:__NEXT_DATA__", "raw": "props.pageProps.article.body"}


def test_it_is_the_story_of_this_page() -> None:
    state = {"stories": [story(OTHERS * 3, "A bridge was opened in Brennick"), story(LINES)]}
    assert aggregator.extract(html(state), URL).text == "\n\n".join(LINES)


def test_it_may_be_known_by_its_address() -> None:
    state = {"page": {"path": "/2026/11/the-dams-above-halden-have-held", "content": "\n".join(LINES)}}
    assert aggregator.extract(html(state, title="App"), URL).text == "\n\n".join(LINES)


@pytest.mark.parametrize(
    "state", [story(OTHERS, "A bridge was opened"), {"headline": TITLE, "related": story(OTHERS, "x")}]
)
def test_another_pages_story_is_none(state: Any) -> None:
    assert aggregator.extract(html(state), URL).text is None


def test_a_page_that_shows_its_story_is_read_as_it_is() -> None:
    shown = "".join(f"<p>{line}</p>" for line in LINES)
    article = aggregator.extract(html(story([*LINES, *OTHERS[:2]]), f"<h1>{TITLE}</h1>{shown}"), URL)
    assert article.text == "\n\n".join(LINES)
    assert "text" not in article.evidence


def test_what_the_shell_shows_besides_is_no_part_of_it() -> None:
    shown = f"<h1>{TITLE}</h1><p>{LINES[0]}</p><p>Any News is the oldest daily of the valley, read in nine towns.</p>"
    assert aggregator.extract(html(story(LINES), shown), URL).text == "\n\n".join(LINES)


def test_a_story_that_only_json_ld_has() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(LINES)}
    page = f'<title>{TITLE}</title><script type="application/ld+json">{json.dumps(node)}</script><div id=root></div>'
    article = aggregator.extract(page, URL)
    assert article.text == "\n\n".join(LINES)
    assert article.evidence["text"]["from"] == "json-ld:articleBody"


def test_a_story_that_only_the_sites_api_has() -> None:
    content = "".join(f"<p>{line}</p>" for line in LINES)
    found = Found(URL, "any-news", "https://www.any-news.example/", ["api:x"], content=content)
    shell = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{LINES[0]}</p><div id=root></div>"
    article = extraction.read(Page.parse(shell, URL, FETCHED, found=found))
    assert article.text == "\n\n".join(LINES)
    assert article.evidence["text"] == {"from": "api", "raw": "content"}


def test_what_the_page_shows_is_believed_before_its_sites_api() -> None:
    found = Found(
        URL, "any-news", "https://www.any-news.example/", content=f"<p>{'</p><p>'.join([*LINES, *OTHERS[:2]])}</p>"
    )
    shown = f"<title>{TITLE}</title><h1>{TITLE}</h1>" + "".join(f"<p>{line}</p>" for line in LINES)
    article = extraction.read(Page.parse(shown, URL, FETCHED, found=found))
    assert article.text == "\n\n".join(LINES)


def test_a_page_that_is_read_twice_has_its_story_once() -> None:
    page = Page.parse(html(story(LINES)), URL, datetime(2026, 11, 20, tzinfo=UTC))
    again = Page(page.root, page.url, page.fetched_at)
    assert len(page.text.segments) == len(again.text.segments) == len(LINES)


def test_data_that_hardly_beats_what_is_shown_is_left_alone() -> None:
    prompts = {
        "page": {"title": TITLE},
        "prompts": [{"custom": line.replace("The dam", "Our letter")} for line in LINES],
    }
    shown = f"<h1>{TITLE}</h1>" + "".join(f"<p>{line}</p>" for line in OTHERS[:3])
    article = aggregator.extract(html(prompts, shown), URL)
    assert "text" not in article.evidence
    assert (article.text or "").startswith(OTHERS[0])


def test_data_that_reads_like_no_story_is_none() -> None:
    topics = [
        "Cost of Living",
        "Travel Guide",
        "Food and Drink",
        "Crime",
        "Football",
        "Politics",
        "Slow Reads",
        "Staying In",
    ]
    prompts = {
        topic: f"<span>Sign up</span> to the weekly {topic} newsletter. The must read guide for all."
        for topic in topics
    }
    article = aggregator.extract(html({"title": TITLE, "sections": prompts}, f"<h1>{TITLE}</h1>"), URL)
    assert "text" not in article.evidence
